"""A stretch of a row as it is sent to the terminal: what Textual's strip is, without its caches.

Each of Textual's strips has seven of those. Where every row is painted once and then never again,
as in a log that grows, they are most of what a frame makes, and most of what has to be collected.
"""

from collections.abc import Iterable
from typing import NamedTuple, Self

from rich.color import ColorSystem
from rich.segment import Segment
from textual.strip import Strip


class RowSegments(NamedTuple):
    """Segments side by side; equal ones look the same."""

    segments: tuple[Segment, ...]
    width: int
    """Columns."""

    @classmethod
    def of(cls, strip: Strip) -> Self:
        """What Textual has rendered."""
        return cls(tuple(strip), strip.cell_length)

    @property
    def text(self) -> str:
        """What stands there."""
        return "".join(segment.text for segment in self.segments)

    def crop(self, start: int, stop: int) -> "RowSegments":
        """The columns from one to before another; half a wide character is a space."""
        start, stop = max(start, 0), min(stop, self.width)
        if (start, stop) == (0, self.width):
            return self
        if start >= stop:
            return RowSegments((), 0)
        return RowSegments(tuple(_within(self.segments, start, stop)), stop - start)

    def render(self, color_system: ColorSystem) -> str:
        """What is written to the terminal, at the place where it is to stand."""
        return "".join(
            text if style is None else Strip.render_style(style, text, color_system=color_system)
            for text, style, _ in self.segments
        )


def _within(segments: Iterable[Segment], start: int, stop: int) -> Iterable[Segment]:
    begin = 0
    for whole in segments:
        if begin >= stop:
            return
        segment, end = whole, begin + whole.cell_length
        if end > start:
            if begin < start:
                segment = segment.split_cells(start - begin)[1]
            if end > stop:
                segment = segment.split_cells(stop - max(begin, start))[0]
            yield segment
        begin = end
