"""Which failures have the same cause? Grouped by exit code and by what the log said last.

Forty red rows become two causes: "same as 6 since 14:02". The last lines are compared by their
shape (`model.lineshape`), across runners; a failure whose log was not read yet can only be put with
those of the same runner and exit code, and its family says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first
from nodion_tui.monitor.insight.line_shape import line_shape

if TYPE_CHECKING:
    from nodion_tui.monitor.log.buffer import LogBuffer

TAIL_LINES = 3
"""How many of the last lines are compared; blank ones are not counted."""
_LOOK_BACK = 50  # entries: a log that ends in more blank lines and marks has no last lines
_LINE_BYTES = 4096


class FailureCause(NamedTuple):
    """What failures of one family share."""

    exit_code: int | None
    shapes: tuple[str, ...]
    """Of the last lines, in their order; empty where no log was read."""
    runner_id: str
    """Empty where the lines are known, as they count across runners."""


@dataclass(frozen=True, slots=True)
class FailureGroup:
    """Failures that look alike."""

    cause: FailureCause
    runs: tuple[Run, ...]
    """Newest first; never empty."""

    @property
    def since(self) -> datetime | None:
        """When the first of them failed; None where no time is known."""
        return min(filter(None, map(_failed_at, self.runs)), default=None)

    @property
    def other_count(self) -> int:
        """With how many a member shares its cause."""
        return len(self.runs) - 1

    @property
    def is_guess(self) -> bool:
        """Whether only runner and exit code are known to be the same."""
        return not self.cause.shapes


class LogEndings:
    """The shapes of the last lines of failed runs, as far as their logs were read.

    Args:
        limit: how many runs to remember; the ones noted first go first.
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
        """Remember how a run's log ended.

        Args:
            key: of a run that has ended.
            lines: its last lines in their order; at least `TAIL_LINES` that are not blank, if
                there are so many.
        """
        shapes = [shaped for shaped in map(line_shape, lines) if shaped]
        self._shapes.pop(key, None)
        self._shapes[key] = tuple(shapes[-TAIL_LINES:])
        if len(self._shapes) > self._limit:
            del self._shapes[next(iter(self._shapes))]

    def shapes(self, key: RunKey) -> tuple[str, ...]:
        """The shapes of the run's last lines; empty where they are not known."""
        return self._shapes.get(key, ())


def last_lines(log: "LogBuffer", count: int = TAIL_LINES) -> tuple[str, ...]:
    """The last lines of a log that are not blank, in their order."""
    found: list[str] = []
    for index in range(log.end - 1, max(log.end - _LOOK_BACK, log.first) - 1, -1):
        entry = log.entry(index, _LINE_BYTES)
        if entry.kind == "line" and entry.body.strip():
            found.append(entry.body)
        if len(found) == count:
            break
    return tuple(reversed(found))


def failure_cause(run: Run, tails: LogEndings) -> FailureCause:
    """What a failed run's family is known by."""
    shapes = tails.shapes(run.key)
    return FailureCause(run.exit_code, shapes, "" if shapes else run.runner_id)


def group_failures(runs: Iterable[Run], tails: LogEndings) -> Sequence[FailureGroup]:
    """The failed ones of these runs by cause; the family with the newest failure first.

    Args:
        runs: any; those that did not fail are left out.
        tails: how their logs ended.
    """
    groups: dict[FailureCause, list[Run]] = {}
    for run in runs:
        if run.status == RunStatus.FAILED:
            groups.setdefault(failure_cause(run, tails), []).append(run)
    found = [
        FailureGroup(shared, tuple(sorted(members, key=newest_first)))
        for shared, members in groups.items()
    ]
    return sorted(found, key=lambda family: newest_first(family.runs[0]))


def groups_by_run(found: Iterable[FailureGroup]) -> Mapping[RunKey, FailureGroup]:
    """The family of each of their runs."""
    return {run.key: family for family in found for run in family.runs}


def _failed_at(run: Run) -> datetime | None:
    return run.completed_at or run.updated_at or run.created_at
