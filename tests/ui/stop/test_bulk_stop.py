"""Stopping marked runs together."""

from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from tests.support.faulty_engine import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Faults, Open


async def test_marked_runs_are_stopped_together_and_each_is_told(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    endless = runner_id("Until stopped")
    runs = [await client.trigger(endless, TriggerRequest()) for _ in range(3)]
    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.until(lambda: board.text.count("● running") >= 3, "three running")
        await board.press("tab", "g", "v", "j", "v")
        await board.sees("2 marked")
        await board.press("X")
        await board.sees("Stop 2 runs?", "2 marked runs")
        await board.press("escape")
        await board.sees("2 marked")
        await board.press("X")
        await board.sees("Stop 2 runs?")
        await board.press("tab", "enter")
        await board.sees("Stopped 2 of 2", "canceled")
        await board.until(lambda: board.text.count("canceled") >= 2, "both confirmed")
        await board.press("escape")
        await board.until(lambda: "marked" not in board.text, "marks gone")
    after = [(await client.get_run(endless, run.id)).status for run in runs]
    assert sorted(after) == ["canceled", "canceled", "running"]


async def test_a_stop_that_fails_is_told_in_its_row_and_can_be_tried_again(
    profile: Profile,
    client: NodionClient,
    faults: "Faults",
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    endless = runner_id("Until stopped")
    good, bad = [await client.trigger(endless, TriggerRequest()) for _ in range(2)]
    faults.by_start[f"POST /runners/{endless}/runs/{bad.id}/stop"] = Fault(status=400)
    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.until(lambda: board.text.count("● running") >= 2, "two running")
        await board.press("tab", "g", "space", "space")
        await board.press("X")
        await board.sees("Stop 2 runs?")
        await board.press("tab", "enter")
        await board.sees("Retry failed", "failed")
        faults.by_start.clear()
        await board.press("shift+tab", "enter")
        await board.sees("1 canceled")
    assert (await client.get_run(endless, bad.id)).status == "canceled"
    assert (await client.get_run(endless, good.id)).status == "canceled"
