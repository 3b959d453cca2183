"""One-row text bar; only changed columns are sent.

As in `row_view`, the row that was compared is the row that is painted.
"""

from collections.abc import Iterable, Sequence

from rich.style import Style
from textual import events
from textual.geometry import Region, Size

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledText,
    changed_spans,
    fit_row,
    row_width,
)
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments


class TextBar(RawRowWidget):
    """Shows one row, `pieces`; `update` repaints its changes."""

    DEFAULT_CSS = """
    TextBar { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._styles = WidgetStyles(self)
        self._shown: FittedRow | None = None

    def pieces(self, width: int) -> Iterable[StyledText]:  # noqa: ARG002 - used by overrides
        """The texts of the bar for this many columns; none, unless overridden."""
        return ()

    def update(self) -> None:
        """Repaint only changed columns."""
        before, line = self._shown, self._lay_out()
        if before is None:
            return  # The whole bar is being repainted anyway.
        self._shown = line
        if spans := changed_spans(before, line):
            self.refresh(*(Region(start, 0, stop - start, 1) for start, stop in spans))

    def invalidate_layout(self) -> None:
        """Drop the laid-out row."""
        self._shown = None

    def notify_style_update(self) -> None:
        """Textual: the theme or a class has changed."""
        super().notify_style_update()
        self._styles.clear()

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's
        """Textual: the full available width."""
        return container.width

    def style_of(self, *names: str) -> Style:
        """The Rich style of a combination of named styles."""
        return self._styles.style(*names)

    def line(self, y: int, width: int) -> FittedRow:
        """The row; there is only one."""
        if y:
            return FittedRow(fit_row((), width))
        if self._shown is None or row_width(self._shown.row) != width:
            self._shown = self._lay_out()
        return self._shown

    def row_segments(self, y: int, width: int) -> RowSegments:
        """A row in the styles of the bar."""
        return self._painted(self.line(y, width))

    def region_segments(self, region: Region) -> Sequence[RowSegments]:
        """The rows of a region, of which only these columns are styled."""
        left, right = region.column_span
        rows = (self.line(y, self.size.width).covering(left, right) for y in region.line_range)
        return [self._painted(row).crop(left - first, right - first) for row, first in rows]

    def _painted(self, row: FittedRow) -> RowSegments:
        return self.apply_filters(row.segments(self.style_of), row_width(row.row))

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: lay out the row for the new width."""
        self.update()

    def _lay_out(self) -> FittedRow:
        return FittedRow(fit_row(self.pieces(self.size.width), self.size.width))
