"""Widget that paints complete rows itself.

Textual adds border, padding, opacity and line caches to a widget's output, and computes the
background colours for each row and filter: most of the cost of a row that uses none of these.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.geometry import Region
from textual.strip import Strip

from nodion_tui.ui.terminal.region_widget import RegionWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

if TYPE_CHECKING:
    from textual.color import Color


class RawRowWidget(RegionWidget):
    """Sends the result of `row_segments` unchanged; a subclass paints and filters rows there."""

    ALLOW_SELECT = False  # Textual selects in the omitted layers

    _background: "Color | None" = None

    def row_segments(self, y: int, width: int) -> RowSegments:
        """A row in the full width of the widget; empty unless a subclass paints it."""
        del y  # all rows are equal
        return RowSegments((), width)

    def apply_filters(self, segments: Iterable[Segment], width: int) -> RowSegments:
        """Apply the app's line filters to the segments of a row."""
        if self._background is None:
            self._background = self.background_colors[1]
        filtered = list(segments)
        for line_filter in self.get_line_filters():
            filtered = line_filter.apply(filtered, self._background)
        return RowSegments(tuple(filtered), width)

    def region_segments(self, region: Region) -> Sequence[RowSegments]:
        """The rows of a region of the widget."""
        left, right = region.column_span
        width = self.size.width
        return [self.row_segments(y, width).crop(left, right) for y in region.line_range]

    def render_line(self, y: int) -> Strip:
        """Textual: a row as a strip."""
        return self.render_lines(Region(0, y, self.size.width, 1))[0]

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual: the rows of a region, for its own compositor."""
        return [Strip(row.segments, row.width) for row in self.region_segments(crop)]

    def notify_style_update(self) -> None:
        """Textual: the theme, the focus or a class has changed."""
        super().notify_style_update()
        self._background = None
