"""Views and pins on the dashboard: saved, used by number, renamed, deleted, kept for a profile."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.storage.ui_state import ListState, UiState, UiStateFile
from nodion_tui.monitor.storage.views import View, ViewFile
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.session.saved_state import SavedState

if TYPE_CHECKING:
    from tests.ui.conftest import Board, Open


def names(board: "Board") -> list[str]:
    return [runner.label for runner in board.dashboard.lists.runners.items]


async def test_a_view_is_saved_used_renamed_and_deleted(
    profile: Profile,
    client: NodionClient,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    file = ViewFile(tmp_path)
    for name in ("Hello", "Failing"):
        await client.trigger(runner_id(name), TriggerRequest())
    async with open_board(profile, views=lambda: file) as board:
        await board.sees("✗ failed", "✓ succeeded")
        await board.press("V")
        await board.sees("Views of test", "None so far")
        await board.press("escape", "tab", "/", *"status:failed", "enter")
        board.dashboard.lists.order.sort_by("time")
        await board.press("V", "enter")
        await board.sees("Save as a view", "/status:failed · by time")
        await board.press(*"failing", "enter")
        await board.sees("View saved: failing")
        await board.until(lambda: file.for_profile("test").views)
        board.dashboard.lists.filters.clear(PaneName.RUNS)
        board.dashboard.lists.order.restore(ListState(sort="created"))
        await board.press("2")
        await board.until(lambda: board.app.current_mode == "timeline")
        await board.press("V", "1")
        await board.until(lambda: board.app.current_mode == "dashboard")
        await board.sees("1 found · /status:failed")
        assert board.dashboard.lists.order.sort == "time"
        await board.press("V", "tab", "tab", "tab", "enter")
        await board.sees("Rename failing")
        await board.press("ctrl+u", *"broken", "ctrl+j")
        await board.until(lambda: file.for_profile("test").named("broken"))
        await board.sees("1  broken")
        await board.press("tab", "tab", "tab", "tab", "enter")
        await board.sees("Delete for good?")
        await board.press("enter")
        await board.until(lambda: not file.for_profile("test").views)


async def test_a_view_of_the_command_line_is_shown_first_and_its_mistake_is_told(
    profile: Profile, open_board: "Open", tmp_path: Path
) -> None:
    file = ViewFile(tmp_path)
    file.save(
        View(profile="test", name="day", filter="since:never", mode="timeline", window="24 h")
    )
    async with open_board(profile, views=lambda: file, view="DAY") as board:
        await board.until(lambda: board.app.current_mode == "timeline")
        await board.sees("views.toml: view day: filter")
        await board.sees("[24 h]")
    async with open_board(profile, views=lambda: file, view="absent") as board:
        await board.sees("There is no view absent of test")


async def test_columns_order_and_pins_belong_to_a_profile(
    profile: Profile, open_board: "Open", tmp_path: Path
) -> None:
    def memory() -> SavedState:
        return SavedState(UiStateFile(tmp_path))

    async with open_board(profile, memory=memory()) as board:
        await board.sees("5 runners")
        await board.select_runner("Hello")
        await board.press("*")
        assert names(board)[:3] == ["All runners", "Hello", "Chatty"]
        await board.sees("*Hello")
        board.dashboard.lists.order.sort_by("exit")
        await board.press("2")
        await board.until(lambda: board.app.current_mode == "timeline")
        timeline = board.app.screen
        await board.until(
            lambda: board.text.index("Hello") < board.text.index("Chatty"), "Hello is first"
        )
        await board.press("down", "*")
        await board.until(lambda: timeline.is_current)
        await board.press("1")
        assert names(board)[1:3] == ["Chatty", "Hello"]
    async with open_board(replace(profile, name="other"), memory=memory()) as board:
        await board.sees("5 runners")
        assert names(board)[1:3] == ["Chatty", "Environment"]
        assert board.dashboard.lists.order.sort == "created"
    async with open_board(profile, memory=memory()) as board:
        await board.sees("5 runners")
        assert board.dashboard.lists.order.sort == "exit"
        assert {*names(board)[1:3]} == {"Chatty", "Hello"}


@pytest.mark.parametrize("before", [UiState(), UiState(lists={"runs": ListState(sort="exit")})])
async def test_the_order_of_a_state_without_profiles_is_used_once(
    before: UiState, profile: Profile, open_board: "Open", tmp_path: Path
) -> None:
    file = UiStateFile(tmp_path)
    file.save(replace(before, mode="dashboard", sizes={"log": 12}))
    async with open_board(profile, memory=SavedState(UiStateFile(tmp_path))) as board:
        await board.sees("5 runners")
        expected = before.lists["runs"].sort if before.lists else "created"
        assert board.dashboard.lists.order.sort == expected
