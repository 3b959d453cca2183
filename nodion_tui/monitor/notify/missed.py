"""What happened while nobody looked? Told from the runs' own times, between two moments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.monitor.runs.recent import touching


@dataclass(frozen=True, slots=True)
class Digest:
    """What became of runs between two moments; in each list the newest first."""

    left: datetime
    back: datetime
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


def digest(runs: Sequence[Run], *, left: datetime, back: datetime) -> Digest:
    """What happened after `left`, up to `back`.

    Args:
        runs: newest first, as they are known now.
        left: when somebody looked last, on the server's clock.
        back: now, on the server's clock.
    """
    found: dict[str, list[Run]] = {}
    for run in touching(runs, left, back):
        begun = run.started_at or run.created_at
        if run.is_final:
            ended = run.completed_at or run.updated_at
            if ended is not None and left < ended <= back:
                found.setdefault(run.status, []).append(run)
        elif begun is not None and begun > left:
            found.setdefault("started", []).append(run)
    return Digest(
        left,
        back,
        failed=tuple(found.get(RunStatus.FAILED, ())),
        canceled=tuple(found.get(RunStatus.CANCELED, ())),
        succeeded=tuple(found.get(RunStatus.SUCCEEDED, ())),
        started=tuple(found.get("started", ())),
    )
