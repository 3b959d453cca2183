"""Filtering, sorting and choosing columns of the list of runs, on the real engine."""

from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard.lists.columns import COLUMN_LETTERS, GAP, list_columns
from tests.support.seen_terminal import assert_all_painted

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tests.ui.conftest import Board, Open

    OpenRuns = Callable[..., AbstractAsyncContextManager[Board]]

ECHOES = ("beta", "gamma", "alpha")


async def echo(client: NodionClient, runner: str) -> None:
    for word in ECHOES:
        await client.trigger(runner, TriggerRequest(argv=("echo", word)))


@pytest.fixture
def open_runs(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> "OpenRuns":
    """Opens the dashboard on three finished or running runs, once it lists them."""

    @asynccontextmanager
    async def opened(**options: Any) -> "AsyncIterator[Board]":
        await echo(client, runner_id("Hello"))
        async with open_board(profile, **options) as board:
            await board.until(lambda: board.dashboard.lists.runs.row_count == 3, "the runs")
            yield board

    return opened


def commands(board: "Board") -> list[str]:
    """The last words of the commands, from the top."""
    return [run.argv[-1] for run in board.dashboard.lists.runs.items]


async def test_a_mistake_in_a_filter_is_told_while_it_is_typed(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    await echo(client, runner_id("Hello"))
    async with open_board(profile) as board:
        await board.sees("Runs · All runners · 3")
        await board.press("tab", "/", *"since:xx")
        await board.sees("0 of 3", "at 7: 'xx' is not a time")
        await board.press(*["backspace"] * 8, *"alpha runner:hel", "enter")
        await board.sees("Runs · All runners · 1 of 3")
        assert commands(board) == ["alpha"]


async def test_runs_are_sorted_by_any_column_and_back(open_runs: "OpenRuns") -> None:
    async with open_runs() as board:
        await board.press("tab", "s")
        await board.sees("Sort runs", "Exit code", "Queue time")
        await board.press("c")
        await board.until(lambda: commands(board) == sorted(ECHOES, reverse=True), "by command")
        await board.sees("COMMAND▼")
        current = board.dashboard.current_run
        await board.press("s", "c")
        await board.until(lambda: commands(board) == sorted(ECHOES), "the other way round")
        assert board.dashboard.current_run == current
        await board.sees("COMMAND▲")
        await board.press("s", "n")
        await board.until(lambda: commands(board) == list(reversed(ECHOES)), "the newest first")


async def test_a_click_on_a_heading_sorts(open_runs: "OpenRuns") -> None:
    async with open_runs(size=(160, 36)) as board:
        # What is read later may give the columns other places.
        await board.sees("log complete")
        await assert_all_painted(board.app)
        heading = (
            board.lines[2].index("COMMAND") - board.dashboard.query_one("#runs-header").region.x
        )
        await board.pilot.click("#runs-header", offset=(heading, 0))
        await board.until(lambda: commands(board) == sorted(ECHOES, reverse=True), "by command")


async def test_columns_are_chosen_until_escape(open_runs: "OpenRuns") -> None:
    async with open_runs(size=(160, 36)) as board:
        run = board.dashboard.current_run
        assert run is not None
        await board.press("tab", "C")
        await board.sees("Columns", "Automatic (by width)  on")
        await board.press("i", "b", "escape")
        await board.until(lambda: "ID" in board.lines[2], "the id")
        assert "STARTED" not in board.lines[2]
        assert any(run.id[:8] in line[34:100] for line in board.lines[3:6])
        await board.press("C", "a", "escape")
        await board.until(lambda: "STARTED" in board.lines[2], "as there is room")


async def test_a_column_that_shows_ages_is_found_among_the_columns(open_runs: "OpenRuns") -> None:
    async with open_runs(size=(66, 24)) as board:
        await board.press("tab")
        await board.until(lambda: "AGE" in board.lines[2], "the ages")
        await board.press("C")
        await board.sees("shown as AGE")
        await board.press("i", "escape")
        await board.until(lambda: "STARTED" in board.lines[2], "the chosen columns")


@pytest.mark.parametrize("width", [10, 20, 38, 60, 78, 120, 300])
def test_what_is_chosen_never_takes_more_than_there_is(width: int) -> None:
    fitting = list_columns(width, 30, frozenset(COLUMN_LETTERS))
    assert sum(column.width + GAP for column in fitting) - GAP <= max(width, 20)
    assert fitting[0].name == "status"


@pytest.mark.parametrize("width", range(8, 140, 4))
def test_the_profile_of_a_row_is_shown_where_there_are_several(width: int) -> None:
    columns = list_columns(width, 14, frozenset(), 12)
    names = [column.name for column in columns]
    assert "profile" in names
    assert names[0] == "status"
    assert "profile" not in [column.name for column in list_columns(width, 14)]
    if width >= 40:
        assert sum(column.width + GAP for column in columns) - GAP <= width
    short = next(each for each in list_columns(width, 14, frozenset(), 1) if each.name == "profile")
    assert short.width >= len("PROFILE"), "its heading is never cut"
    assert "profile" in [each.name for each in list_columns(width, 0, frozenset({"id"}), 12)]
