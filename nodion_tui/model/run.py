"""A run: one execution of a runner, as the API sends it, and what its times mean."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

import msgspec

_NEVER = datetime.min.replace(tzinfo=UTC)


class RunStatus(StrEnum):
    """The statuses that the API reference names; a run may carry another one."""

    PENDING = "pending"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


FINAL_STATUSES = frozenset({RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELED})
"""A run with one of these changes no more. An unknown status is not final."""


class RunKey(NamedTuple):
    """What addresses a run in the API: both ids."""

    runner_id: str
    run_id: str


class Run(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One execution of a runner's container."""

    id: str
    status: str
    """As sent: usually a `RunStatus`, but an unknown one is kept and shown as it is."""
    runner_id: str = ""
    """Not sent by the service: the client fills it from the address that was asked."""
    exit_code: int | None = None
    command: str | None = None
    """Shell command of this run, run as `sh -c`; None where argv or the default applied."""
    argv: tuple[str, ...] = ()
    """argv of this run; empty where `command` or the runner's default applied."""
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
        """Whether it has ended: succeeded, failed or canceled."""
        return self.status in FINAL_STATUSES

    @property
    def is_default(self) -> bool:
        """Whether it ran what its runner defines, without an override of argv or command."""
        return not self.argv and self.command is None

    def queue_time(self, now: datetime) -> timedelta | None:
        """Time from creation to start, so far if it is still pending; never negative.

        Args:
            now: the server's clock, aware.
        """
        end = self.started_at or self.completed_at or now
        return None if self.created_at is None else _span(self.created_at, end)

    def duration(self, now: datetime) -> timedelta | None:
        """Time from start to completion, so far if it is running; never negative.

        Args:
            now: the server's clock, aware.

        Returns:
            None where it has not started (or ended without having started).
        """
        if self.started_at is None:
            return None
        return _span(self.started_at, self.completed_at or now)


def newest_first(run: Run) -> tuple[float, str]:
    """Sort key: newest `created_at` first, ties by id; undated ones last."""
    created = run.created_at or _NEVER
    return (-created.timestamp() if created is not _NEVER else float("inf"), run.id)


def _span(start: datetime, end: datetime) -> timedelta:
    return max(end - start, timedelta())
