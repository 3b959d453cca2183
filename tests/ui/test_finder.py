"""The palette finds runners, runs, profiles and themes, on the real engine."""

from typing import TYPE_CHECKING

import pytest
from textual.command import CommandList
from textual.widgets import Input

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.commands.palette import PaletteScreen
from nodion_tui.ui.trigger.dialog import TriggerDialog

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Board, Open


async def choose(board: "Board", query: str, hit: str) -> None:
    await board.press("ctrl+p")
    await board.until(lambda: isinstance(board.app.screen, PaletteScreen), "the palette")
    await board.press(*query)
    await board.sees(hit)
    await board.press("enter")
    await board.until(lambda: not isinstance(board.app.screen, PaletteScreen), "its end")


async def test_runners_runs_and_themes_are_found_from_any_mode(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    run = await client.trigger(runner_id("Hello"), TriggerRequest(argv=("echo", "found")))
    await client.trigger(runner_id("Failing"), TriggerRequest())
    async with open_board(profile) as board:
        await board.sees("Runs · All runners · 2")
        await choose(board, "gohel", "Go to Hello")
        await board.sees("Runs · Hello · 1")
        await choose(board, "goall", "Go to All")
        await board.press("2")
        await choose(board, run.id[:8], f"Run {run.id[:8]} of Hello")
        await board.sees("found", f"Run {run.id[:8]}")
        await choose(board, "themelight", "Theme light")
        await board.until(lambda: board.app.theme == "nodion-light", "the theme")
        await choose(board, "change", "Change theme")
        await board.sees("nodion-light     light, current", "nodion-contrast  high contrast")
        await board.press(*"high", "enter")
        await board.until(lambda: board.app.theme == "nodion-contrast", "the other theme")
        await board.press("3")
        await choose(board, "trfai", "Trigger Failing")
        await board.until(lambda: isinstance(board.app.screen, TriggerDialog), "the form")
        await board.sees("Failing")
        await board.press("escape")
        await choose(board, "rehello", "Re-run last of Hello")
        await board.sees("found")


async def test_nothing_is_found_in_the_middle_of_words(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile) as board:
        await board.sees("5 runners")
        titles = {entry.title for _, entry in board.app.on_demand.finder.matching("ello")}
        assert not titles


@pytest.mark.parametrize("size", [(40, 10), (120, 36)])
async def test_where_nothing_matches_the_palette_says_so_in_a_closed_box(
    profile: Profile, open_board: "Open", size: tuple[int, int]
) -> None:
    async with open_board(profile, size) as board:
        await board.sees("up to date")
        await board.press("ctrl+p")
        await board.until(lambda: board.app.screen.query(CommandList), "the list")
        options = board.app.screen.query_one(CommandList)
        await board.until(lambda: options.option_count > 1, "all commands")
        await board.press(*"qqzz")
        await board.until(lambda: all(each.disabled for each in options.options), "an answer")
        await board.sees("No matches found")
        await board.press("q")
        await board.until(lambda: board.app.screen.query_one(Input).value == "qqzzq", "a search")
        rows = board.text.splitlines()
        field = next(y for y, row in enumerate(rows) if "qqzzq" in row)
        left = rows[field].index("│ qqzzq")
        below = [row[left] for row in rows[field + 1 : field + 3]]
        assert below == ["│", "╰"], "whether or not the search is over"


@pytest.mark.parametrize("keys", [("ctrl+p",), ("question_mark", "slash"), ("slash",)], ids=str)
async def test_no_text_cursor_blinks(
    profile: Profile, open_board: "Open", keys: tuple[str, ...]
) -> None:
    async with open_board(profile) as board:
        await board.sees("5 runners")
        await board.press(*keys)
        await board.until(lambda: isinstance(board.app.focused, Input), "a field")
        assert isinstance(board.app.focused, Input)
        assert not board.app.focused.cursor_blink


@pytest.mark.parametrize("keys", [("question_mark", "slash"), ("slash",)], ids=str)
async def test_a_filter_stands_behind_the_key_that_opens_it(
    profile: Profile, open_board: "Open", keys: tuple[str, ...]
) -> None:
    async with open_board(profile) as board:
        await board.sees("5 runners")
        await board.press(*keys, *"stop")
        await board.sees("│/stop ")


@pytest.mark.parametrize("columns", [40, 120])
async def test_what_can_be_typed_is_not_cut(
    profile: Profile, open_board: "Open", columns: int
) -> None:
    async with open_board(profile, (columns, 24)) as board:
        await board.press("ctrl+p")
        await board.sees("command, runner")
        field = board.app.screen.query_one(Input)
        await board.until(lambda: field.placeholder in board.text, "whole placeholder")
