"""A trigger form that is mounted before it is opened is as one that is not, and never reused."""

from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.ui.trigger.dialog import TriggerDialog
from nodion_tui.ui.trigger.spare_form import SpareForm, spare_form

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open

SIZES = [(120, 36), (80, 24), (200, 50)]


async def prepare(board: "Board") -> TriggerDialog:
    """Mount a form, which is for the first runner until it is opened."""
    await board.dashboard.run_actions.prepare_form()
    form = spare_form(board.app)._form
    assert form is not None
    return form


async def open_form(board: "Board", runner: str) -> TriggerDialog:
    await board.select_runner(runner)
    await board.press("t")
    await board.sees(f"Starts {runner}")
    assert isinstance(board.app.screen, TriggerDialog)
    return board.app.screen


@pytest.mark.parametrize("size", SIZES)
async def test_it_looks_as_one_that_is_mounted_when_it_is_opened(
    profile: Profile, open_board: "Open", size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_board(profile, size) as board:
        runners = board.dashboard.lists.runners
        await board.until(lambda: any(each.label == "Hello" for each in runners.items), "runners")
        spare = await prepare(board)
        assert await open_form(board, "Hello") is spare
        looks, focused = board.text, board.app.focused
        await board.press("escape")
        monkeypatch.setattr(SpareForm, "take", lambda *_: None)
        fresh = await open_form(board, "Hello")
        assert fresh is not spare
        assert board.text == looks
        assert focused is not None
        assert board.app.focused is not None
        assert board.app.focused.id == focused.id


async def test_what_was_typed_is_in_no_later_form(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        spare = await prepare(board)
        await open_form(board, "Hello")
        await board.press("right", *"\tabc", "escape")
        await board.sees("discard")
        await board.press("escape")
        await board.until(lambda: spare_form(board.app)._form is not None, "the next one")
        again = await open_form(board, "Hello")
        assert again is not spare
        assert again.draft == TriggerDialog(again._target).draft
        assert not spare.is_attached


async def test_it_starts_a_run_of_the_runner_that_is_selected(
    profile: Profile, open_board: "Open", client: NodionClient
) -> None:
    async with open_board(profile) as board:
        await board.select_runner("Failing")
        await prepare(board)
        form = await open_form(board, "Hello")
        await board.press("ctrl+j")
        await board.sees("Runs · Hello", "default")
        (run,) = (await client.list_runs(form._target.runner.id)).items
        assert run.argv == ()


async def test_in_a_window_of_another_size_it_is_left(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        spare = await prepare(board)
        await board.pilot.resize_terminal(100, 30)
        assert await open_form(board, "Hello") is not spare
        await board.until(lambda: not spare.is_attached, "its removal")


async def test_toasts_below_it_are_seen_once(profile: Profile, open_board: "Open") -> None:
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await prepare(board)
        board.app.notify("Something was said")
        await board.sees("Something was said")
        await open_form(board, "Hello")
        await board.until(lambda: board.text.count("Something was said") == 1, "one toast")
        rack = board.dashboard.query_one("ToastRack")
        await board.until(lambda: not rack.children, "an empty rack")
