"""Finds what a frame shows in other rows than the terminal, so that the terminal can move it.

A scroll region (DECSTBM) holds whole rows, so their frames must be alike in each. curses does this
with hashed rows as well, but owns the whole screen; pieces of rows are known here only in part.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from nodion_tui.ui.terminal.row_segments import RowSegments

Rows = Mapping[int, RowSegments]
"""Number of a row on the screen, from 0 → its content over the full width."""

MIN_MOVED = 3
"""Fewest rows that are moved; fewer take as many bytes."""
_MAX_ALIKE = 3
"""Rows that look like more others than these tell no direction: empty ones."""
_MAX_GAP = 2
"""Rows between moved ones that differ: the cursor, an end of the scroll bar."""


class Scroll(msgspec.Struct, frozen=True):
    """Rows that move up, or down if `by` is negative; the rows that become free are unknown."""

    top: int
    """First row of the region."""
    bottom: int
    """Row after the last one."""
    by: int

    @property
    def sequence(self) -> str:
        """The output for the terminal (VT100): region, position, index or reverse index, no region.

        Positions are absolute afterwards, as the cursor moves.
        """
        region = f"\x1b[{self.top + 1};{self.bottom}r"
        if self.by > 0:
            return f"{region}\x1b[{self.bottom}H{_INDEX * self.by}{_NO_REGION}"
        return f"{region}\x1b[{self.top + 1}H{_REVERSE_INDEX * -self.by}{_NO_REGION}"

    def source(self, y: int) -> int | None:
        """The row that moves to a row of the region; None for a free one."""
        source = y + self.by
        return source if self.top <= source < self.bottom else None


_INDEX, _REVERSE_INDEX, _NO_REGION = "\x1bD", "\x1bM", "\x1b[r"


def find_scroll(shown: Rows, wanted: Rows) -> Scroll | None:
    """The scroll that brings most rows to their place; None if it is not worth it.

    Args:
        shown: what the terminal shows.
        wanted: what it shall show, for the same rows.
    """
    offset = _offset(shown, wanted)
    if offset is None:
        return None
    moved = [y for y in wanted if shown.get(y + offset) == wanted[y]]
    first, last = max(_spans(moved), key=lambda span: span[1] - span[0])
    scroll = (
        Scroll(first, last + 1 + offset, offset)
        if offset > 0
        else Scroll(first + offset, last + 1, offset)
    )
    saved = sum(first <= y <= last and shown.get(y) != wanted[y] for y in moved)
    spoiled = sum(
        shown.get(y) == wanted[y] and not first <= y <= last
        for y in range(scroll.top, scroll.bottom)
        if y in wanted
    )
    return scroll if saved - spoiled >= MIN_MOVED else None


def _offset(shown: Rows, wanted: Rows) -> int | None:
    """How many rows further down the terminal shows what is wanted, for most of the rows."""
    places: dict[RowSegments, list[int]] = {}
    for y, row in shown.items():
        places.setdefault(row, []).append(y)
    votes = Counter(
        source - y
        for y, row in wanted.items()
        if shown.get(y) != row and len(sources := places.get(row, ())) <= _MAX_ALIKE
        for source in sources
    )
    [(offset, count)] = votes.most_common(1) or [(0, 0)]
    return offset if count >= MIN_MOVED else None


def _spans(rows: list[int]) -> Iterator[tuple[int, int]]:
    """First and last of rows that follow each other, with small gaps."""
    start = previous = rows[0]
    for y in rows[1:]:
        if y - previous > _MAX_GAP + 1:
            yield start, previous
            start = y
        previous = y
    yield start, previous
