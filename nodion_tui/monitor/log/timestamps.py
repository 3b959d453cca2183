"""Times of log lines, packed: 4 bytes a line where a segment spans less than seven weeks.

A time is kept in microseconds since 1970 UTC. The API writes milliseconds, so a sealed segment
keeps milliseconds since its first line, unless a line says that this would lose something.
"""

from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_TIME = -(2**63)
"""Stands for a line that was sent without a time."""
_MICROSECOND = timedelta(microseconds=1)
_WIDEST = 2**32 - 2


class PackedTimes:
    """The times of a sealed segment's lines, by position in the segment."""

    __slots__ = ("_base", "_packed")

    def __init__(self, micros: Sequence[int]) -> None:
        known = known_times(micros)
        self._base = min(known, default=0)
        base = self._base
        if max(known, default=0) - base <= _WIDEST * 1000 and not any(
            (micro - base) % 1000 for micro in known
        ):
            self._packed = array(
                "I", [0 if micro == NO_TIME else (micro - base) // 1000 + 1 for micro in micros]
            )
        else:
            self._packed = array("q", micros)

    def __getitem__(self, position: int) -> datetime | None:
        packed = self._packed[position]
        if self._packed.typecode == "q":
            return to_datetime(packed)
        return to_datetime(self._base + (packed - 1) * 1000) if packed else None

    def present(self, since: int = 0) -> list[int]:
        """Those that were sent, from a position on, in microseconds since 1970 UTC."""
        packed = self._packed[since:]
        if packed.typecode == "q":
            return known_times(packed)
        before = self._base - 1000
        return [before + milli * 1000 for milli in packed if milli]

    @property
    def nbytes(self) -> int:
        """Memory that the times take, in bytes."""
        return len(self._packed) * self._packed.itemsize


def known_times(micros: Iterable[int]) -> list[int]:
    """Those of lines that were sent with a time."""
    return [micro for micro in micros if micro != NO_TIME]


def to_micros(times: Sequence[datetime | None]) -> list[int]:
    """Each time in microseconds since 1970 UTC."""
    known = [time for time in times if time is not None]
    if len(known) < len(times):
        return [NO_TIME if time is None else (time - EPOCH) // _MICROSECOND for time in times]
    if not known:
        return []
    # Times of one zone are subtracted four times as fast, and lines of one log are of one zone.
    first = known[0]
    base = (first - EPOCH) // _MICROSECOND
    return [base + (time - first) // _MICROSECOND for time in known]


def to_datetime(micros: int) -> datetime | None:
    """The aware time, in UTC."""
    return None if micros == NO_TIME else EPOCH + timedelta(microseconds=micros)
