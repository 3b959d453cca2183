"""What a person has chosen to see on the timeline."""

from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.monitor.timeline.time_axis import TimeWindow
from nodion_tui.ui.timeline.bar_keys import BarKeys
from nodion_tui.ui.timeline.model import TimelineModel
from nodion_tui.ui.timeline.timeline_options import MIN_PLOT_ROWS, PLOT_ROWS, TimelineOptions


class Chosen:
    """Options, and how often they have changed."""

    def __init__(self) -> None:
        self.changes = 0
        self.model = TimelineModel(lambda _: ())
        self.refused: list[str] = []
        self.options = TimelineOptions(self.model, self._changed, self.refused.append)

    def _changed(self) -> None:
        self.changes += 1


def test_windows_from_the_shortest_to_the_longest_and_no_further() -> None:
    chosen = Chosen()
    options = chosen.options
    seen = []
    for _ in range(5):
        options.action_shorter()
    while options.can_lengthen(1):
        seen.append(options.window)
        options.action_longer()
    seen.append(options.window)
    assert seen == list(TimeWindow)
    changes = chosen.changes
    options.action_longer()
    assert (options.window, chosen.changes) == (seen[-1], changes)
    assert options.can_lengthen(-1)
    assert options.title == "1 h 6 h 24 h [7 d]"


def test_the_plot_is_shown_where_it_fits_until_one_chooses() -> None:
    chosen = Chosen()
    options = chosen.options
    shown = []
    for rows in (PLOT_ROWS - 1, PLOT_ROWS):
        options.screen_rows = rows
        shown.append(options.plot_shown)
    assert shown == [False, True]
    for rows in (2 * PLOT_ROWS, MIN_PLOT_ROWS):
        options.action_toggle_plot()
        options.screen_rows = rows
        shown.append(options.plot_shown)
    assert shown == [False, True, False, True]
    assert chosen.changes == 2


def test_a_window_too_low_for_the_plot_keeps_its_runners_and_says_why() -> None:
    chosen = Chosen()
    options = chosen.options
    options.screen_rows = MIN_PLOT_ROWS - 1
    options.action_toggle_plot()
    assert chosen.refused == ["The plot needs 18 rows."]
    shown = [options.plot_shown]
    options.screen_rows = MIN_PLOT_ROWS
    options.action_toggle_plot()
    shown.append(options.plot_shown)
    options.screen_rows = MIN_PLOT_ROWS - 1
    assert [*shown, options.plot_shown] == [False, True, False]


def test_window_and_idle_runners_are_restored() -> None:
    first, second = Chosen(), Chosen()
    first.options.action_longer()
    first.options.action_toggle_idle()
    assert not first.model.idle_shown
    second.options.restore_state(first.options.updated_state(UiState()))
    assert second.options.window is first.options.window
    assert not second.model.idle_shown
    second.options.action_toggle_idle()
    assert second.model.idle_shown


def test_an_unknown_window_is_ignored() -> None:
    chosen = Chosen()
    chosen.options.restore_state(UiState().with_choice("timeline.window", "3 years"))
    assert chosen.options.window is TimeWindow.SIX_HOURS
    assert chosen.model.idle_shown


def test_keys_go_from_run_to_run_and_to_the_ends() -> None:
    bars, at = range(500), [250]

    def move_by(step: int) -> None:
        at.append(min(max(at[-1] + step, bars[0]), bars[-1]))

    keys = BarKeys(move_by)
    keys.action_bar_left()
    keys.action_bar_right()
    keys.action_bar_first()
    keys.action_bar_last()
    assert at[1:] == [249, 250, 0, 499]
