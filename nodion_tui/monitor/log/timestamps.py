"""Packed times of log lines: 2 bytes per line if a segment spans a minute, 4 up to seven weeks.

Times are in microseconds since 1970 UTC. The API sends milliseconds, so a sealed segment stores
milliseconds since its first line, unless a line has a finer time.
"""

import sys
from array import array
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import DAY_MILLISECONDS, MilliTimes

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NO_TIME = -(2**63)
"""Stands for a line that was sent without a time."""
_MICROSECOND = timedelta(microseconds=1)
_MAX_PACKED = 2**32 - 2
_MAX_NARROW = 2**16 - 1
_HIGH_HALF = slice(1 if sys.byteorder == "little" else 0, None, 2)
_LOW_HALF = slice(1 - _HIGH_HALF.start, None, 2)


class PackedTimes:
    """Times of a sealed segment's lines, by position in the segment."""

    __slots__ = ("_base", "_packed")

    def __init__(self, micros: Sequence[int]) -> None:
        present = known_times(micros)
        self._base = min(present, default=0)
        base = self._base
        if max(present, default=0) - base <= _MAX_PACKED * 1000 and not any(
            (micro - base) % 1000 for micro in present
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

    def micros(self, start: int = 0, stop: int | None = None) -> list[int]:
        """Times of positions in microseconds since 1970 UTC; `NO_TIME` where there is none."""
        packed = self._packed[start:stop]
        if packed.typecode == "q":
            return packed.tolist()
        offset = self._base - 1000
        return [offset + milli * 1000 if milli else NO_TIME for milli in packed]

    def present(self, since: int = 0) -> list[int]:
        """Times from a position on in microseconds since 1970 UTC, without lines that have none."""
        packed = self._packed[since:]
        if packed.typecode == "q":
            return known_times(packed)
        offset = self._base - 1000
        return [offset + milli * 1000 for milli in packed if milli]

    def first_from(self, micros: int) -> int | None:
        """Position of the first line of a time or later; None if there is none."""
        least = micros
        if self._packed.typecode != "q":
            least = max(-((self._base - micros) // 1000) + 1, 1)
        if not self._packed or max(self._packed) < least:
            return None
        return next(position for position, time in enumerate(self._packed) if time >= least)

    @property
    def nbytes(self) -> int:
        """Memory used, in bytes."""
        return len(self._packed) * self._packed.itemsize


class GrowingTimes(PackedTimes):
    """Packed times of the lines of a segment that grows."""

    __slots__ = ("_has_base",)

    def __init__(self) -> None:
        super().__init__(())
        self._has_base = False

    def extend(self, times: MilliTimes) -> None:
        """Append times that are already packed."""
        if not self._has_base:
            self._base, self._has_base = times.base, True
        offset, micros = divmod(times.base - self._base, 1000)
        if (
            self._packed.typecode == "I"
            and not micros
            and 0 <= offset < _MAX_PACKED - DAY_MILLISECONDS
        ):
            self._packed.frombytes(_added(times.steps, offset + 1))
        else:
            self.extend_micros([times.base + step * 1000 for step in times.steps])

    def extend_micros(self, micros: Sequence[int]) -> None:
        """Append times in microseconds since 1970 UTC; `NO_TIME` where there is none."""
        if self._packed.typecode == "I":
            if not self._has_base and (known := known_times(micros)):
                self._base, self._has_base = min(known), True
            if (packed := _packed_millis(micros, self._base)) is not None:
                self._packed.extend(packed)
                return
            self._packed = array("q", self.micros())
        self._packed.extend(micros)

    def sealed(self, since: int) -> PackedTimes:
        """The times from a position on, which never change."""
        if self._packed.typecode == "q":
            return PackedTimes(self._packed[since:])
        offset, packed = _narrowed(self._packed[since:])
        sealed = PackedTimes(())
        sealed._base, sealed._packed = self._base + offset * 1000, packed  # noqa: SLF001  # its base class
        return sealed


def _packed_millis(micros: Sequence[int], base: int) -> "array[int] | None":
    """Milliseconds since one before `base`, 0 for no time; None if a time does not fit in."""
    present = known_times(micros)
    low, high = min(present, default=base), max(present, default=base)
    if low < base or high - base > _MAX_PACKED * 1000 or any((at - base) % 1000 for at in present):
        return None
    return array("I", [0 if at == NO_TIME else (at - base) // 1000 + 1 for at in micros])


def _added(numbers: "array[int]", offset: int) -> bytes:
    """The numbers with the offset added to each, as one large integer: no sum exceeds 32 bits."""
    ones = array("I", (1,)) * len(numbers)
    total, each = (int.from_bytes(part.tobytes(), sys.byteorder) for part in (numbers, ones))
    return (total + each * offset).to_bytes(numbers.itemsize * len(numbers), sys.byteorder)


def _narrowed(packed: "array[int]") -> "tuple[int, array[int]]":
    """An offset, and the milliseconds less the offset: in 2 bytes each if all are known and fit."""
    halves = array("H", packed.tobytes())
    high, lows = halves[_HIGH_HALF][:1], halves[_LOW_HALF]
    # In a flood nearly always: a number of its own for each line takes a hundred times as long.
    is_one_minute = halves[_HIGH_HALF].tobytes() == high.tobytes() * len(lows)
    if is_one_minute and b"\0\0" not in lows.tobytes():
        return (high[0] << 16 if high else 0), lows
    least = min(packed)
    if not least or max(packed) - least >= _MAX_NARROW:
        return 0, packed
    return least - 1, array("H", [milli - least + 1 for milli in packed])


def known_times(micros: Iterable[int]) -> list[int]:
    """Times of the lines that have one."""
    return [micro for micro in micros if micro != NO_TIME]


def to_micros(times: Sequence[datetime | None]) -> list[int]:
    """Each time in microseconds since 1970 UTC."""
    present = [time for time in times if time is not None]
    if len(present) < len(times):
        return [NO_TIME if time is None else (time - EPOCH) // _MICROSECOND for time in times]
    if not present:
        return []
    # Subtracting times of one zone is four times as fast, and the lines of one log share a zone.
    first = present[0]
    base = (first - EPOCH) // _MICROSECOND
    return [base + (time - first) // _MICROSECOND for time in present]


def to_datetime(micros: int) -> datetime | None:
    """The aware time, in UTC."""
    return None if micros == NO_TIME else EPOCH + timedelta(microseconds=micros)
