"""Scrolling view of rows that lays out only visible rows and sends only changed columns.

Textual's DataTable and OptionList keep and style every row; here a row exists while it is visible.

A row is laid out once, in `update` or when first requested, and then painted, so that the row
compared with the next one is the row on the terminal. Textual also requests rows that it does not
paint, whenever the mouse moves.
"""

from collections.abc import Callable, Iterable, Sequence

from rich.segment import Segment
from textual.geometry import Region, Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledRow,
    StyledText,
    changed_spans,
    fit_row,
    restyle_span,
    row_text,
    row_width,
    to_strip,
    wrap_row,
)
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.terminal.region_widget import RegionWidget
from nodion_tui.ui.terminal.row_segments import RowSegments


class RowView(ScrollView, RegionWidget, can_focus=True):
    """Shows rows that need no DOM; `update` repaints those that have changed.

    Without rows, the lines of `placeholder` are shown instead.

    Args:
        count: returns the number of rows.
        row: returns the row with an index for a number of columns; it may be shorter or longer.
        row_styles: returns base styles under those of a row's texts, such as that of the cursor.
        id: Textual's widget id.
    """

    ALLOW_SELECT = True

    DEFAULT_CSS = """
    RowView {
        height: 1fr;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
    }
    """

    def __init__(
        self,
        count: Callable[[], int],
        row: Callable[[int, int], StyledRow],
        row_styles: Callable[[int], tuple[str, ...]] = lambda _: (),
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._count, self._row, self._row_styles = count, row, row_styles
        self._styles = WidgetStyles(self)
        self._shown: dict[int, FittedRow] = {}
        self._shown_at: tuple[int, int, int] = (0, 0, 0)
        """The geometry that `_shown` was laid out for."""
        self._painting = False
        self.placeholder: tuple[str, ...] = ()
        """Lines shown while there are no rows."""

    @property
    def row_width(self) -> int:
        """Columns of a row's texts: without the scrollbar, and the column that they keep from it.

        Where room for a scrollbar is kept, it is whether there is one or not.
        """
        return _geometry(self)[0]

    @property
    def row_count(self) -> int:
        """Number of rows."""
        return self._count()

    @property
    def rows_below(self) -> int:
        """Number of rows that are cut off at the bottom."""
        return max(0, self.row_count - self.scroll_offset.y - self.size.height)

    def update(self) -> None:
        """Repaint the visible rows that have changed."""
        self.update_scroll_range()
        self._repaint_changes(self._shown)

    def update_rows(self, indexes: Iterable[int]) -> None:
        """Repaint these rows where they have changed; no other one may have."""
        top = self._shown_at[-1]
        self._repaint_changes(y for index in indexes if (y := index - top) in self._shown)

    def _repaint_changes(self, rows: Iterable[int]) -> None:
        """Lay out rows of the screen again, and repaint what differs."""
        width, line_width, top = self._shown_at
        if self._shown_at != _geometry(self):
            return  # The whole view is being repainted anyway.
        regions = []
        for y in rows:
            before, line = self._shown[y], self._lay_out(y + top, width, line_width)
            self._shown[y] = line
            regions += [
                Region(start, y, stop - start, 1) for start, stop in changed_spans(before, line)
            ]
        if regions:
            self.refresh(*regions)

    def invalidate_layout(self) -> None:
        """Drop all laid-out rows."""
        self._shown.clear()

    def update_scroll_range(self) -> None:
        """Update the scrollbar for the current number of rows.

        Textual recomputes the layout of the whole screen for that; here this happens only if the
        scrollbar appears or disappears, or if the rows end above the visible part.
        """
        size = Size(1, self.row_count)
        if size == self.virtual_size:
            return
        height = self.container_size.height
        overflows = size.height > height
        if overflows != self.show_vertical_scrollbar or self.scroll_y > max(
            0, size.height - height
        ):
            self.virtual_size = size
            return
        self.set_reactive(Widget.virtual_size, size)
        if overflows:
            self.vertical_scrollbar.window_virtual_size = size.height

    def notify_style_update(self) -> None:
        """Textual: the theme, the focus or a class has changed."""
        super().notify_style_update()
        self._styles.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual: the lines of a region, to be painted.

        To find the row under the mouse, Textual calls `render_line` and reads the row's number
        from the style. In painted lines, that would create one style per row, and several caches
        keep the last thousand styles.
        """
        self._painting = True
        try:
            return super().render_lines(crop)
        finally:
            self._painting = False

    def region_segments(self, region: Region) -> Sequence[RowSegments] | None:
        """The rows of a region, of which only these columns are styled.

        Textual paints a selection, and what has a border or rows of padding.
        """
        padding, (width, height) = self.styles.padding, self.size
        is_plain = self.outer_size == (width + padding.width, height)
        if self.text_selection is not None or not is_plain:
            return None
        left, right = (column - padding.left for column in region.column_span)
        lines = self._lines(region.line_range)
        return [_columns_of(line, left, right, self._styles) for line in lines]

    def render_line(self, y: int) -> Strip:
        """Textual: a visible line."""
        (line,), index = self._lines((y,)), y + self.scroll_offset.y
        strip = _with_selection(self, to_strip(line, self._styles.style), index)
        return strip if self._painting else strip.apply_offsets(0, index)

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Textual: the text selected with the mouse."""
        count, width = self.row_count, self.row_width
        last = count if selection.end is None else selection.end.y + 1
        first = 0 if selection.start is None else selection.start.y
        lines = [""] * first
        lines += [row_text(self._row(index, width)) for index in range(first, min(last, count))]
        return selection.extract("\n".join(lines)), "\n"

    def scroll_to_row(self, index: int) -> None:
        """Scroll as little as needed to show a row."""
        top, height = self.scroll_offset.y, self.size.height
        if index < top:
            self.set_top_row(index)
        elif height and index >= top + height:
            self.set_top_row(index - height + 1)

    def set_top_row(self, index: int) -> None:
        """Scroll so that a row is the first visible one."""
        self.scroll_to(y=index, animate=False, force=True, immediate=True)

    def _lines(self, rows: Sequence[int]) -> list[FittedRow]:
        """Visible lines, laid out."""
        geometry = width, line_width, top = _geometry(self)
        if self._shown_at != geometry:
            self._shown.clear()
            self._shown_at = geometry
        for y in rows:
            if y not in self._shown:
                self._shown[y] = self._lay_out(y + top, width, line_width)
        return [self._shown[y] for y in rows]

    def _lay_out(self, index: int, width: int, line_width: int) -> FittedRow:
        count = self._count()
        if index < count:
            row = fit_row(self._row(index, width), width)
            return FittedRow(fit_row(row, line_width), self._row_styles(index))
        if not count and index < len(lines := _wrapped(self.placeholder, width)):
            return FittedRow(fit_row((StyledText(" "), *lines[index]), line_width))
        return FittedRow(fit_row((), line_width))


def _geometry(view: RowView) -> tuple[int, int, int]:
    """Columns of a row's texts, and of a line; the first visible row."""
    line_width = view.scrollable_content_region.width
    has_bar = view.show_vertical_scrollbar or view.styles.scrollbar_gutter == "stable"
    return max(0, line_width - has_bar), line_width, view.scroll_offset.y


def _columns_of(line: FittedRow, left: int, right: int, styles: WidgetStyles) -> RowSegments:
    """The columns `left` to `right` (exclusive) of a line; those below 0 are padding."""
    part, first = line.covering(left, right)
    segments, end = part.segments(styles.style), first + row_width(part.row)
    if left < 0:
        segments.insert(0, Segment(" " * -left, styles.style().background_style))
        first = left
    if end < right:  # under the scrollbar, or padding
        segments.append(Segment(" " * (right - end), styles.style().background_style))
    row = styles.filtered(segments, max(end, right) - first)
    return row.crop(left - first, right - first)


def _with_selection(view: RowView, strip: Strip, index: int) -> Strip:
    selection = view.text_selection
    span = selection.get_span(index) if selection is not None else None
    if span is None:
        return strip
    return restyle_span(strip, span, view.screen.get_component_rich_style("screen--selection"))


def _wrapped(placeholder: tuple[str, ...], width: int) -> list[StyledRow]:
    columns = max(1, width - 2)
    return [line for text in placeholder for line in wrap_row((StyledText(text),), columns)]
