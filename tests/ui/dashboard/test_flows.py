"""The flows of the main job, by keys, on the real engine."""

import re
from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard.layout import PaneName
from tests.support.brief_stops import shorten_stops

if TYPE_CHECKING:
    from tests.ui.conftest import Open, Start


async def test_runners_runs_detail_and_log(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile) as board:
        await board.sees("5 runners", "All runners", "Failing", "Hello")
        await board.sees("✓ succeeded", "(default) sh -c", "exit code 0", "image", "test/hello")
        await board.sees(" one", " two", " three", "log complete")
        assert re.search(r"◉ up to date +\d\d:\d\d$", board.lines[0])


async def test_the_cursor_chooses_detail_and_log(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    for argv in (("echo", "first words"), ("echo", "second words")):
        await start("Hello", TriggerRequest(argv=argv))
    async with open_board(profile) as board:
        await board.sees("2   second words")
        await board.press("tab")
        await board.until(lambda: board.dashboard.lists.runs.row_count == 2)
        await board.press("j")
        await board.sees("argv      1   echo", "2   first words", " first words")
        await board.press("k")
        await board.sees("2   second words")


async def test_the_longest_name_in_the_detail_stands_apart_from_its_value(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello", TriggerRequest(argv=("x",), entrypoint="echo"))
    async with open_board(profile) as board:
        await board.sees("entrypoint echo", "status     ✓ succeeded")


async def test_a_running_log_arrives_line_by_line_and_the_time_ticks(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Until stopped")
    async with open_board(profile) as board:
        await board.sees("● running", " ready", " tick", "● 1 running", "following")
        assert board.dashboard.log_slot.pane is not None
        session = board.dashboard.log_slot.pane.session
        assert session is not None
        before = session.buffer.lines
        await board.until(lambda: session.buffer.lines > before + 3, "more lines")
        await board.until(lambda: re.search(r"● running +now +00:0[2-9]", board.text), "the time")


async def test_trigger_selects_the_new_run_and_follows_it(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await board.sees("No runs so far.")
        await board.press("t")
        await board.sees("Trigger a run")
        await board.press("ctrl+j")
        await board.sees("✓ succeeded", " three", "log complete")
        run = board.dashboard.current_run
        assert run is not None
        assert run.is_default


async def test_re_run_opens_the_form_filled(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello", TriggerRequest(argv=("echo", "again please")))
    async with open_board(profile) as board:
        await board.sees("2   again please", "log complete")
        await board.press("R")
        await board.sees("Re-run with edits", "again please")
        await board.press("ctrl+j")
        await board.until(lambda: len(board.dashboard.lists.runs.items) == 2, "the second run")


async def test_stop_asks_and_then_shows_what_the_service_says(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Until stopped")
    async with open_board(profile) as board:
        await board.sees("● running", "tick")
        await board.press("X")
        await board.sees("Stop this run?", "Until stopped")
        await board.press("escape")
        await board.until(lambda: "Stop this run?" not in board.text)
        await board.sees("● running")
        await board.press("X")
        await board.sees("Stop this run?")
        await board.press("right", "enter")
        await board.sees("⊘ canceled")


async def test_late_lines_of_a_stopped_run_are_shown_before_its_log_is_called_complete(
    profile: Profile,
    client: NodionClient,
    start: "Start",
    open_board: "Open",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shorten_stops(monkeypatch)
    command = (
        "trap 'sleep 0.1; echo last-$((6 * 7)); exit' TERM; echo up; while :; do sleep 0.02; done"
    )
    run = await start("Hello", TriggerRequest(command=command))
    async with open_board(profile) as board:
        await board.sees("● running", "up")
        await client.stop(*run.key)
        await board.sees("⊘ canceled", "last-42")
        await board.sees("log complete")
        assert board.text.index("last-42") < board.text.index("log complete")


async def test_a_run_that_has_ended_cannot_be_stopped(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile) as board:
        await board.sees("✓ succeeded")
        await board.press("X")
        await board.sees("This run has already ended: succeeded.")


async def test_filter_narrows_and_escape_clears(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    await start("Failing")
    async with open_board(profile) as board:
        await board.sees("✓ succeeded", "✗ failed")
        await board.press("tab", "/")
        await board.press(*"status:failed")
        await board.until(lambda: board.dashboard.lists.runs.row_count == 1)
        await board.press("enter")
        await board.sees("1 found · /stat")
        assert board.dashboard.lists.runs.has_focus
        await board.press("escape")
        await board.until(lambda: board.dashboard.lists.runs.row_count == 2)
        await board.press("shift+tab", "/")
        await board.press(*"fail", "enter")
        await board.sees("1 found · /fail")
        assert board.dashboard.lists.runners.row_count == 2


async def test_runners_are_found_by_what_their_runs_are_like(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    def labels() -> list[str]:
        return [runner.label for runner in board.dashboard.lists.runners.items]

    await start("Hello")
    async with open_board(profile) as board:
        await board.sees("✓ succeeded")
        await board.press("/", *"status:failed", "enter")
        await board.sees("0 found · /stat")
        await start("Failing")
        await board.press("r")
        await board.until(lambda: labels() == ["All runners", "Failing"], "the runner that fails")
        await board.sees("1 found · /stat")


async def test_help_and_palette_come_from_the_declarations(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile, size=(120, 200)) as board:
        await board.sees("Hello")
        await board.press("?")
        await board.sees("Trigger a run", "Stop the run", "Zoom pane")
        await board.press("escape")
        await board.until(lambda: board.app.screen is board.dashboard)
        await board.press(":")
        await board.press(*"zoom")
        await board.sees("Zoom pane  z")
        await board.press("enter")
        await board.until(lambda: board.dashboard.panes.state.zoomed, "the zoom")


async def test_zoom_and_back(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile) as board:
        await board.sees("Hello", "╭ Log")
        await board.press("tab", "z")
        assert "Log" not in board.text
        await board.press("escape")
        await board.sees("╭ Log")


async def test_a_zoomed_log_names_its_runner_though_it_has_ended(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile) as board:
        await board.sees("✓ succeeded", "log complete")
        assert "✓ succeeded · Hello" not in board.text
        await board.press("enter", "enter", "z")
        await board.sees("[zoomed]", "✓ succeeded · Hello")
        await board.press("z")
        await board.sees("╭─ Runs")
        assert "✓ succeeded · Hello" not in board.text


async def test_copy_id_says_what_was_sent(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    run = await start("Hello")
    async with open_board(profile) as board:
        await board.sees("✓ succeeded")
        await board.press("c")
        assert board.app.clipboard == run.id
        await board.sees("Sent the run's id")


async def test_brackets_switch_runners(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile, size=(80, 24)) as board:
        await board.sees("Runs · All runners")
        await board.until(lambda: board.dashboard.lists.runners.row_count == 6)
        await board.press("]")
        await board.sees("Runs · Chatty", "1 of 5")
        await board.press("]", "[")
        await board.sees("Runs · Chatty")


async def test_a_narrow_screen_shows_one_pane_at_a_time(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile, size=(40, 10)) as board:
        await board.sees("Runners", "All runners", "Hello")
        await board.press("enter")
        await board.sees("Runs · All runners", "✓ succeeded")
        assert "─ Runners" not in board.text
        await board.press("enter")
        await board.sees(" three")
        assert board.dashboard.panes.state.focused is PaneName.LOG
        await board.press("escape")
        await board.sees("✓ succeeded")
        await board.press("escape")
        await board.sees("─ Runners")


async def test_resizing_keeps_the_focus_on_the_screen(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile) as board:
        await board.sees("Hello")
        for size in ((80, 24), (40, 10), (1, 1), (200, 50), (79, 24), (120, 19), (120, 36)):
            await board.pilot.resize_terminal(*size)
            await board.pilot.pause()
            focused = board.app.focused
            assert focused is not None
            assert board.dashboard.panes.state.focused in board.dashboard.panes.state.panes
        await board.sees("─ Runners", "Runs · All runners", "╭ Log")


async def test_a_trigger_among_all_runners_asks_which_runner(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        await board.sees("No runs so far")
        await board.press("t")
        await board.sees("Trigger which runner?", "4  Hello")
        await board.press("4")
        await board.sees("Trigger a run", "test/hello")
        await board.press("ctrl+j")
        await board.sees("✓ succeeded", "three")


async def test_a_log_that_stands_alone_says_whose_it_is_and_how_its_run_ended(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile) as board:
        await board.sees("log complete")
        assert "Hello · 00:0" not in board.text
        await board.press("tab", "tab", "tab", "z")
        await board.sees("╭ Log · ", "✓ succeeded · Hello · 00:0")
        await board.press("g", "j")
        await board.sees("╰ line 2 ")
        await board.press("y")
        await board.sees("c  Command          echo one; echo two; echo three")


async def test_runners_are_a_drawer_beside_the_runs_of_a_medium_screen(
    profile: Profile, start: "Start", open_board: "Open"
) -> None:
    await start("Hello")
    async with open_board(profile, (80, 24)) as board:
        await board.sees("Runs · All runners", " three")
        assert "╭─ Runners" not in board.text
        await board.press("escape")
        await board.sees("╭─ Runners", "– Failing", "╭─ Runs · All runners", " three")
        await board.press("j", "j", "j", "enter")
        await board.sees("╭─ Runs · Failing", "No runs so far.")
        assert "╭─ Runners" not in board.text, "a runner that never ran is reached"
