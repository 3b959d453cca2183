"""What the detail pane says of the usual and the unusual, on the real engine."""

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest

if TYPE_CHECKING:
    from collections.abc import Callable

    from nodion_tui.monitor.monitor import Monitor
    from tests.ui.conftest import Board, Open

NONE = TriggerRequest()


def monitor_of(board: "Board") -> "Monitor":
    monitor = board.dashboard.monitor
    assert monitor is not None
    return monitor


async def test_failures_with_one_cause_are_one_family(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    for number in (7, 8, 9):
        words = ("sh", "-c", f"echo attempt {number} gave up; exit 4")
        await client.trigger(runner_id("Hello"), TriggerRequest(argv=words))
    await client.trigger(runner_id("Failing"), NONE)
    async with open_board(profile) as board:
        await board.sees("Runs · All runners · 4")
        await board.until(lambda: not monitor_of(board).runs.active, "their ends")
        await board.press("tab", "g")
        await board.sees("log complete", "exit code")
        assert "cause" not in board.text
        await board.press("j")
        await board.sees("cause     exit 4 in 3 runs")
        await board.sees("attempt 9", "log complete")
        await board.press("j")
        await board.sees("attempt 8", "log complete", "cause     same in 2 runs")


async def test_a_command_that_is_usual_tells_when_it_is_likely_over(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    for _ in range(3):
        await client.trigger(runner_id("Hello"), NONE)
    async with open_board(profile) as board:
        await board.sees("✓ succeeded", "log complete")
        await client.trigger(runner_id("Hello"), NONE)
        await board.press("r")
        await board.press("tab", "g")
        await board.sees("median    0:00 (3 runs)")


async def test_a_log_that_falls_silent_is_told(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
) -> None:
    # Twice the gaps that are needed: on a busy machine lines come closer than they were written.
    beat = "for n in 1 2 3 4 5 6 7 8 9 10 11; do echo beat $n; sleep 0.3; done; sleep 60"
    await client.trigger(runner_id("Hello"), TriggerRequest(argv=("sh", "-c", beat)))
    async with open_board(profile) as board:
        await board.until(
            lambda: re.search(r"^│ .* beat 11 +│$", board.text, re.MULTILINE), "the last"
        )
        monitor = monitor_of(board)
        real = monitor.server_now
        monitor.server_now = lambda: real() + timedelta(minutes=7)  # type: ignore[method-assign]  # time passes
        await board.sees("silent", "no output for", "usually ≤ ")
        await board.press("X")
        await board.sees("Stop this run?")
        await board.press("right", "enter")
        await board.sees("⊘ canceled")
        await board.until(lambda: "no output for" not in board.text, "no alarm for what has ended")
