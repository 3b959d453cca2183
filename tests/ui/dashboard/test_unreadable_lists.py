"""What is said of run lists that cannot be read while others can."""

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from tests.support.faulty_engine import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.ui.conftest import Faults, Open

JSON = {"Content-Type": "application/json"}
SLEEP = TriggerRequest(command="sleep 60")
FAULTS = {
    "403": Fault(status=403, headers=JSON, body=b'{"error":"scope"}'),
    "400": Fault(status=400, headers=JSON, body=b'{"error":"bad thing"}'),
    "404": Fault(status=404, headers=JSON, body=b'{"error":"gone"}'),
    "unexpected response": Fault(
        status=200, headers={"Content-Type": "text/html"}, body=b"<html>login</html>"
    ),
}


@pytest.mark.parametrize("reason", FAULTS)
async def test_a_list_that_fails_later_is_told_marked_and_no_longer_ticks(
    reason: str,
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    faults: "Faults",
    open_board: "Open",
) -> None:
    failing = runner_id("Hello")
    run = await client.trigger(failing, SLEEP)
    async with open_board(profile) as board:
        await board.select_runner("Hello")
        await board.sees("up to date", "● running")
        faults.by_start[f"GET /runners/{failing}/runs"] = FAULTS[reason]
        await board.press("r")
        await board.sees("lists cannot be read", "! Hello", "Runs of Hello:", "checked since")
        monitor = board.app.watcher.monitor
        assert monitor is not None
        assert (
            f"○ 1 of {len(monitor.runs.runners)} lists cannot be read: {reason}" in board.lines[0]
        )
        known = monitor.runs.run(RunKey(failing, run.id))
        assert known is not None
        until = monitor.known_until(known.runner_id)
        assert until < monitor.server_now()
        faults.by_start.clear()
        await board.press("r")
        await board.until(lambda: "! Hello" not in board.text and "up to date" in board.text, "ok")
        await board.until(lambda: "checked since" not in board.text, "the detail")


async def test_a_list_that_never_could_be_read_says_why_instead_of_loading(
    profile: Profile, runner_id: "Callable[[str], str]", faults: "Faults", open_board: "Open"
) -> None:
    faults.by_start[f"GET /runners/{runner_id('Hello')}/runs"] = FAULTS["403"]
    async with open_board(profile, (80, 24)) as board:
        await board.sees("cannot be read: 403")
        board.dashboard.lists.runners.select(runner_id("Hello"))
        await board.sees("The run list cannot be read:", "Permission denied")
        assert "Loading" not in board.text


async def test_r_asks_for_what_is_on_the_screen_even_while_polling_is_paused(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    faults: "Faults",
    open_board: "Open",
) -> None:
    async with open_board(profile) as board:
        await board.sees("up to date")
        monitor = board.app.watcher.monitor
        assert monitor is not None
        monitor.poller.pause()
        await board.sees("○ paused")
        await client.trigger(runner_id("Hello"), TriggerRequest())
        faults.by_start[f"GET /runners/{runner_id('Hello')}/runs"] = Fault(delay=1.0)
        await board.press("r")
        await board.sees("◉ asking ", " list")
        await board.until(lambda: bool(board.dashboard.lists.runs.row_count), "the run")
        await board.sees("○ paused")


async def test_a_sum_is_a_lower_bound_while_a_list_has_not_been_read(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    faults: "Faults",
    open_board: "Open",
) -> None:
    await client.trigger(runner_id("Failing"), TriggerRequest())
    hello = f"GET /runners/{runner_id('Hello')}/runs"
    faults.by_start[hello] = FAULTS["400"]
    async with open_board(profile, (140, 36)) as board:
        await board.sees("cannot be read: 400", "✗ 1+ failed today")
        faults.by_start.clear()
        await board.press("r")
        await board.sees("up to date", "✗ 1 failed today")


async def test_a_run_dated_in_the_future_is_said_to_be(
    profile: Profile, runner_id: "Callable[[str], str]", faults: "Faults", open_board: "Open"
) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=7, seconds=30)).isoformat()
    run = {"id": "ahead", "status": "running", "created_at": ahead, "started_at": ahead}
    body = json.dumps({"runs": [run]}).encode()
    faults.by_start[f"GET /runners/{runner_id('Hello')}/runs"] = Fault(
        status=200, headers=JSON, body=body
    )
    async with open_board(profile) as board:
        await board.sees("Clocks disagree: the newest run is dated 7 min in the future", "+7m")
