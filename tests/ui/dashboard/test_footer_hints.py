"""The hints of the footer follow focus and state."""

from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.dashboard.footer_hints import FILTER_KEYS, FooterState, footer_commands
from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState


def hints(panes: PaneState, **state: object) -> dict[str, Command]:
    commands = footer_commands(FooterState(panes=panes, availability={}, **state))  # type: ignore[arg-type]  # test data
    return {command.id: command for command in commands}


RUNS = PaneState(Layout.MEDIUM, PaneName.RUNS)


def test_marked_runs_are_stopped_or_unmarked() -> None:
    shown = hints(RUNS, marked=2)
    assert shown["run.stop"].footer == "stop 2 marked"
    assert shown["pane.leave"].footer == "unmark all"
    assert shown["run.stop"].rank < shown["pane.leave"].rank < shown["run.trigger"].rank
    assert not hints(RUNS)["pane.leave"].footer


def test_selected_lines_are_copied_or_left() -> None:
    log = PaneState(Layout.MEDIUM, PaneName.LOG)
    shown = hints(log, is_selecting=True)
    assert shown["log.copy"].rank < shown["log.leave"].rank < shown["run.trigger"].rank
    assert shown["log.leave"].footer == "unselect"
    assert not hints(log)["log.leave"].footer


def test_a_zoomed_pane_says_how_to_leave() -> None:
    assert hints(RUNS.with_zoom_toggled())["pane.zoom"].footer == "unzoom"
    assert hints(RUNS)["pane.zoom"].footer == "zoom"


def test_the_other_lower_pane_is_named() -> None:
    assert hints(RUNS)["pane.detail"].footer == "detail"
    assert hints(RUNS.with_focus(PaneName.DETAIL))["pane.detail"].footer == "log"
    assert "pane.detail" not in hints(PaneState(Layout.WIDE, PaneName.DETAIL))


def test_a_rejected_key_asks_for_another_profile_first() -> None:
    shown = hints(RUNS, key_action="read key")
    assert min(shown.values(), key=lambda command: command.rank).id == "app.profiles"
    assert shown["run.refresh"].footer == "read key"


def test_where_there_is_no_run_nothing_is_offered_that_needs_one() -> None:
    shown = hints(RUNS, has_run=False, has_rows=False, has_failure=False)
    assert not {"app.next_failure", "pane.detail", "list.filter", "list.sort"} & set(shown)
    assert {"run.trigger", "app.help", "pane.next"} <= set(shown)
    detail = RUNS.with_focus(PaneName.DETAIL)
    assert hints(detail, has_run=False)["pane.detail"].footer == "log", "the way back"
    log = hints(RUNS.with_focus(PaneName.LOG), has_run=False)
    assert not [command for command in log.values() if command.scope == "log"]
    assert [c for c in hints(RUNS.with_focus(PaneName.LOG)).values() if c.scope == "log"]


def test_a_filter_can_be_cleared() -> None:
    assert hints(RUNS, is_filtered=True)["pane.leave"].footer == "clear filter"


def test_while_a_filter_is_typed_only_the_keys_of_its_line_are_named() -> None:
    shown = hints(RUNS, typed=FILTER_KEYS, is_filtered=True, marked=2)
    assert [command.footer for command in shown.values()] == [
        "keep filter",
        "clear filter",
        "complete",
        "palette",
    ]
