"""Groups failures by cause: exit code and last lines of the log.

Forty red rows become two causes: "same as 6 since 14:02". The last lines are compared by their
shape (`line_shape`), across runners; a failure whose log was not read yet can only be grouped with
those of the same runner and exit code, and its group is marked as a guess.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first
from nodion_tui.monitor.insight.line_shape import MAX_CHARACTERS, line_shape
from nodion_tui.monitor.log.line.reader import shown_text

if TYPE_CHECKING:
    from nodion_tui.monitor.log.buffer import LogBuffer

TAIL_LINES = 3
"""Number of last lines that are compared; blank ones are not counted."""
_LOOK_BACK = 50  # entries: a log that ends in more blank lines and markers has no last lines


class FailureCause(NamedTuple):
    """What the failures of one group share."""

    exit_code: int | None
    shapes: tuple[str, ...]
    """Of the last lines, in order; empty if no log was read."""
    runner_id: str
    """Empty if the lines are known, as they count across runners."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
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
    """

    def __init__(self, limit: int = 10_000) -> None:
        self._limit = limit
        self._shapes: dict[RunKey, tuple[str, ...]] = {}

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
        shapes = [line for line in map(line_shape, lines) if line]
        self._shapes.pop(key, None)
        self._shapes[key] = tuple(shapes[-TAIL_LINES:])
        if len(self._shapes) > self._limit:
            del self._shapes[next(iter(self._shapes))]

    def shapes(self, key: RunKey) -> tuple[str, ...]:
        """The shapes of the run's last lines; empty if unknown."""
        return self._shapes.get(key, ())


def last_lines(log: "LogBuffer", count: int = TAIL_LINES) -> tuple[str, ...]:
    """The last lines of a log that are not blank, in order."""
    lines: list[str] = []
    for index in range(log.end - 1, max(log.end - _LOOK_BACK, log.first) - 1, -1):
        entry = log.entry(index)
        if entry.kind == "line" and shown_text(entry.body, MAX_CHARACTERS).strip():
            lines.append(entry.body)
        if len(lines) == count:
            break
    return tuple(reversed(lines))


def group_failures(runs: Iterable[Run], endings: LogEndings) -> Sequence[FailureGroup]:
    """Those of the runs that failed, grouped by cause; the group with the newest failure first."""
    groups: dict[FailureCause, list[Run]] = {}
    for run in runs:
        if run.status == RunStatus.FAILED:
            shapes = endings.shapes(run.key)
            cause = FailureCause(run.exit_code, shapes, "" if shapes else run.runner_id)
            groups.setdefault(cause, []).append(run)
    failure_groups = [
        FailureGroup(shared, tuple(sorted(members, key=newest_first)))
        for shared, members in groups.items()
    ]
    return sorted(failure_groups, key=lambda group: newest_first(group.runs[0]))


def _failed_at(run: Run) -> datetime | None:
    return run.completed_at or run.updated_at or run.created_at
