"""The lines of a log on screen: paints what its Reader says, row by row, and only what changed."""

from dataclasses import replace

from textual import events, on
from textual.geometry import Region
from textual.message import Message

from nodion_tui.ui.log.mouse import LogMouse
from nodion_tui.ui.log.render.line_styles import LogStyles, look_of
from nodion_tui.ui.log.render.line_text import LineSegment, TextRole
from nodion_tui.ui.log.render.row_painter import LogRow, paint
from nodion_tui.ui.log.screen_rows import Annotations, gutter, rows
from nodion_tui.ui.log.viewport.selection import TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

_FRAME = 2
"""Columns that the frame takes, left and right."""

_STYLING = 100
"""Bytes that the colours of a row take, about."""

_WHEEL = 3
"""Rows that one step of the wheel scrolls."""

_SCREENFULS = 4
"""Painted rows that are kept, beyond them those on screen alone."""


class LogView(RawRowWidget, can_focus=True):
    """A window on one log.

    Who changes the reader or the marks calls `repaint`; nothing is painted by itself. A selection
    is ours, not Textual's: it outlives scrolling, wrapping and dropped lines.
    """

    DEFAULT_CSS = """
    LogView { height: 1fr; }
    """

    class Moved(Message):
        """The window, the cursor or the selection has changed at a person's hand."""

    class Opened(Message):
        """The mouse asks for what the cursor's line holds."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.viewport: LogViewport | None = None
        self.annotations = Annotations()
        self.placeholder: tuple[str, ...] = ()
        """What stands in the middle while there is no line: a title, and lines under it."""
        self._pointer = LogMouse(self)
        self._rows: list[LogRow] = []
        self._thumb: range = range(0)
        self._stripes: dict[tuple[LogRow, int], RowSegments] = {}
        self._look: LogStyles | None = None
        self._focused = False

    def open(self, reader: LogViewport | None, marks: Annotations | None = None) -> None:
        """Show another log, or none."""
        self.viewport = reader
        self.annotations = marks or Annotations()
        self.repaint()

    def repaint(self) -> int:
        """Bring the screen up to date; only rows that look different are sent.

        Returns:
            About how many bytes that takes.
        """
        before, thumb = self._rows, self._thumb
        self._compute()
        width, height = self.size
        if not self.is_mounted or not width:
            return 0
        changed = [y for y in range(height) if _at(before, y) != _at(self._rows, y)]
        if before:
            regions = [_within(_at(before, y), _at(self._rows, y), y, width) for y in changed]
        else:
            regions = [Region(0, 0, width, height)]
        if thumb != self._thumb:
            regions.append(Region(width - 1, 0, 1, height))
        if regions:
            self.refresh(*regions)
        return len(changed) * (width + _STYLING)

    def moved(self) -> None:
        """Repaint, and tell that a person has changed something."""
        selection = self.annotations.selection
        if selection is not None and selection.whole_lines and self.viewport is not None:
            self.annotations.selection = replace(selection, head=TextPosition(self.viewport.cursor))
        self.repaint()
        self.post_message(self.Moved())

    def open_line(self) -> None:
        """Ask for what the cursor's line holds."""
        self.post_message(self.Opened())

    @property
    def text_left(self) -> int:
        """The column of the widget where the lines' text begins."""
        return 1 + (gutter(self.viewport) if self.viewport else 0)

    def stripe(self, y: int, width: int) -> RowSegments:
        """One row."""
        row = _at(self._rows, y) or self._empty(y)
        if y in self._thumb:
            row = replace(row, right="┃")
        stripe = self._stripes.get((row, width))
        if stripe is None:
            stripe = self.finished(paint(row, width, self._styles()), width)
            self._stripes[(row, width)] = stripe
        return stripe

    def notify_style_update(self) -> None:
        """The theme or the focus has changed: every style is looked up again."""
        super().notify_style_update()
        self._look = None
        self._stripes.clear()

    @on(events.Resize)
    def _resized(self) -> None:
        self.repaint()

    def frame_on(self, *, focused: bool) -> None:
        """Look as what has the focus, or as what has not."""
        if focused != self._focused:
            self._focused = focused
            self.notify_style_update()
            self.refresh()

    @on(events.MouseScrollDown)
    def _wheel_down(self, event: events.MouseScrollDown) -> None:
        self._wheel(event, _WHEEL)

    @on(events.MouseScrollUp)
    def _wheel_up(self, event: events.MouseScrollUp) -> None:
        self._wheel(event, -_WHEEL)

    @on(events.MouseDown)
    def _pressed(self, event: events.MouseDown) -> None:
        self._pointer.down(event)

    @on(events.MouseMove)
    def _dragged(self, event: events.MouseMove) -> None:
        self._pointer.move(event)

    @on(events.MouseUp)
    def _released(self, event: events.MouseUp) -> None:
        self._pointer.up(event)

    @on(events.Click)
    def _clicked(self, event: events.Click) -> None:
        self._pointer.click(event)

    def _wheel(self, event: events.MouseEvent, rows: int) -> None:
        event.stop()
        event.prevent_default()
        if self.viewport is None:
            return
        if event.shift or event.ctrl:
            self.viewport.scroll_columns(4 * rows)
        else:
            self.viewport.scroll(rows)
        self.moved()

    def _compute(self) -> None:
        reader = self.viewport
        self._rows, self._thumb = [], range(0)
        if reader is not None and self.size:
            reader.set_size(self.size.width - _FRAME - gutter(reader), self.size.height)
            self._rows = rows(reader, self.annotations, self._styles())
            self._thumb = reader.thumb()
            self._forget()

    def _forget(self) -> None:
        """Keep few more painted rows than there are on screen."""
        if len(self._stripes) > _SCREENFULS * self.size.height:
            shown = set(self._rows)
            self._stripes = {at: it for at, it in self._stripes.items() if at[0] in shown}

    def _empty(self, y: int) -> LogRow:
        """A row without a line: part of the message in the middle, or nothing."""
        if self._rows or not self.placeholder:
            return LogRow(pieces=())
        number = y - max(0, (self.size.height - len(self.placeholder)) // 2)
        if not 0 <= number < len(self.placeholder):
            return LogRow(pieces=())
        text = self.placeholder[number].center(max(0, self.size.width - _FRAME - 1)).rstrip()
        return LogRow(pieces=(LineSegment(text, role=TextRole.FAINT if number else TextRole.TEXT),))

    def _styles(self) -> LogStyles:
        if self._look is None:
            self._look = look_of(self, focused=self._focused)
        return self._look


def _at(rows_: list[LogRow], y: int) -> LogRow | None:
    return rows_[y] if y < len(rows_) else None


def _within(before: LogRow | None, after: LogRow | None, y: int, width: int) -> Region:
    """What of a changed row has to be sent: not the frame, if that is as it was."""
    frames = {(row.left, row.right) for row in (before, after) if row is not None}
    return Region(1, y, width - 2, 1) if frames <= {("│", "│")} else Region(0, y, width, 1)
