"""A run that is ended by its runner's time-out, on the real engine."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.trigger import TriggerRequest

if TYPE_CHECKING:
    from tests.ui.conftest import Open


@pytest.fixture
def engine_settings(tmp_path: Path) -> EngineSettings:
    endless = RunnerSpec(
        name="Endless", image_name="test/x", run_command="echo on; sleep 60", timeout_seconds=1
    )
    return EngineSettings(data_dir=tmp_path / "engine", runners=(endless,), stop_seconds=0.5)


async def test_a_time_out_is_told_in_list_detail_log_and_notification(
    profile: Profile, client: NodionClient, open_board: "Open"
) -> None:
    async with open_board(profile, (180, 40), rules=[NotifyRule()]) as board:
        await board.sees("Endless", "up to date")
        (runner,) = (await client.list_runners()).items
        await client.trigger(runner.id, TriggerRequest())
        await board.press("r")
        await board.sees("times out")
        await board.sees("Endless timed out after 1 s")
        # The notification may stand over the first lines of the detail.
        await board.press("backspace")
        await board.sees("✗ timed out  ", "✗ timed out after 1 s")
        await board.sees("failed, timed out after 1 s, 00:01, log complete")
