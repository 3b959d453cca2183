"""A run: one execution of a runner, with its status, command and times."""

import math
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Annotated, NamedTuple, TypeVar

import msgspec
from msgspec.structs import replace

from nodion_tui.model.log_line import FinalState

T = TypeVar("T")


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

CREATED, STARTED, COMPLETED, UPDATED = 180, 120, 60, 0
"""The times of a run, for `Run.micros`: the number of bits behind each in `Run.times`."""
MICROS = 1_000_000
"""In a second."""
_TIME_MASK = (1 << 60) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_SHARED_VALUES = 2048
"""Commands that are kept to be shared by runs of all runners: the last ones seen."""
_Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class RunKey(NamedTuple):
    """Address of a run in the API: runner id and run id."""

    runner_id: str
    run_id: str


class _RunFields(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All of a run but its times."""

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


class RunRecord(_RunFields, frozen=True, kw_only=True, gc=False):
    """A run as it is written: in answers of the API, and in files of the program."""

    created_at: _Aware | None = None
    started_at: _Aware | None = None
    completed_at: _Aware | None = None
    updated_at: _Aware | None = None

    @property
    def times(self) -> int:
        """The times as `Run.times`."""
        return (
            micros_of(self.created_at) << CREATED
            | micros_of(self.started_at) << STARTED
            | micros_of(self.completed_at) << COMPLETED
            | micros_of(self.updated_at)
        )

    @property
    def run(self) -> "Run":
        """The run as it is kept in memory."""
        return self.run_of(runner_id=self.runner_id)

    def run_of(self, sibling: "Run | None" = None, *, runner_id: str) -> "Run":
        """The run as it is kept in memory, of which equal values are there once.

        Args:
            sibling: another run of the same runner, whose values are looked at first.
            runner_id: id of the runner, which the service omits.
        """
        known = sibling or _NO_RUN
        return Run(
            id=self.id,
            status=sys.intern(str(self.status)),  # it may be a member of RunStatus
            runner_id=runner_id,
            exit_code=self.exit_code,
            command=_shared(self.command, known.command),
            argv=_shared(self.argv, known.argv),
            entrypoint=_shared(self.entrypoint, known.entrypoint),
            times=self.times,
        )


class PayloadRunner(msgspec.Struct, frozen=True):
    """The runner of a run in a `RunPayload`."""

    id: str
    name: str
    """Empty if it is not known."""


class RunPayload(msgspec.Struct, frozen=True, kw_only=True):
    """A run as the API sends it, with its runner: what commands of the user get, as JSON."""

    runner: PayloadRunner
    run: RunRecord


class Run(_RunFields, frozen=True, kw_only=True, gc=False):
    """One execution of a runner's container, as it is kept in memory, a hundred thousand times.

    To make one that has times, or other times than another one, make its record first.
    """

    times: int = 0
    """All four times, 60 bits each: microseconds since 1970, 0 for a time that is missing.

    So they take 64 bytes; as many `datetime`s take 192. These are made when they are looked at.
    """

    @property
    def record(self) -> RunRecord:
        """The run as it is written."""
        return RunRecord(
            id=self.id,
            status=self.status,
            runner_id=self.runner_id,
            exit_code=self.exit_code,
            command=self.command,
            argv=self.argv,
            entrypoint=self.entrypoint,
            created_at=self.created_at,
            started_at=self.started_at,
            completed_at=self.completed_at,
            updated_at=self.updated_at,
        )

    def micros(self, which: int) -> int:
        """A time in microseconds since 1970, to compare many runs; 0 if it is missing.

        Args:
            which: `CREATED`, `STARTED`, `COMPLETED` or `UPDATED`.
        """
        return self.times >> which & _TIME_MASK

    @property
    def created_at(self) -> datetime | None:
        """When it was triggered; this and the other times are in UTC."""
        return _time(self.micros(CREATED))

    @property
    def started_at(self) -> datetime | None:
        """When its container was started."""
        return _time(self.micros(STARTED))

    @property
    def completed_at(self) -> datetime | None:
        """When it ended."""
        return _time(self.micros(COMPLETED))

    @property
    def updated_at(self) -> datetime | None:
        """When the service last changed anything of it."""
        return _time(self.micros(UPDATED))

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
        created = self.micros(CREATED)
        if not created:
            return None
        end = self.micros(STARTED) or self.micros(COMPLETED) or micros_of(now)
        return _span(end - created)

    def duration(self, now: datetime) -> timedelta | None:
        """Time from start to completion, or to now (the server's) while running; never negative.

        None if the run has not started, or ended without starting.
        """
        started = self.micros(STARTED)
        if not started:
            return None
        return _span((self.micros(COMPLETED) or micros_of(now)) - started)


_NO_RUN = Run(id="", status="")


def as_ended(run: Run, final: FinalState) -> Run:
    """A run in its final state; a time that the state lacks is as it was known."""
    return replace(
        run.record,
        status=final.status,
        exit_code=final.exit_code,
        started_at=final.started_at or run.started_at,
        completed_at=final.completed_at or run.completed_at,
    ).run


def newest_first(run: Run) -> tuple[float, str]:
    """Sort key: newest `created_at` first, ties by id; undated ones last."""
    return (-run.micros(CREATED) / MICROS or math.inf, run.id)


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


def micros_of(time: datetime | None) -> int:
    """Microseconds from 1970 to an aware time; 0 for None, and for a time before that."""
    return 0 if time is None else max(0, (time - _EPOCH) // _MICROSECOND)


def _shared(value: T, known: T) -> T:
    """The value that equal runs share."""
    return known if value == known else _first_of_equal(value)


@lru_cache(_SHARED_VALUES)
def _first_of_equal(value: T) -> T:
    """The first of equal values: a job that counts its parts has another argv in each run."""
    return value


def _time(micros: int) -> datetime | None:
    """Exact to the microsecond until the year 2242, when a float has less than that."""
    return datetime.fromtimestamp(micros / MICROS, UTC) if micros else None


def _span(micros: int) -> timedelta:
    # As a keyword, the microseconds would take half as long again.
    return timedelta(0, 0, max(0, micros))
