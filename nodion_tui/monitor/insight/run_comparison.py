"""Compares what two runs executed, with what this machine remembers of those triggered from it."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.run_difference import ExecutedRun, RunComparison, compare_runs
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.monitor.storage.trigger_history import TriggerHistory

_Env = tuple[EnvRow, ...] | None


async def compare_executed(
    older: Run,
    newer: Run,
    *,
    runner_of: Callable[[str], Runner | None],
    history: TriggerHistory,
    now: datetime,
    service_key: Callable[[RunKey], RunKey] = lambda key: key,
) -> RunComparison:
    """Compare two runs.

    Args:
        older: the run to compare with.
        newer: the run.
        runner_of: returns what is known of a runner, by its id.
        history: the runs triggered from this machine.
        now: the service's time.
        service_key: returns the key of a run as the service knows it, and the history.
    """
    envs = await asyncio.to_thread(_envs, history, service_key(older.key), service_key(newer.key))
    return compare_runs(
        ExecutedRun(older, runner_of(older.runner_id), envs[0]),
        ExecutedRun(newer, runner_of(newer.runner_id), envs[1]),
        now,
    )


def _envs(history: TriggerHistory, older: RunKey, newer: RunKey) -> tuple[_Env, _Env]:
    return history.env_for(older).rows, history.env_for(newer).rows
