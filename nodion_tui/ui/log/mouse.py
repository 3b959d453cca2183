"""Mouse control of a log: a click sets the cursor, a drag selects, the scrollbar scrolls.

A click left of a line's text opens the line, like Enter.
"""

import re
from typing import Protocol

from rich.cells import cell_len
from textual import events
from textual.geometry import Size

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.screen_rows import Annotations
from nodion_tui.ui.log.viewport.selection import LINE_END, Selection, TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport

_WORDS = re.compile(r"\s+|\S+")
_WORD_REACH = 4096
"""Columns to the right that are searched for the end of a word."""


class LogSurface(Protocol):
    """The widget that shows a log, as far as the mouse changes it."""

    viewport: LogViewport
    annotations: Annotations

    @property
    def size(self) -> Size:
        """Columns and rows of the widget."""

    @property
    def text_column(self) -> int:
        """The column where the text of lines begins."""

    def capture_mouse(self) -> None:
        """Receive mouse events outside the widget too."""

    def release_mouse(self) -> None:
        """Stop receiving mouse events outside the widget."""

    def announce_move(self) -> None:
        """Repaint after the cursor, the selection or the scroll position has changed."""

    def open_line(self) -> None:
        """Open the cursor's line."""


class LogMouse:
    """Handles the mouse events that a log's widget forwards."""

    def __init__(self, view: LogSurface) -> None:
        self._view = view
        self._anchor: TextPosition | None = None
        self._on_bar = False

    def down(self, event: events.MouseDown) -> None:
        """Button pressed: start a selection, or drag the scrollbar."""
        viewport = self._view.viewport
        if event.button != 1 or not len(viewport.entries):
            return
        self._view.capture_mouse()
        self._on_bar = event.x >= self._view.size.width - 1
        if self._on_bar:
            self._drag_bar(viewport, event.y)
        else:
            self._anchor = self._point(viewport, event)
            self._view.annotations.selection = None

    def move(self, event: events.MouseMove) -> None:
        """Mouse moved with the button held: extend the selection."""
        viewport = self._view.viewport
        if not event.button:
            return
        if self._on_bar:
            self._drag_bar(viewport, event.y)
        elif self._anchor is not None:
            self._scroll_at_edge(viewport, event.y)
            head = self._point(viewport, event)
            self._view.annotations.selection = (
                Selection(self._anchor, head) if head != self._anchor else None
            )
            self._view.announce_move()

    def up(self, event: events.MouseUp) -> None:
        """Button released: set the cursor unless text was selected."""
        self._view.release_mouse()
        viewport = self._view.viewport
        if self._anchor is not None and not self._view.annotations.selection:
            index = self._point(viewport, event).index
            viewport.set_cursor(index)
            self._view.announce_move()
            dropped = viewport.layouts.get(index).kind is EntryKind.DROPPED
            if dropped or event.x < self._view.text_column:
                self._view.open_line()
        self._anchor, self._on_bar = None, False

    def click(self, event: events.Click) -> None:
        """Double click selects a word, triple click the line."""
        viewport = self._view.viewport
        if event.chain < 2 or not len(viewport.entries):
            return
        point = self._point(viewport, event)
        line = viewport.layouts.get(point.index).lines[point.line_index]
        text = line.text(0, point.column + _WORD_REACH)
        start, stop = (0, LINE_END) if event.chain > 2 else _word(text, point.column)
        self._view.annotations.selection = Selection(
            TextPosition(point.index, point.line_index, start),
            TextPosition(point.index, point.line_index, stop),
        )
        self._view.announce_move()

    def _point(self, viewport: LogViewport, event: events.MouseEvent) -> TextPosition:
        """The text position under the mouse, or the nearest one."""
        page = viewport.visible_rows()
        entry_row = page[min(max(event.y, 0), len(page) - 1)]
        row_slice = viewport.layouts.get(entry_row.index).row_slice(entry_row.row, viewport.wrap)
        column = max(event.x - self._view.text_column, 0) + (
            row_slice.start or viewport.first_column
        )
        return TextPosition(entry_row.index, row_slice.line_index, column)

    def _scroll_at_edge(self, viewport: LogViewport, y: int) -> None:
        if y < 0:
            viewport.scroll(-1)
        elif y >= self._view.size.height:
            viewport.scroll(1)

    def _drag_bar(self, viewport: LogViewport, y: int) -> None:
        viewport.to_fraction(min(max(y / max(self._view.size.height - 1, 1), 0.0), 1.0))
        self._view.announce_move()


def _word(text: str, column: int) -> tuple[int, int]:
    """The columns of the word at a column; empty on a space."""
    left = 0
    for part in _WORDS.findall(text):
        right = left + cell_len(part)
        if column < right:
            return (column, column) if part.isspace() else (left, right)
        left = right
    return left, left
