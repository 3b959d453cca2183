"""What happened while the person was away, derived from the runs' own times."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.run_cause import never_known
from nodion_tui.monitor.runs.time_range import alive_between


class MissedEvent(NamedTuple):
    """One thing that happened."""

    run: Run
    is_overdue: bool = False
    """Whether the run is the last one of a runner that did not run when it was due."""


class MissedRuns(msgspec.Struct, frozen=True):
    """Runs that changed, or did not come, between two moments; each list newest first."""

    since: datetime
    until: datetime
    failed: tuple[Run, ...] = ()
    canceled: tuple[Run, ...] = ()
    succeeded: tuple[Run, ...] = ()
    started: tuple[Run, ...] = ()
    """Started meanwhile and still running."""
    overdue: tuple[Run, ...] = ()
    """The last runs of runners that became overdue meanwhile."""

    def __bool__(self) -> bool:
        """Whether any run changed."""
        return bool(self.events)

    @property
    def runs(self) -> tuple[Run, ...]:
        """Those that changed, the most urgent first: the order for jumping through them."""
        return self.failed + self.canceled + self.started + self.succeeded

    @property
    def events(self) -> tuple[MissedEvent, ...]:
        """The runs that changed, and behind the failed ones those that nothing followed."""
        changed = [MissedEvent(run) for run in self.runs]
        overdue = [MissedEvent(run, is_overdue=True) for run in self.overdue]
        return (*changed[: len(self.failed)], *overdue, *changed[len(self.failed) :])

    @property
    def text(self) -> str:
        """Summary in one line: `1 failed, 1 overdue, 12 succeeded`; empty if nothing changed."""
        counts = {
            "failed": self.failed,
            "overdue": self.overdue,
            "canceled": self.canceled,
            "succeeded": self.succeeded,
            "started": self.started,
        }
        return ", ".join(f"{len(runs):,} {label}" for label, runs in counts.items() if runs)


def find_missed(
    runs: Sequence[Run],
    *,
    since: datetime,
    until: datetime,
    overdue: Iterable[Run] = (),
    is_known: Callable[[Run], bool] = never_known,
) -> MissedRuns:
    """The runs that changed after `since`, up to `until`.

    Args:
        runs: newest first, in their current state.
        since: when the person left, on the server's clock.
        until: now, on the server's clock.
        overdue: the last runs of runners that became overdue meanwhile.
        is_known: whether a run failed for an acknowledged cause; it is left out.
    """
    by_status: dict[str, list[Run]] = {}
    for run in alive_between(runs, since, until):
        started = run.started_at or run.created_at
        if run.is_final:
            completed = run.completed_at or run.updated_at
            if completed is not None and since < completed <= until and not is_known(run):
                by_status.setdefault(run.status, []).append(run)
        elif started is not None and started > since:
            by_status.setdefault("started", []).append(run)
    for changed in by_status.values():
        changed.sort(key=_changed_at, reverse=True)
    return MissedRuns(
        since,
        until,
        failed=tuple(by_status.get(RunStatus.FAILED, ())),
        canceled=tuple(by_status.get(RunStatus.CANCELED, ())),
        succeeded=tuple(by_status.get(RunStatus.SUCCEEDED, ())),
        started=tuple(by_status.get("started", ())),
        overdue=tuple(overdue),
    )


def _changed_at(run: Run) -> datetime:
    """When a run ended, or started; one of them is known of each that changed."""
    ended = run.completed_at or run.updated_at if run.is_final else None
    moment = ended or run.started_at or run.created_at
    assert moment is not None  # noqa: S101 - it was compared with the absence
    return moment
