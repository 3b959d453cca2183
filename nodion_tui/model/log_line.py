"""Log lines of log pages and stream events, and the final state of a run.

Lines are objects, or columns: a flood is taken apart once, by the decoder, and put together once,
by the buffer, which keeps texts and times apart. Between them a line is an object only where
somebody looks at it.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import repeat
from typing import TYPE_CHECKING, overload

import msgspec

if TYPE_CHECKING:
    from array import array

DAY_MILLISECONDS = 86_400_000
PUBLIC = "log_public"
"""The documented `log_level`."""


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """One captured line of a run's output."""

    id: str
    body: str
    """Raw text with control characters and escape sequences: sanitize it before display."""
    log_level: str = PUBLIC
    created_at: datetime | None = None


class MilliTimes(msgspec.Struct, frozen=True):
    """Times of one day with whole milliseconds."""

    base: int
    """Beginning of the day in the zone of the times, in microseconds since 1970 UTC."""
    steps: "array[int]"
    """Milliseconds after `base`, one a line; less than `DAY_MILLISECONDS`."""


class LogLines(Sequence[LogLine]):
    """Lines in columns; as a sequence, it makes the objects when they are asked for.

    Args:
        ids: ids of the lines.
        bodies: their texts.
        levels: their levels; empty if all of them are public.
        written: their times as sent, in ISO 8601.
        times: the same times.
    """

    __slots__ = ("_text", "_written", "bodies", "ids", "levels", "times")

    def __init__(
        self,
        ids: Sequence[str],
        bodies: Sequence[str],
        levels: Sequence[str],
        written: Sequence[str],
        times: MilliTimes,
    ) -> None:
        self.ids = ids
        self.bodies = bodies
        self.levels = levels
        self.times = times
        self._written = written
        self._text: str | None = None

    @property
    def text(self) -> str:
        """All texts, separated by newlines; joined once, as several read it."""
        if self._text is None:
            self._text = "\n".join(self.bodies)
        return self._text

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> LogLine: ...

    @overload
    def __getitem__(self, index: slice) -> "LogLines": ...

    def __getitem__(self, index: int | slice) -> "LogLine | LogLines":
        if isinstance(index, slice):
            if index.indices(len(self)) == (0, len(self), 1):
                return self  # As of a tuple: it never changes, and its text may be joined already.
            times = MilliTimes(self.times.base, self.times.steps[index])
            written, levels = self._written[index], self.levels[index]
            return LogLines(self.ids[index], self.bodies[index], levels, written, times)
        level = self.levels[index] if self.levels else PUBLIC
        time = datetime.fromisoformat(self._written[index])
        return LogLine(self.ids[index], self.bodies[index], level, time)

    def __iter__(self) -> Iterator[LogLine]:
        times = map(datetime.fromisoformat, self._written)
        return map(LogLine, self.ids, self.bodies, self.levels or repeat(PUBLIC), times)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as of a list, which is equal


def ids_of(lines: Sequence[LogLine]) -> Sequence[str]:
    """The id of each line."""
    return lines.ids if isinstance(lines, LogLines) else [line.id for line in lines]


def bodies_of(lines: Sequence[LogLine]) -> Sequence[str]:
    """The text of each line."""
    return lines.bodies if isinstance(lines, LogLines) else [line.body for line in lines]


def text_of(lines: Sequence[LogLine]) -> str:
    """The texts of all lines, separated by newlines."""
    return lines.text if isinstance(lines, LogLines) else "\n".join([line.body for line in lines])


def levels_of(lines: Sequence[LogLine]) -> Sequence[str]:
    """The level of each line; may be empty if all of them are public."""
    return lines.levels if isinstance(lines, LogLines) else [line.log_level for line in lines]


class FinalState(msgspec.Struct, frozen=True, kw_only=True):
    """The `state` event: how a run ended. Sent once, before the stream closes."""

    status: str
    exit_code: int | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None


_NUMBER = "line:"
_MAX_DIGITS = 9


def line_name(number: int) -> str:
    """What stands for the id of a line that has none, as in the archive: `line:120`.

    Args:
        number: of the line in its log, from 1.
    """
    return f"{_NUMBER}{number}"


def line_number(name: str) -> int:
    """The number that a name of `line_name` has; 0: it is another one, such as an id."""
    digits = name.removeprefix(_NUMBER)
    is_number = digits != name and digits.isascii() and digits.isdecimal()
    return int(digits) if is_number and len(digits) <= _MAX_DIGITS else 0
