"""Part of a row as sent to the terminal: Textual's strip without its caches.

Each of Textual's strips has seven caches. Where every row is painted only once, as in a growing
log, they are most of a frame's allocations and most of the garbage.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip

_UNCERTAIN = re.compile(
    "[\u20d0-\u20ff\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U0001f6d0-\U0001f6df"
    "\U0001f6e9-\U0001f6ff\U0001f7d5-\U0001f7ff\U0001f900-\U0001faff]"
)
"""Emoji since Unicode 8 (2015) and parts of clusters: narrow for a terminal with older tables."""


class RowSegments(NamedTuple):
    """Adjacent segments; equal ones look the same."""

    segments: tuple[Segment, ...]
    width: int
    """Columns."""

    @classmethod
    def of(cls, strip: Strip) -> Self:
        """Convert a strip rendered by Textual."""
        return cls(tuple(strip), strip.cell_length)

    @property
    def text(self) -> str:
        """The text without styles."""
        return "".join(segment.text for segment in self.segments)

    def crop(self, start: int, stop: int) -> "RowSegments":
        """The columns `start` to `stop` (exclusive); half a wide character becomes a space."""
        start, stop = max(start, 0), min(stop, self.width)
        if (start, stop) == (0, self.width):
            return self
        if start >= stop:
            return RowSegments((), 0)
        return RowSegments(tuple(_crop(self.segments, start, stop)), stop - start)

    def render(self, color_system: ColorSystem, x: int) -> str:
        """The output for the terminal, to be written at the row's position.

        Segments with characters about whose width terminals disagree are written over blanks, and
        what follows is placed by its column: nothing is shifted.

        Args:
            color_system: of the terminal.
            x: the column of the position, from 0.
        """
        if not any(map(_is_uncertain, self.segments)):
            return "".join(
                _styled(segment, segment.text, color_system) for segment in self.segments
            )
        return "".join(self._placed(color_system, x))

    def _placed(self, color_system: ColorSystem, x: int) -> Iterator[str]:
        for segment in self.segments:
            text = _styled(segment, segment.text, color_system)
            end = x + segment.cell_length
            if _is_uncertain(segment):
                yield _styled(segment, " " * (end - x), color_system)
                yield f"{_to_column(x)}{text}{_to_column(end)}"
            else:
                yield text
            x = end


def _is_uncertain(segment: Segment) -> bool:
    return not segment.text.isascii() and _UNCERTAIN.search(segment.text) is not None


def _styled(segment: Segment, text: str, color_system: ColorSystem) -> str:
    if segment.style is None:
        return text
    return Strip.render_style(segment.style, text, color_system=color_system)


def _to_column(column: int) -> str:
    """The sequence that moves the cursor to a column, counted from 0 (ECMA-48, CHA)."""
    return f"\x1b[{column + 1}G"


def _crop(segments: Iterable[Segment], start: int, stop: int) -> Iterable[Segment]:
    begin = 0
    for original in segments:
        if begin >= stop:
            return
        segment, end = original, begin + original.cell_length
        if end > start:
            if begin < start:
                segment = segment.split_cells(start - begin)[1]
            if end > stop:
                segment = segment.split_cells(stop - max(begin, start))[0]
            yield segment
        begin = end
