"""Two logs side by side: equal lines are dimmed, differences are marked and highlighted.

Above them is what the two runs executed, and how that differs.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.compare.comparison import Comparison, differing_words
from nodion_tui.ui.log.compare.executed_rows import ExecutedRow, wrapped_rows
from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole
from nodion_tui.ui.paint.widget_styles import WidgetStyles

_MAX_COLUMNS = 4096
"""Columns of a line that are shown and compared by words."""

_CUT = "›"
"""Where a line goes on beyond its half; `l` scrolls there."""
_SCROLL_COLUMNS = 8

Spans = list[tuple[int, int]]


class CompareView(ScrollView, can_focus=True):
    """The rows of a comparison: reference log on the left, current log on the right."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    CompareView { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.placeholder: tuple[str, ...] = ()
        """Text shown while there is no comparison."""
        self._buffers: tuple[LogBuffer, LogBuffer] | None = None
        self._comparison: Comparison | None = None
        self._told: Sequence[ExecutedRow] = ()
        self._executed: Sequence[ExecutedRow] = ()
        """What is told of what was run, as it is, and wrapped."""
        self._first_column = 0
        self._current_row: int | None = None
        self._styles = WidgetStyles(self, LOG_STYLES)
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(512)

    def show(
        self,
        left: LogBuffer,
        right: LogBuffer,
        comparison: Comparison | None,
        executed: Sequence[ExecutedRow] = (),
    ) -> None:
        """Show a comparison, or the placeholder while it is None; what was run is above it."""
        self._buffers, self._comparison = (left, right), comparison
        self._told = executed
        self._first_column, self._current_row = 0, None
        self._wrap()
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def on_resize(self) -> None:
        """Textual: texts across both halves are wrapped again."""
        self._wrap()

    def _wrap(self) -> None:
        self._strips.clear()
        self._executed = wrapped_rows(self._told, self.scrollable_content_region.width)
        rows = max(len(self._comparison), 1) if self._comparison is not None else 0
        self.virtual_size = Size(1, len(self._executed) + rows)

    def clear(self) -> None:
        """Show nothing and release both logs."""
        self._buffers = self._comparison = None
        self._told = self._executed = ()
        self._strips.clear()

    def next_change(self, *, back: bool = False) -> int | None:
        """Scroll to the next or previous difference; its row, or None."""
        if self._comparison is None:
            return None
        find = self._comparison.previous_change if back else self._comparison.next_change
        row = find(self._search_start(back=back))
        if row is not None:
            self._current_row = row
            y = row + len(self._executed)
            self.scroll_to(y=max(0, y - self.size.height // 4), animate=False)
        return row

    def _search_start(self, *, back: bool) -> int:
        """Row to search from: the current difference if on screen, else the edge of the window."""
        top = self.scroll_offset.y - len(self._executed)
        bottom = top + self.size.height
        if self._current_row is not None and top <= self._current_row < bottom:
            return self._current_row
        return bottom if back else top - 1

    def scroll_columns(self, steps: int) -> None:
        """Scroll both halves horizontally, at most to the end of the longest line on screen."""
        left = max(0, self._first_column + steps * _SCROLL_COLUMNS)
        if left != self._first_column and (steps < 0 or self._reaches(left)):
            self._first_column = left
            self.refresh()

    def _reaches(self, column: int) -> bool:
        """Whether a line on screen extends to this column."""
        if self._comparison is None:
            return False
        top = self.scroll_offset.y
        visible = self._executed[top : top + self.size.height]
        executed = [line for row in visible for line in (row.left, row.right)]
        if any(line and LineText(line).reaches(column) for line in executed):
            return True
        top -= len(self._executed)
        for row in range(max(top, 0), min(top + self.size.height, len(self._comparison))):
            at_left, at_right, _ = self._comparison.row(row)
            lines = (self._line(0, at_left), self._line(1, at_right))
            if any(line and LineText(line).reaches(column) for line in lines):
                return True
        return False

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Textual: a visible row."""
        width, y = self.scrollable_content_region.width, y + self.scroll_offset.y
        row = y - len(self._executed)
        if self._comparison is None or row >= len(self._comparison):
            return self._placeholder_row(row, width)
        key = (row, width, self._first_column)
        strip = self._strips.get(key)
        if strip is None:
            cells = (
                self._executed_row(self._executed[y], width)
                if row < 0
                else self._row(self._comparison, row, width)
            )
            strip = self._strips[key] = Strip(cells, width)
        return strip

    def _placeholder_row(self, y: int, width: int) -> Strip:
        empty = self._comparison is None or not len(self._comparison)
        text = f" {self.placeholder[y]}" if empty and 0 <= y < len(self.placeholder) else ""
        line = LineText.from_segments([LineSegment(text)]).text(0, width)
        return Strip([Segment(line, self._styles.style("facts"))]).adjust_cell_length(
            width, self._styles.style("")
        )

    def _row(self, comparison: Comparison, row: int, width: int) -> list[Segment]:
        """Both halves of a row."""
        at_left, at_right, same = comparison.row(row)
        left, right = self._line(0, at_left), self._line(1, at_right)
        return self._halves(left, right, width, same=same)

    def _executed_row(self, row: ExecutedRow, width: int) -> list[Segment]:
        """A row of what was run: both halves, or a text across them."""
        if not row.text:
            return self._halves(row.left, row.right, width, same=False, exact=True)
        text = LineText.from_segments([LineSegment(row.text)]).text(0, width)
        return [Segment(f"{text}{' ' * (width - cell_len(text))}", self._styles.style("facts"))]

    def _halves(
        self,
        left: str | None,
        right: str | None,
        width: int,
        *,
        same: bool,
        exact: bool = False,
    ) -> list[Segment]:
        spans: tuple[Spans, Spans] = ([], [])
        if not same and left is not None and right is not None:
            differing = differing_words(left, right, exact=exact)
            spans = _useful_highlights(left, right, differing)
        half = max(0, (width - 3) // 2)
        rest = max(0, width - 3 - half)
        return [
            *self._half("-", left, spans[0], half, "facts" if same else "gone"),
            Segment("│", self._styles.style("frame")),
            *self._half("+", right, spans[1], rest, "facts" if same else "new"),
        ]

    def _half(
        self, sign: str, text: str | None, spans: Spans, width: int, style_name: str
    ) -> Iterator[Segment]:
        if text is None:
            yield Segment(" " * (width + 1), self._styles.style(""))
            return
        style = self._styles.style(style_name)
        yield Segment(" " if style_name == "facts" else sign, style)
        first, line = self._first_column, LineText.from_segments(_segments(text, spans))
        end = _CUT if line.reaches(first + width) else ""
        free_columns = width - len(end)
        for segment in line.slice(first, first + free_columns):
            free_columns -= cell_len(segment.text)
            highlighted = (
                self._styles.style(f"{style_name}-lit") if segment.role is TextRole.KEY else style
            )
            yield Segment(segment.text, highlighted)
        yield Segment(" " * free_columns, style)
        yield Segment(end, style)

    def _line(self, side: int, index: int | None) -> str | None:
        if index is None or self._buffers is None:
            return None
        return LineText(self._buffers[side].entry(index).body).text(0, _MAX_COLUMNS)


def _useful_highlights(left: str, right: str, spans: tuple[Spans, Spans]) -> tuple[Spans, Spans]:
    """Drop the highlights of lines that have little in common."""
    highlighted = sum(stop - start for side in spans for start, stop in side)
    return spans if 2 * highlighted <= len(left) + len(right) else ([], [])


def _segments(text: str, spans: Spans) -> Iterator[LineSegment]:
    """The text in segments; highlighted ones have the role KEY."""
    end = 0
    for start, stop in spans:
        yield LineSegment(text[end:start])
        yield LineSegment(text[start:stop], role=TextRole.KEY)
        end = stop
    yield LineSegment(text[end:])
