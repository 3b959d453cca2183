"""Groups failures by cause: exit code and last errors of the log.

Forty red rows become two causes: "same as 6 since 14:02". The last lines that report an error, or
else the last lines, are compared by their shape (`line_shape`), across runners; a failure whose log
was not read yet can only be grouped with those of the same runner and exit code, and its group is
marked as a guess.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import msgspec

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first

_ID_LENGTH = 6  # hexadecimal digits: of 500 causes, two share an id once in 130 lists


class FailureCause(NamedTuple):
    """What the failures of one group share."""

    exit_code: int | None
    shapes: tuple[str, ...]
    """Of the last lines, in order; empty if no log was read."""
    runner_id: str
    """Empty if the lines are known, as they count across runners."""
    profile: str = ""
    """Name of the profile, where there are several: each has its own known failures."""

    @property
    def id(self) -> str:
        """Short and stable, for filters: `3fa29c`; the same in every profile."""
        return _digest((str(self.exit_code), self.runner_id, *self.shapes))

    @property
    def text(self) -> str:
        """What it is called: the shape of the last line, or else the exit code."""
        if self.shapes:
            return self.shapes[-1]
        return "no exit code" if self.exit_code is None else f"exit {self.exit_code}"


NO_SHAPES: tuple[str, ...] = ()
"""Of a log that was not read, or has no lines."""


class FailureGroup(msgspec.Struct, frozen=True):
    """Failures with the same cause."""

    cause: FailureCause
    runs: tuple[Run, ...]
    """Newest first; never empty."""

    @property
    def since(self) -> datetime | None:
        """When the first of them failed; None if no time is known."""
        return min(filter(None, map(_failed_at, self.runs)), default=None)

    @property
    def other_count(self) -> int:
        """Number of other runs in the group."""
        return len(self.runs) - 1

    @property
    def is_guess(self) -> bool:
        """Whether only runner and exit code are known to be equal."""
        return not self.cause.shapes


class LogEndings:
    """The shapes of the last lines of failed runs, as far as their logs were read.

    Args:
        limit: maximum number of runs; the oldest records are evicted first.
        profile_of: returns the name of the profile for a runner id, where there are several.
    """

    def __init__(
        self, limit: int = 10_000, *, profile_of: Callable[[str], str] = lambda _: ""
    ) -> None:
        self._limit = limit
        self._profile_of = profile_of
        self._shapes: dict[RunKey, tuple[str, ...]] = {}
        self.recorded: Callable[[RunKey], None] = lambda _key: None
        """Called with each run whose last lines became known."""

    def __len__(self) -> int:
        return len(self._shapes)

    def __iter__(self) -> Iterator[RunKey]:
        return iter(self._shapes)

    def __contains__(self, key: object) -> bool:
        return key in self._shapes

    def record(self, key: RunKey, lines: Iterable[str]) -> None:
        """Store the last lines of an ended run's log, in order.

        They must contain `TAIL_LINES` that are not blank, if there are that many.
        """
        from nodion_tui.monitor.insight.ending_lines import ending_shapes  # noqa: PLC0415 - after the rows

        self._shapes.pop(key, None)
        self._shapes[key] = ending_shapes(lines)
        if len(self._shapes) > self._limit:
            del self._shapes[next(iter(self._shapes))]
        self.recorded(key)

    def shapes(self, key: RunKey) -> tuple[str, ...]:
        """The shapes of the run's last lines; empty if unknown."""
        return self._shapes.get(key, NO_SHAPES)

    def cause(self, run: Run) -> FailureCause:
        """The cause of a failed run, as far as it is known."""
        shapes = self.shapes(run.key)
        runner_id, profile = run.runner_id, self._profile_of(run.runner_id)
        return FailureCause(run.exit_code, shapes, "" if shapes else runner_id, profile)


def group_failures(runs: Iterable[Run], endings: LogEndings) -> Sequence[FailureGroup]:
    """Those of the runs that failed, grouped by cause; the group with the newest failure first."""
    groups: dict[FailureCause, list[Run]] = {}
    for run in runs:
        if run.status == RunStatus.FAILED:
            groups.setdefault(endings.cause(run), []).append(run)
    failure_groups = [
        FailureGroup(shared, tuple(sorted(members, key=newest_first)))
        for shared, members in groups.items()
    ]
    return sorted(failure_groups, key=lambda group: newest_first(group.runs[0]))


def _failed_at(run: Run) -> datetime | None:
    return run.completed_at or run.updated_at or run.created_at


@lru_cache(maxsize=1024)
def _digest(parts: tuple[str, ...]) -> str:
    """Cached, as every row of a list asks for it."""
    text = "\n".join(parts).encode("utf-8", "replace")
    return hashlib.sha256(text).hexdigest()[:_ID_LENGTH]
