"""What happened while nobody looked? Told from the runs' own times, between two moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.monitor.runs.time_range import alive_between


@dataclass(frozen=True, slots=True)
class MissedRuns:
    """What became of runs between two moments; in each list the newest first."""

    since: datetime
    until: datetime
    failed: tuple[Run, ...] = ()
    canceled: tuple[Run, ...] = ()
    succeeded: tuple[Run, ...] = ()
    started: tuple[Run, ...] = ()
    """Began in the meantime and have not ended."""

    def __bool__(self) -> bool:
        """Whether anything happened."""
        return bool(self.runs)

    @property
    def runs(self) -> tuple[Run, ...]:
        """All of them, what calls for attention first: the order in which to jump from one on."""
        return self.failed + self.canceled + self.started + self.succeeded

    @property
    def text(self) -> str:
        """In one line: `1 failed, 12 succeeded, 2 started`; empty where nothing happened."""
        parts = {
            "failed": self.failed,
            "canceled": self.canceled,
            "succeeded": self.succeeded,
            "started": self.started,
        }
        return ", ".join(f"{len(runs):,} {what}" for what, runs in parts.items() if runs)


def find_missed(runs: Sequence[Run], *, since: datetime, until: datetime) -> MissedRuns:
    """What happened after `left`, up to `back`.

    Args:
        runs: newest first, as they are known now.
        since: when somebody looked last, on the server's clock.
        until: now, on the server's clock.
    """
    found: dict[str, list[Run]] = {}
    for run in alive_between(runs, since, until):
        begun = run.started_at or run.created_at
        if run.is_final:
            ended = run.completed_at or run.updated_at
            if ended is not None and since < ended <= until:
                found.setdefault(run.status, []).append(run)
        elif begun is not None and begun > since:
            found.setdefault("started", []).append(run)
    return MissedRuns(
        since,
        until,
        failed=tuple(found.get(RunStatus.FAILED, ())),
        canceled=tuple(found.get(RunStatus.CANCELED, ())),
        succeeded=tuple(found.get(RunStatus.SUCCEEDED, ())),
        started=tuple(found.get("started", ())),
    )
