"""The mouse on a log: a click sets the cursor, a drag selects, the frame scrolls.

A click before a line's text opens what the line holds, as Enter does.
"""

import re
from typing import Protocol

from rich.cells import cell_len
from textual import events
from textual.geometry import Size

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.screen_rows import Annotations
from nodion_tui.ui.log.viewport.selection import FAR, Selection, TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport

_PARTS = re.compile(r"\s+|\S+")
_REACH = 4096
"""Columns to the right in which the end of a word is looked for."""


class LogSurface(Protocol):
    """The widget that shows a log, as far as the mouse changes it."""

    viewport: LogViewport | None
    annotations: Annotations

    @property
    def size(self) -> Size:
        """Columns and rows of the widget."""

    @property
    def text_left(self) -> int:
        """The column where the text of lines begins."""

    def capture_mouse(self) -> None:
        """Receive the mouse's events outside of the widget too."""

    def release_mouse(self) -> None:
        """Receive them no more."""

    def moved(self) -> None:
        """Repaint, as the cursor, the selection or the scroll position has changed."""

    def open_line(self) -> None:
        """Ask for what the cursor's line holds."""


class LogMouse:
    """Handles the mouse events that a log's widget forwards."""

    def __init__(self, view: LogSurface) -> None:
        self._view = view
        self._anchor: TextPosition | None = None
        self._on_bar = False

    def down(self, event: events.MouseDown) -> None:
        """A button goes down: begin to select, or take hold of the scroll bar."""
        viewport = self._view.viewport
        if viewport is None or event.button != 1 or not len(viewport.shown):
            return
        self._view.capture_mouse()
        self._on_bar = event.x >= self._view.size.width - 1
        if self._on_bar:
            self._drag_bar(viewport, event.y)
        else:
            self._anchor = self._point(viewport, event)
            self._view.annotations.selection = None

    def move(self, event: events.MouseMove) -> None:
        """The mouse moves with the button held: select as far as it reaches."""
        viewport = self._view.viewport
        if viewport is None or not event.button:
            return
        if self._on_bar:
            self._drag_bar(viewport, event.y)
        elif self._anchor is not None:
            self._scroll_at_edge(viewport, event.y)
            head = self._point(viewport, event)
            self._view.annotations.selection = (
                Selection(self._anchor, head) if head != self._anchor else None
            )
            self._view.moved()

    def up(self, event: events.MouseUp) -> None:
        """The button goes up."""
        self._view.release_mouse()
        viewport = self._view.viewport
        if (
            viewport is not None
            and self._anchor is not None
            and not self._view.annotations.selection
        ):
            index = self._point(viewport, event).index
            viewport.put_cursor(index)
            self._view.moved()
            dropped = viewport.blocks.get(index).kind is EntryKind.DROPPED
            if dropped or event.x < self._view.text_left:
                self._view.open_line()
        self._anchor, self._on_bar = None, False

    def click(self, event: events.Click) -> None:
        """The second click selects a word, the third the line."""
        viewport = self._view.viewport
        if viewport is None or event.chain < 2 or not len(viewport.shown):
            return
        point = self._point(viewport, event)
        line = viewport.blocks.get(point.index).lines[point.number]
        text = line.text(0, point.column + _REACH)
        start, stop = (0, FAR) if event.chain > 2 else _word(text, point.column)
        self._view.annotations.selection = Selection(
            TextPosition(point.index, point.number, start),
            TextPosition(point.index, point.number, stop),
        )
        self._view.moved()

    def _point(self, viewport: LogViewport, event: events.MouseEvent) -> TextPosition:
        """The place in the text that the mouse is on, or the nearest."""
        page = viewport.page()
        place = page[min(max(event.y, 0), len(page) - 1)]
        spot = viewport.blocks.get(place.index).spot(place.row, viewport.wrap)
        column = max(event.x - self._view.text_left, 0) + (spot.start or viewport.left)
        return TextPosition(place.index, spot.number, column)

    def _scroll_at_edge(self, viewport: LogViewport, y: int) -> None:
        if y < 0:
            viewport.scroll(-1)
        elif y >= self._view.size.height:
            viewport.scroll(1)

    def _drag_bar(self, viewport: LogViewport, y: int) -> None:
        viewport.to_fraction(min(max(y / max(self._view.size.height - 1, 1), 0.0), 1.0))
        self._view.moved()


def _word(text: str, column: int) -> tuple[int, int]:
    """The columns of the word at a column; none where a blank is."""
    left = 0
    for part in _PARTS.findall(text):
        right = left + cell_len(part)
        if column < right:
            return (column, column) if part.isspace() else (left, right)
        left = right
    return left, left
