"""Log view: paints the rows of a viewport, and only those that changed."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from textual import events, on
from textual.geometry import Region
from textual.message import Message

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.ui.log.mouse import LogMouse
from nodion_tui.ui.log.render.line_styles import LogStyles, log_styles
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.log.render.row_painter import LogRow, paint_row
from nodion_tui.ui.log.screen_rows import (
    Annotations,
    gutter_width,
    note_row,
    screen_rows,
    time_column,
)
from nodion_tui.ui.log.viewport.selection import TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

if TYPE_CHECKING:
    from rich.style import Style

_FRAME = 2
"""Columns of the border, left and right."""

_STYLE_BYTES = 100
"""Approximate bytes of a row's colours."""

_WHEEL_ROWS = 3
"""Rows scrolled per wheel step."""

_CACHED_SCREENS = 4
"""Size of the cache of painted rows, in screens; beyond it only visible rows are kept."""


class LogView(RawRowWidget, can_focus=True):
    """Shows one log.

    Callers that change the viewport or the annotations call `repaint`; nothing repaints
    automatically. The selection is not Textual's: it survives scrolling, wrapping and dropped
    lines.
    """

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    """

    class Moved(Message):
        """The user has changed the viewport, the cursor or the selection."""

    class Opened(Message):
        """The user has opened the cursor's line with the mouse."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.placeholder: tuple[str, ...] = ()
        """Centred text while there is no line: a title, and lines under it."""
        self.end_note = ""
        """Dim text below the last line while the end is followed; empty for none."""
        self.frame_style: Callable[[], Style] | None = None
        """Returns the style of the frame; None: that of a log. See `frame_changed`."""
        self._rows: list[LogRow] = []
        self._thumb: range = range(0)
        self._painted_rows: dict[tuple[LogRow, int], RowSegments] = {}
        self._log_styles: LogStyles | None = None
        self._focused = False
        self._set_log(None, None)

    def open(self, viewport: LogViewport | None, annotations: Annotations | None = None) -> None:
        """Show another log, or none."""
        self._mouse.cancel()
        self._set_log(viewport, annotations)
        self.repaint()

    @property
    def is_blank(self) -> bool:
        """Whether no row of a log is shown."""
        return not self._rows

    def _set_log(self, viewport: LogViewport | None, annotations: Annotations | None) -> None:
        self.viewport = viewport or LogViewport(LogBuffer())
        """The viewport of the log; of an empty log where none is shown."""
        self.annotations = annotations or Annotations()
        self._mouse = LogMouse(
            self,
            self.viewport,
            self.annotations,
            moved=self.announce_move,
            open_line=lambda: self.post_message(self.Opened()),
        )

    def repaint(self) -> int:
        """Repaint the rows that look different.

        Returns:
            Approximate number of bytes sent.
        """
        before, thumb = self._rows, self._thumb
        self._compute()
        width, height = self.size
        if not self.is_mounted or not width:
            return 0
        changed = [y for y in range(height) if _row_at(before, y) != _row_at(self._rows, y)]
        if before:
            regions = [
                _changed_region(_row_at(before, y), _row_at(self._rows, y), y, width)
                for y in changed
            ]
        else:
            regions = [Region(0, 0, width, height)]
        if thumb != self._thumb:
            regions.append(Region(width - 1, 0, 1, height))
        if regions:
            self.refresh(*regions)
        return len(changed) * (width + _STYLE_BYTES)

    def announce_move(self) -> None:
        """Repaint after an action of the user, and post `Moved`."""
        selection = self.annotations.selection
        if selection is not None and selection.whole_lines:
            self.annotations.selection = replace(selection, head=TextPosition(self.viewport.cursor))
        self.repaint()
        self.post_message(self.Moved())

    def row_segments(self, y: int, width: int) -> RowSegments:
        """One row."""
        row = _row_at(self._rows, y) or self._empty(y)
        if y in self._thumb:
            row = replace(row, right_border="┃")
        segments = self._painted_rows.get((row, width))
        if segments is None:
            segments = self.apply_filters(paint_row(row, width, self._styles()), width)
            self._painted_rows[(row, width)] = segments
        return segments

    def notify_style_update(self) -> None:
        """Textual: the theme or the focus has changed; styles are resolved again."""
        super().notify_style_update()
        self._log_styles = None
        self._painted_rows.clear()

    def frame_changed(self) -> None:
        """Repaint with the style that `frame_style` returns."""
        self._painted_rows.clear()
        self.refresh()

    @on(events.Resize)
    def _resized(self) -> None:
        self.repaint()

    def set_focused(self, *, focused: bool) -> None:
        """Use the styles of a focused or unfocused view."""
        if focused != self._focused:
            self._focused = focused
            self.notify_style_update()
            self.refresh()

    @on(events.MouseDown)
    def _pressed(self, event: events.MouseDown) -> None:
        self._mouse.down(event)

    @on(events.MouseMove)
    def _dragged(self, event: events.MouseMove) -> None:
        self._mouse.move(event)

    @on(events.MouseUp)
    def _released(self, event: events.MouseUp) -> None:
        self._mouse.up(event)

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        self._mouse.click(event)

    @on(events.MouseScrollDown)
    @on(events.MouseScrollUp)
    def _wheel_turned(self, event: events.MouseEvent) -> None:
        event.stop()
        event.prevent_default()
        rows = _WHEEL_ROWS if isinstance(event, events.MouseScrollDown) else -_WHEEL_ROWS
        if event.shift or event.ctrl:
            self.viewport.scroll_columns(4 * rows)
        else:
            self.viewport.scroll(rows)
        self.announce_move()

    def _compute(self) -> None:
        viewport = self.viewport
        self._rows, self._thumb = [], range(0)
        if self.size:
            column = time_column(viewport, self.annotations, self.size.width)
            if viewport.days.set_column(column):
                viewport.sync()
            has_note = bool(self.end_note) and viewport.follow and self.size.height > 1
            height = self.size.height - has_note
            viewport.set_size(self.size.width - _FRAME - gutter_width(viewport), height)
            self._rows = screen_rows(viewport, self.annotations, self._styles())
            if has_note and self._rows:
                self._rows.append(note_row(viewport, self.end_note))
            self._thumb = viewport.scrollbar_thumb()
            self._limit_cache()

    def _limit_cache(self) -> None:
        """Limit the cache of painted rows."""
        if len(self._painted_rows) > _CACHED_SCREENS * self.size.height:
            shown = set(self._rows)
            self._painted_rows = {
                key: row for key, row in self._painted_rows.items() if key[0] in shown
            }

    def _empty(self, y: int) -> LogRow:
        """A row without a line: part of the placeholder, or empty."""
        if self._rows or not self.placeholder:
            return LogRow(segments=())
        number = y - max(0, (self.size.height - len(self.placeholder)) // 2)
        if not 0 <= number < len(self.placeholder):
            return LogRow(segments=())
        text = self.placeholder[number].center(max(0, self.size.width - _FRAME - 1)).rstrip()
        return LogRow(
            segments=(LineSegment(text, role=TextRole.FAINT if number else TextRole.TEXT),)
        )

    def _styles(self) -> LogStyles:
        if self._log_styles is None:
            self._log_styles = log_styles(self, focused=self._focused)
        if self.frame_style is not None:
            frame = self.frame_style()
            if self._log_styles.frame is not frame:
                self._log_styles = replace(self._log_styles, frame=frame)
        return self._log_styles


def _row_at(rows_: list[LogRow], y: int) -> LogRow | None:
    return rows_[y] if y < len(rows_) else None


def _changed_region(before: LogRow | None, after: LogRow | None, y: int, width: int) -> Region:
    """The region of a changed row to send: without the border if that is unchanged."""
    frames = {(row.left_border, row.right_border) for row in (before, after) if row is not None}
    return Region(1, y, width - 2, 1) if frames <= {("│", "│")} else Region(0, y, width, 1)
