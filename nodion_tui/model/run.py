"""A run: one execution of a runner, with its status, command and times."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

_NEVER = datetime.min.replace(tzinfo=UTC)


class RunStatus(StrEnum):
    """Documented statuses; a run may have an undocumented one."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


FINAL_STATUSES = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELED})
"""Documented statuses of runs that no longer change."""
_ACTIVE_STATUSES = frozenset({RunStatus.PENDING, RunStatus.RUNNING})


class RunKey(NamedTuple):
    """Address of a run in the API: runner id and run id."""

    runner_id: str
    run_id: str


class Run(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One execution of a runner's container."""

    id: str
    status: str
    """Usually a `RunStatus`; an unknown status is kept and shown unchanged."""
    runner_id: str = ""
    """Not sent by the service: the client adds it from the request."""
    exit_code: int | None = None
    command: str | None = None
    """Shell command of this run, run as `sh -c`; None if argv or the default was used."""
    argv: tuple[str, ...] = ()
    """argv of this run; empty if `command` or the runner's default was used."""
    entrypoint: str | None = None
    created_at: datetime | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
    updated_at: datetime | None = None

    @property
    def key(self) -> RunKey:
        """Runner id and run id."""
        return RunKey(self.runner_id, self.id)

    @property
    def is_final(self) -> bool:
        """Whether the run has ended: succeeded, failed or canceled.

        A run of an unknown status has ended if it has a time of completion.
        """
        if self.status in FINAL_STATUSES:
            return True
        return self.completed_at is not None and self.status not in _ACTIVE_STATUSES

    @property
    def is_default(self) -> bool:
        """Whether the run used the runner's default, without overriding argv or command."""
        return not self.argv and self.command is None

    def queue_time(self, now: datetime) -> timedelta | None:
        """Time from creation to start, or to now (the server's) while pending; never negative."""
        end = self.started_at or self.completed_at or now
        return None if self.created_at is None else _span(self.created_at, end)

    def duration(self, now: datetime) -> timedelta | None:
        """Time from start to completion, or to now (the server's) while running; never negative.

        None if the run has not started, or ended without starting.
        """
        if self.started_at is None:
            return None
        return _span(self.started_at, self.completed_at or now)


def newest_first(run: Run) -> tuple[float, str]:
    """Sort key: newest `created_at` first, ties by id; undated ones last."""
    created = run.created_at or _NEVER
    return (-created.timestamp() if created is not _NEVER else float("inf"), run.id)


def newest_listed_first(runs: Sequence[Run]) -> list[int]:
    """Indexes of the runs of one response, newest first.

    Runs of the same `created_at` keep the service's order, reversed if it lists the oldest first:
    their ids say nothing of their age. The dates alone decide otherwise, as a service may sort by
    what it likes.
    """
    keys = [newest_first(run)[0] for run in runs]
    indexes = range(len(runs))
    if keys and keys[0] > keys[-1]:
        indexes = indexes[::-1]
    return sorted(indexes, key=keys.__getitem__)


def _span(start: datetime, end: datetime) -> timedelta:
    return max(end - start, timedelta())
