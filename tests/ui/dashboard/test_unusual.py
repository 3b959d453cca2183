"""What the detail pane says of the usual and the unusual, on the real engine."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.insight.silence import LineGaps
from nodion_tui.monitor.log.session import LogSession

if TYPE_CHECKING:
    from collections.abc import Callable

    from nodion_tui.monitor.monitor import Monitor
    from tests.ui.conftest import Board, Open

NONE = TriggerRequest()


def monitor_of(board: "Board") -> "Monitor":
    monitor = board.dashboard.monitor
    assert monitor is not None
    return monitor


def typical_gap(board: "Board") -> timedelta | None:
    """The typical gap between the lines of the log that is shown."""
    pane = board.dashboard.log_slot.pane
    if pane is None or not isinstance(pane.session, LogSession):
        return None
    gaps = LineGaps()
    gaps.observe(pane.session.buffer.times(pane.session.buffer.first))
    return gaps.typical_gap


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
        await board.sees("cause     exit 4 in 3 runs", "of this runner")
        await board.sees("attempt 9", "log complete")
        await board.press("j")
        await board.sees("attempt 8", "log complete", "cause     same error in 2+")
        await board.press("j")
        await board.sees("attempt 7", "log complete", "cause     same error in 3 ")


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
        await board.until(lambda: board.dashboard.lists.runs.row_count == 4, "the new run")
        await board.press("tab", "g")
        await board.sees("median    00:00 (3 runs)")


async def test_a_log_that_falls_silent_is_told(
    profile: Profile,
    client: NodionClient,
    runner_id: "Callable[[str], str]",
    open_board: "Open",
    tmp_path: Path,
) -> None:
    beat = 'while [ ! -e "$0/enough" ]; do echo beat; sleep 0.3; done; echo the last; sleep 60'
    await client.trigger(runner_id("Hello"), TriggerRequest(argv=("sh", "-c", beat, str(tmp_path))))
    async with open_board(profile) as board:
        # On a busy machine lines come closer than they were written, and fewer gaps count.
        await board.until(lambda: typical_gap(board), "a typical gap")
        (tmp_path / "enough").touch()
        await board.until(
            lambda: re.search(r"^│ .* the last +[│┃]$", board.text, re.MULTILINE), "the last"
        )
        monitor = monitor_of(board)
        real = monitor.server_now
        later = timedelta(minutes=7)
        monitor.server_now = lambda *_: real() + later  # type: ignore[method-assign]  # time passes
        await board.sees("silent", "no output for", "usually ≤ ")
        await board.press("X")
        await board.sees("Stop this run?")
        await board.press("right", "enter")
        await board.sees("⊘ canceled")
        await board.until(lambda: "no output for" not in board.text, "no alarm for what has ended")
