"""Runs that changed while the person was away, derived from the runs' own times."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.monitor.runs.time_range import alive_between


@dataclass(frozen=True, slots=True)
class MissedRuns:
    """Runs that changed between two moments; each list newest first."""

    since: datetime
    until: datetime
    failed: tuple[Run, ...] = ()
    canceled: tuple[Run, ...] = ()
    succeeded: tuple[Run, ...] = ()
    started: tuple[Run, ...] = ()
    """Started meanwhile and still running."""

    def __bool__(self) -> bool:
        """Whether any run changed."""
        return bool(self.runs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All of them, the most urgent first: the order for jumping through them."""
        return self.failed + self.canceled + self.started + self.succeeded

    @property
    def text(self) -> str:
        """Summary in one line: `1 failed, 12 succeeded, 2 started`; empty if no run changed."""
        counts = {
            "failed": self.failed,
            "canceled": self.canceled,
            "succeeded": self.succeeded,
            "started": self.started,
        }
        return ", ".join(f"{len(runs):,} {label}" for label, runs in counts.items() if runs)


def find_missed(runs: Sequence[Run], *, since: datetime, until: datetime) -> MissedRuns:
    """The runs that changed after `since`, up to `until`.

    Args:
        runs: newest first, in their current state.
        since: when the person left, on the server's clock.
        until: now, on the server's clock.
    """
    by_status: dict[str, list[Run]] = {}
    for run in alive_between(runs, since, until):
        started = run.started_at or run.created_at
        if run.is_final:
            completed = run.completed_at or run.updated_at
            if completed is not None and since < completed <= until:
                by_status.setdefault(run.status, []).append(run)
        elif started is not None and started > since:
            by_status.setdefault("started", []).append(run)
    return MissedRuns(
        since,
        until,
        failed=tuple(by_status.get(RunStatus.FAILED, ())),
        canceled=tuple(by_status.get(RunStatus.CANCELED, ())),
        succeeded=tuple(by_status.get(RunStatus.SUCCEEDED, ())),
        started=tuple(by_status.get("started", ())),
    )
