"""Part of a row as sent to the terminal: Textual's strip without its caches.

Each of Textual's strips has seven caches. Where every row is painted only once, as in a growing
log, they are most of a frame's allocations and most of the garbage.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Self

from rich.segment import Segment
from textual.strip import Strip

from nodion_tui.ui.terminal.output.sgr_writer import SgrWriter

_UNCERTAIN = re.compile(
    "[\u20d0-\u20ff\ufe0e\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U0001f6d0-\U0001f6df"
    "\U0001f6e9-\U0001f6ff\U0001f7d5-\U0001f7ff\U0001f900-\U0001faff]"
)
"""Emoji since Unicode 8 (2015) and parts of clusters: narrow for a terminal with older tables."""

_NARROW = re.compile(
    "[ -~\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0377\u0384-\u0482\u048a-\u052f"
    "\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25fc]*"
)
"""Text of characters that no terminal draws over two columns, nor none, but in East Asian fonts."""


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

    @classmethod
    def joined(cls, parts: Iterable["RowSegments"]) -> Self:
        """Adjacent parts as one; equal to every other division of what looks the same."""
        segments: list[Segment] = []
        width = 0
        for part in parts:
            width += part.width
            for segment in part.segments:
                if segments and segments[-1].style == segment.style:
                    segments[-1] = Segment(segments[-1].text + segment.text, segment.style)
                elif segment.text:
                    segments.append(segment)
        return cls(tuple(segments), width)

    def fitted(self, width: int) -> "RowSegments":
        """Exactly this wide: a widget that is being removed may render less than its region."""
        if self.width == width:
            return self
        return RowSegments(tuple(Strip(self.segments).adjust_cell_length(width)), width)

    def crop(self, start: int, stop: int) -> "RowSegments":
        """The columns `start` to `stop` (exclusive); half a wide character becomes a space."""
        start, stop = max(start, 0), min(stop, self.width)
        if (start, stop) == (0, self.width):
            return self
        if start >= stop:
            return RowSegments((), 0)
        return RowSegments(tuple(_crop(self.segments, start, stop)), stop - start)

    def render(self, writer: SgrWriter, x: int) -> str:
        """The output for the terminal, to be written at the row's position.

        Segments with characters about whose width terminals disagree are written over blanks, and
        what follows is placed by its column: nothing is shifted.

        Args:
            writer: what the terminal writes with.
            x: the column of the position, from 0.
        """
        if not any(map(_is_uncertain, self.segments)):
            return "".join(map(writer.write, self.segments))
        return "".join(self._placed(writer, x))

    def _placed(self, writer: SgrWriter, x: int) -> Iterator[str]:
        for segment in self.segments:
            end = x + segment.cell_length
            if _is_uncertain(segment):
                yield writer.write(segment, " " * (end - x))
                yield f"{_to_column(x)}{writer.write(segment)}{_to_column(end)}"
            else:
                yield writer.write(segment)
            x = end


class PaintedRow(NamedTuple):
    """Segments of a row and their position, from 0."""

    y: int
    x: int
    segments: RowSegments


def is_narrow(text: str) -> bool:
    """Whether each character surely takes one column."""
    return _NARROW.fullmatch(text) is not None


def _is_uncertain(segment: Segment) -> bool:
    return not segment.text.isascii() and _UNCERTAIN.search(segment.text) is not None


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
