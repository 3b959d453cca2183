"""What the dashboard says and offers while there is nothing to show."""

from typing import TYPE_CHECKING

import pytest

from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.ui.dashboard.layout import PaneName

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from nodion_tui.api.client import NodionClient
    from tests.ui.conftest import Open

NEEDS_A_RUN = ("f failure", "d detail", "/ filter", "s sort", "X stop", "c copy id")


@pytest.mark.parametrize("size", [(120, 36), (100, 30)])
async def test_without_a_run_the_log_says_what_to_do_and_the_footer_offers_what_works(
    profile: Profile,
    client: "NodionClient",
    runner_id: "Callable[[str], str]",
    open_board: "Open",
    size: tuple[int, int],
) -> None:
    async with open_board(profile, size) as board:
        await board.sees("No runs yet", "Press t to trigger one; its log appears here.")
        board.dashboard.panes.focus(PaneName.RUNS)
        await board.until(lambda: "/ filter" not in board.lines[-1], "nothing to filter")
        footer = board.lines[-1]
        assert "t trigger" in footer
        assert [hint for hint in NEEDS_A_RUN if hint in footer] == []
        assert "Select a run" not in board.text
        await client.trigger(runner_id("Failing"), TriggerRequest())
        board.ask_for(runner_id("Failing"))
        await board.until(lambda: "f failure" in board.lines[-1], "the failure")
        assert "/ filter" in board.lines[-1]


async def test_without_a_failure_no_mode_offers_to_go_to_one(
    profile: Profile, open_board: "Open"
) -> None:
    async with open_board(profile, (160, 36)) as board:
        await board.sees("No runs yet")
        for key, words in (("2", "Timeline · "), ("3", "Wall"), ("4", "Merged log")):
            await board.press(key)
            await board.sees(words, "? help")
            assert "f failure" not in board.text


@pytest.mark.parametrize("size", [(120, 36), (100, 30), (40, 10)])
async def test_without_a_runner_the_log_says_so(
    tmp_path: "Path", open_board: "Open", size: tuple[int, int]
) -> None:
    settings = EngineSettings(data_dir=tmp_path, runners=())
    async with (
        EngineServer(settings) as server,
        open_board(Profile(name="empty", api_url=server.url, key=server.key), size) as board,
    ):
        await board.until(lambda: board.dashboard.log_slot.pane is not None, "the log")
        if size[0] < 80:
            await board.press("enter", "enter")
        await board.sees("No runners yet", "New ones appear by themselves.")
        assert "t trigger" not in board.text
