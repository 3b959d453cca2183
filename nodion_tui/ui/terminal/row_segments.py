"""Part of a row as sent to the terminal: Textual's strip without its caches.

Each of Textual's strips has seven caches. Where every row is painted only once, as in a growing
log, they are most of a frame's allocations and most of the garbage.
"""

from collections.abc import Iterable
from typing import NamedTuple, Self

from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip


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

    def render(self, color_system: ColorSystem) -> str:
        """The output for the terminal, to be written at the row's position."""
        return "".join(
            text if style is None else Strip.render_style(style, text, color_system=color_system)
            for text, style, _ in self.segments
        )


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
