"""What a runner's runs say of it: last result, rhythm, usual duration, cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.executions import execution_of, learn_rhythms, most_overdue
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.statistics import run_cost
from nodion_tui.monitor.insight.typical_duration import typical_duration
from nodion_tui.monitor.runs.time_range import created_since

COST_SPAN = timedelta(days=7)
"""Time whose runs are added up to the cost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerStatus:
    """One runner at one moment of the service's clock."""

    runner: Runner
    last: Run | None
    """The newest run that has ended."""
    active: int
    """Runs that are pending or running."""
    failures: int
    """Runs that failed one after the other, up to the last one."""
    rhythm: Rhythm | None
    """Of the run that is overdue for the longest time, else of the newest run."""
    overdue: timedelta | None
    """How long ago the next run was due, if it is overdue."""
    typical: timedelta | None
    """Median duration of runs like the newest one."""
    cost: float | None
    """Of the runs of the last seven days; None if the price is unknown."""
    is_known: bool = False
    """Whether the last run failed for a cause that is acknowledged in the dashboard."""
    note: str = ""
    """Why it is known."""

    @property
    def needs_attention(self) -> bool:
        """Whether the last run failed for a new cause, or the next one is overdue."""
        return bool(self.failures and not self.is_known) or self.overdue is not None

    def json_object(self) -> dict[str, Any]:
        """For `--json`: durations in seconds."""
        last, rhythm = self.last, self.rhythm
        return {
            "runner_id": self.runner.id,
            "runner": self.runner.label,
            "run_id": last.id if last else None,
            "status": last.status if last else None,
            "exit_code": last.exit_code if last else None,
            "completed_at": last.completed_at if last else None,
            "failures": self.failures,
            "active": self.active,
            "period": rhythm.period.total_seconds() if rhythm else None,
            "due_at": rhythm.due_at if rhythm else None,
            "overdue": None if self.overdue is None else self.overdue.total_seconds(),
            "typical": None if self.typical is None else self.typical.total_seconds(),
            "cost": self.cost,
            "known": self.is_known,
            "note": self.note,
        }


def runner_status(runner: Runner, runs: Sequence[Run], now: datetime) -> RunnerStatus:
    """The status of a runner.

    Args:
        runner: the runner.
        runs: all of its runs that the service lists, newest first.
        now: the service's clock.
    """
    ended = [run for run in runs if run.is_final]
    typical = typical_duration(runs[0], runs) if runs else None
    rhythm = _rhythm(runner, runs, now)
    costs = [run_cost(run, runner, now) for run in created_since(runs, now - COST_SPAN)]
    return RunnerStatus(
        runner=runner,
        last=ended[0] if ended else None,
        active=len(runs) - len(ended),
        failures=sum(1 for _ in takewhile(_failed, ended)),
        rhythm=rhythm,
        overdue=rhythm.overdue_by(now) if rhythm else None,
        typical=typical.p50 if typical else None,
        cost=None if None in costs else sum(filter(None, costs)),
    )


def _rhythm(runner: Runner, runs: Sequence[Run], now: datetime) -> Rhythm | None:
    """The rhythm of what is overdue for the longest time, else of what ran last."""
    rhythms = learn_rhythms(runs, runner)
    newest = rhythms.get(execution_of(runs[0], runner).digest) if runs else None
    return most_overdue(rhythms.values(), now) or newest


def _failed(run: Run) -> bool:
    return run.status == RunStatus.FAILED
