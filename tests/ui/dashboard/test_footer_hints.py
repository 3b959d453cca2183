"""The hints of the footer follow focus and state."""

from msgspec.structs import replace

from nodion_tui.model.own_command import OwnCommand
from nodion_tui.ui.commands.command import Command
from nodion_tui.ui.commands.own_declarations import declared
from nodion_tui.ui.dashboard.footer_hints import FILTER_KEYS, FooterState, footer_commands
from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState
from nodion_tui.ui.log.log_hints import LogHints


def hints(panes: PaneState, **state: object) -> dict[str, Command]:
    commands = footer_commands(FooterState(panes=panes, availability={}, **state))  # type: ignore[arg-type]  # test data
    return {command.id: command for command in commands}


RUNS = PaneState(Layout.MEDIUM, PaneName.RUNS)


def test_marked_runs_are_stopped_or_unmarked() -> None:
    shown = hints(RUNS, marked=3, marked_active=2)
    assert shown["run.stop"].footer == "stop 2"
    assert shown["run.rerun"].footer == "re-run 3"
    assert shown["pane.leave"].footer == "unmark all"
    first = ("run.stop", "run.rerun", "pane.leave", "run.trigger")
    ranks = [shown[name].rank for name in first]
    assert ranks == sorted(set(ranks))
    assert not hints(RUNS)["pane.leave"].footer


def test_selected_lines_are_copied_or_left() -> None:
    log = PaneState(Layout.MEDIUM, PaneName.LOG)
    shown = hints(log, log=LogHints(is_selecting=True))
    assert shown["log.copy"].rank < shown["log.leave"].rank < shown["run.trigger"].rank
    assert shown["log.leave"].footer == "unselect"
    assert not hints(log)["log.leave"].footer


def test_a_search_is_walked_narrowed_and_cleared() -> None:
    log = PaneState(Layout.MEDIUM, PaneName.LOG)
    found = LogHints(is_searching=True, has_matches=True)
    shown = hints(log, log=found)
    assert (shown["log.next_match"].footer, shown["log.leave"].footer) == ("match", "clear")
    assert shown["log.next_match"].footer_pair == "log.previous_match"
    assert shown["log.only"].footer == "matches only"
    shown = hints(log, log=replace(found, only_matches=True))
    assert (shown["log.only"].footer, shown["log.leave"].footer) == ("all lines", "")
    shown = hints(log, log=LogHints(is_searching=True))
    assert not shown["log.next_match"].footer
    assert "log.only" not in shown
    assert "log.only" not in hints(log)
    assert "log.leave" not in hints(RUNS, log=found)


def test_a_log_whose_end_is_followed_or_seen_is_not_followed_again() -> None:
    log = PaneState(Layout.MEDIUM, PaneName.LOG)
    assert "log.follow" in hints(log)
    assert "log.follow" not in hints(log, log=LogHints(can_follow=False))


def test_the_log_of_a_failed_run_offers_its_errors_and_a_comparison_first() -> None:
    log = PaneState(Layout.MEDIUM, PaneName.LOG)
    shown = hints(log, log=LogHints(is_failed=True))
    assert shown["log.next_error"].footer == "errors"
    for name in ("log.next_error", "log.compare", "run.acknowledge"):
        assert shown["run.trigger"].rank < shown[name].rank < shown["log.search"].rank
    assert not hints(log)["log.next_error"].footer


def test_nothing_is_offered_for_a_run_that_is_not_on_the_screen() -> None:
    runners = PaneState(Layout.WIDE, PaneName.RUNNERS, zoomed=True)
    assert not {"run.stop", "run.rerun", "run.acknowledge", "list.sort"} & set(hints(runners))
    assert {"run.trigger", "list.filter", "pane.zoom"} <= set(hints(runners))
    assert {"run.stop", "run.rerun"} <= set(hints(PaneState(Layout.WIDE, PaneName.RUNNERS)))


def test_own_commands_come_last() -> None:
    own = declared(OwnCommand(title="Show run", command=("true",), key="L", footer="show"))
    shown = sorted(hints(RUNS, own=[own]).values(), key=lambda command: command.rank)
    assert shown[-1] is own


def test_a_zoomed_pane_says_how_to_leave() -> None:
    assert hints(RUNS.with_zoom_toggled())["pane.zoom"].footer == "unzoom"
    assert hints(RUNS)["pane.zoom"].footer == "zoom"


def test_the_other_lower_pane_is_named() -> None:
    assert hints(RUNS)["pane.detail"].footer == "detail"
    detail = hints(RUNS.with_focus(PaneName.DETAIL))
    assert detail["pane.detail"].footer == "log"
    assert detail["pane.detail"].rank < detail["list.filter"].rank
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
