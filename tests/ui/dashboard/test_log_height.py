"""A short log leaves rows to the lists, once a person rests, and nothing jumps."""

import re
from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard import log_height
from nodion_tui.ui.dashboard.layout import PaneName
from tests.support.keys import handled
from tests.support.seen_terminal import SeenDriver, screen_lines

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Board, Open

NONE = TriggerRequest()


def log_row(lines: "list[str]") -> int:
    """The row of the screen where the log begins."""
    return next(y for y, line in enumerate(lines) if line.startswith("╭ Log"))


def height(board: "Board") -> int:
    return board.dashboard.panes.log_rows


def share_of(board: "Board") -> int:
    return board.dashboard.panes.log_share_rows


async def start(client: NodionClient, runner_id: "Callable[[str], str]", *names: str) -> None:
    for name in names:
        await client.trigger(runner_id(name), NONE)


async def ended(board: "Board", listed: int, final: int) -> None:
    """Wait until as many runs are listed, and so many of them have ended."""
    runs = board.dashboard.lists.runs

    def have_ended() -> bool:
        return len(runs.items) >= listed and sum(run.is_final for run in runs.items) >= final

    await board.until(have_ended, "the ends")


async def select(board: "Board", runner: str, runner_id: "Callable[[str], str]") -> None:
    """Put the cursor on the run of a runner, in the list of all runs."""
    runs = board.dashboard.lists.runs
    wanted = runner_id(runner)
    runs.move_to(next(i for i, run in enumerate(runs.items) if run.runner_id == wanted))
    await handled(board.pilot)


async def test_a_short_log_leaves_its_rows_in_one_frame(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await start(client, runner_id, "Hello", "Chatty")
    async with open_board(profile) as board:
        await ended(board, 2, 2)
        await select(board, "Chatty", runner_id)
        await board.until(
            lambda: "2,001 lines" in board.text and height(board) == share_of(board), "share"
        )
        frames: list[list[str]] = []
        write = SeenDriver.write

        def note(driver: SeenDriver, data: str) -> None:
            write(driver, data)
            frames.append(screen_lines(board.app))

        monkeypatch.setattr(SeenDriver, "write", note)
        await select(board, "Hello", runner_id)
        await board.until(lambda: height(board) < share_of(board), "fewer rows")
        await handled(board.pilot)
        monkeypatch.undo()
        before, after = log_row(frames[0]), log_row(board.lines)
        assert after > before
        assert {log_row(lines) for lines in frames} == {before, after}
        moved = next(lines for lines in frames if log_row(lines) == after)
        lists = [re.sub(r"\d", "0", text) for text in moved[2:after]]
        assert lists == [re.sub(r"\d", "0", text) for text in board.lines[2:after]], "whole lists"
        text = "\n".join(board.lines[after:])
        assert all(word in text for word in ("Executing", " one", " two", " three", "complete"))


async def test_a_log_that_needs_more_grows_after_a_rest_and_at_once_with_the_focus(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await start(client, runner_id, "Hello", "Chatty")
    async with open_board(profile) as board:
        await ended(board, 2, 2)
        await select(board, "Hello", runner_id)
        await board.until(lambda: height(board) < share_of(board), "fewer rows")
        fitted = height(board)
        await select(board, "Chatty", runner_id)
        assert height(board) == fitted, "while the cursor moves"
        await board.until(lambda: height(board) == share_of(board), "the share again")
        await select(board, "Hello", runner_id)
        await board.until(lambda: height(board) == fitted, "fewer rows, after a longer look")
        monkeypatch.setattr(log_height, "REST_SECONDS", 3_600.0)
        await select(board, "Chatty", runner_id)
        board.dashboard.panes.focus(PaneName.LOG)
        await board.until(lambda: height(board) == share_of(board), "the share, with the focus")


async def test_the_log_of_a_run_that_goes_on_or_ends_under_the_cursor_keeps_its_share(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    await start(client, runner_id, "Hello")
    async with open_board(profile) as board:
        await ended(board, 1, 1)
        await board.until(lambda: height(board) < share_of(board), "fewer rows")
        run = await client.trigger(runner_id("Hello"), TriggerRequest(command="sleep 2"))
        board.ask_for(run.runner_id)
        await ended(board, 2, 1)
        board.dashboard.show_run(run)
        await board.until(lambda: height(board) == share_of(board), "the share")
        await ended(board, 2, 2)
        await board.sees("log complete")
        board.dashboard.tick()
        await handled(board.pilot)
        assert height(board) == share_of(board)


@pytest.mark.parametrize(("size", "least"), [((100, 30), 3), ((80, 24), 3)])
async def test_between_80_and_119_columns_the_runs_get_the_rows(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
    size: tuple[int, int],
    least: int,
) -> None:
    await start(client, runner_id, *["Hello"] * 14)
    async with open_board(profile, size) as board:
        await ended(board, 14, 14)
        await board.until(lambda: board.dashboard.log_slot.pane is not None, "the log")
        share = board.dashboard.panes.log_share_rows
        await board.until(lambda: height(board) <= share - least, "fewer rows")
        await board.press("d")
        await board.until(lambda: "╭─ Run " in board.text, "the detail")
        await board.press("d")
        await board.until(lambda: "╭ Log" in board.text, "the log again")


async def test_a_list_at_its_end_does_not_move(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    await start(client, runner_id, *["Hello"] * 14)
    async with open_board(profile, (100, 30)) as board:
        await ended(board, 14, 14)
        board.dashboard.panes.focus(PaneName.RUNS)
        board.dashboard.panes.set_log_share(60)
        await board.press("G")
        runs = board.dashboard.lists.runs
        top = runs.scroll_offset.y
        assert top
        await board.sees("log complete")
        log_height = board.dashboard.log_slot._height
        assert log_height is not None
        await board.until(lambda: log_height._timer is None, "the rest")
        await handled(board.pilot)
        assert runs.scroll_offset.y == top


async def test_the_share_is_kept_where_the_setting_says_so(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    await start(client, runner_id, "Hello")
    async with open_board(profile, fits_log=False) as board:
        await board.sees("log complete")
        assert board.dashboard.log_slot._height is None
