"""A stop that the service does not take: told in the dialog, then in a notice that stays."""

from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from tests.support.faulty_engine import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Faults, Open

NOTICE = "Stop of run"


async def test_it_is_told_until_it_is_decided_or_delivered(
    profile: Profile,
    client: NodionClient,
    faults: "Faults",
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    endless = runner_id("Until stopped")
    run = await client.trigger(endless, TriggerRequest())
    stop = f"POST /runners/{endless}/runs/{run.id}/stop"
    faults.by_start[stop] = Fault(status=400)
    async with open_board(profile) as board:
        await board.select_runner("Until stopped")
        await board.sees("● running")
        await board.press("X")
        await board.sees("Stop this run?")
        await board.press("y")
        await board.sees("Sent, and refused", "Stop again")
        await board.press("escape")
        await board.sees(NOTICE, "Sent, and refused", "press X on it")
        await board.press("X")
        await board.sees("Stop this run?")
        await board.press("escape")
        await board.until(lambda: NOTICE not in board.text, "decided")
        await board.press("X", "y")
        await board.sees("Stop again", NOTICE)
        faults.by_start.clear()
        await board.press("ctrl+j")
        await board.sees("canceled")
        await board.until(lambda: NOTICE not in board.text, "delivered")
