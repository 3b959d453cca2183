"""The past of the demo: runs that were never executed, with the lines that their jobs print.

Nothing in it is left to chance: from the same moment it is the same history, down to the ids.
"""

import random
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from nodion_tui.local.demo.shop_runners import SHOP_RUNNERS, ShopRunner
from nodion_tui.local.demo_jobs.shop import Step, plan
from nodion_tui.local.payloads import LogBlock, new_line_id_prefix
from nodion_tui.local.storage.run_row import FinishedRun, RunRow

SIMULATED = "demo: simulated run, nothing was executed"
"""First line of each log; the second is the one that the engine writes for a real run."""
_HEAD: Sequence[Step] = ((0.0, SIMULATED), (0.0, "========> Executing command"))


class _Slot(NamedTuple):
    """A time at which a runner was triggered."""

    at: int
    """Milliseconds since 1970."""
    runner: ShopRunner
    back: int
    """Number of later runs of the runner."""
    rng: random.Random
    """Random source of the run: its seed is the runner and `back`."""


def demo_history(now: int) -> Iterator[FinishedRun]:
    """Yield finished runs with their logs, oldest first, numbered from 1.

    Args:
        now: milliseconds since 1970; all runs have ended by then.
    """
    slots = sorted(
        (slot for runner in SHOP_RUNNERS for slot in _slots(runner, now)),
        key=lambda slot: (slot.at, slot.runner.name),
    )
    runs = (_run(number, slot) for number, slot in enumerate(slots, 1))
    return (run for run in runs if run.row.updated_at < now)


def _slots(runner: ShopRunner, now: int) -> Iterator[_Slot]:
    """Yield the times of a runner, newest first."""
    schedule = runner.schedule
    end = datetime.fromtimestamp(now / 1000).astimezone() - timedelta(hours=schedule.silent_hours)
    start = end - timedelta(hours=schedule.hours_back - schedule.silent_hours)
    interval = timedelta(minutes=schedule.every_minutes)
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight + timedelta(minutes=schedule.minute)
    last = (end - first) // interval
    times = (first + interval * number for number in range(last, -1, -1))
    for back, at in enumerate(time for time in times if time >= start):
        rng = random.Random(f"{runner.name} {back}")  # noqa: S311 nothing is secret
        yield _Slot(int(at.timestamp() * 1000) + rng.randrange(900), runner, back, rng)


def _run(number: int, slot: _Slot) -> FinishedRun:
    """Make the run of a slot."""
    runner, schedule, rng = slot.runner, slot.runner.schedule, slot.rng
    steps, exit_code = plan(
        runner.job, rng, schedule.failures.get(slot.back, ""), schedule.paces.get(slot.back, 1.0)
    )
    started_at = slot.at + rng.randrange(150, 900)
    blocks = list(_blocks([*_HEAD, *steps], started_at))
    ended_at = blocks[-1].read_at + rng.randrange(20, 90)
    row = RunRow(
        number=number,
        id=str(uuid.UUID(int=rng.getrandbits(128), version=4)),
        runner_id=runner.spec.api_id,
        status="failed" if exit_code else "succeeded",
        exit_code=exit_code,
        command=None,
        argv=runner.argv(slot.back),
        entrypoint=None,
        env={},
        line_id_prefix=new_line_id_prefix(f"{rng.getrandbits(80):020x}"),
        created_at=slot.at,
        started_at=started_at,
        completed_at=ended_at,
        updated_at=ended_at,
        executor="process",
        log_deleted_at=None,
    )
    return FinishedRun(row, blocks)


def _blocks(steps: Sequence[Step], started_at: int) -> Iterator[LogBlock]:
    """Yield the lines of a log; those without a pause between them share a block."""
    first, seconds, lines = 1, 0.0, [steps[0][1]]
    for pause, line in steps[1:]:
        if pause:
            yield _block(first, started_at + int(seconds * 1000), lines)
            first, lines = first + len(lines), []
        seconds += pause
        lines.append(line)
    yield _block(first, started_at + int(seconds * 1000), lines)


def _block(first: int, at: int, lines: Sequence[str]) -> LogBlock:
    return LogBlock(first, len(lines), at, "\n".join(lines).encode())
