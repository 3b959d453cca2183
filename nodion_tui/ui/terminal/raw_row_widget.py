"""A widget that paints its rows itself, from edge to edge.

Textual lays border, padding, opacity and cached lines around what a widget renders, and works out
the colours behind it for each row and filter: most of the cost of a row that has none of these.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.terminal.row_segments import RowSegments

if TYPE_CHECKING:
    from textual.color import Color


class RawRowWidget(Widget):
    """Sends what `stripe` gives, as it is: it is `finished` there."""

    ALLOW_SELECT = False  # that is done by what is left out

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._ground: Color | None = None

    def stripe(self, y: int, width: int) -> RowSegments:
        """A row, as wide as the widget is."""
        raise NotImplementedError

    def finished(self, segments: Iterable[Segment], width: int) -> RowSegments:
        """Segments of so many columns that have passed the app's filters."""
        if self._ground is None:
            self._ground = self.background_colors[1]
        painted = list(segments)
        for filtering in self.get_line_filters():
            painted = filtering.apply(painted, self._ground)
        return RowSegments(tuple(painted), width)

    def stripes(self, part: Region) -> Sequence[RowSegments]:
        """Rows of a part of the widget."""
        left, right = part.column_span
        width = self.size.width
        return [self.stripe(y, width).crop(left, right) for y in part.line_range]

    def render_line(self, y: int) -> Strip:
        """Textual: a row, for whoever asks for strips."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual: rows of a part, for its own compositor."""
        return [Strip(stripe.segments, stripe.width) for stripe in self.stripes(crop)]

    def notify_style_update(self) -> None:
        """Textual: the theme, the focus or a class has changed."""
        super().notify_style_update()
        self._ground = None
