"""Mouse control of a log: a click sets the cursor, a drag selects, the scrollbar scrolls.

A click left of a line's text opens the line, like Enter. While the button is held down the page
stays, although lines arrive: a click and a drag apply to the lines that were seen.
"""

import re
from collections.abc import Callable

from rich.cells import cell_len
from textual import events
from textual.widget import Widget

from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.ui.log.screen_rows import Annotations, text_column
from nodion_tui.ui.log.viewport.selection import LINE_END, Selection, TextPosition
from nodion_tui.ui.log.viewport.viewport import LogViewport

_WORDS = re.compile(r"\s+|\S+")
_WORD_REACH = 4096
"""Columns to the right that are searched for the end of a word."""


class LogMouse:
    """Handles the mouse events that a log's widget forwards.

    Args:
        widget: shows the log.
        viewport: the window on it.
        annotations: has the selection.
        moved: repaints after the cursor, the selection or the scroll position has changed.
        open_line: opens the cursor's line.
    """

    def __init__(
        self,
        widget: Widget,
        viewport: LogViewport,
        annotations: Annotations,
        *,
        moved: Callable[[], None],
        open_line: Callable[[], object],
    ) -> None:
        self._widget = widget
        self._viewport = viewport
        self._annotations = annotations
        self._moved = moved
        self._open_line = open_line
        self._anchor: TextPosition | None = None
        self._on_bar = False

    def down(self, event: events.MouseDown) -> None:
        """Button pressed: start a selection, or drag the scrollbar."""
        if event.button != 1 or not len(self._viewport.entries):
            return
        self._widget.capture_mouse()
        self._on_bar = event.x >= self._widget.size.width - 1
        if self._on_bar:
            self._drag_bar(event.y)
        else:
            self._viewport.is_held = True
            self._anchor = self._point(event)
            self._annotations.selection = None

    def move(self, event: events.MouseMove) -> None:
        """Mouse moved with the button held: extend the selection."""
        if not event.button:
            self.cancel()
            return
        if self._on_bar:
            self._drag_bar(event.y)
        elif self._anchor is not None:
            self._scroll_at_edge(event.y)
            head = self._point(event)
            self._annotations.selection = (
                Selection(self._anchor, head) if head != self._anchor else None
            )
            self._moved()

    def up(self, event: events.MouseUp) -> None:
        """Button released: set the cursor unless text was selected; either stops following."""
        self._widget.release_mouse()
        if self._anchor is not None:
            self._viewport.follow = False
            if not self._annotations.selection:
                self._click_line(event)
            self._moved()
        self.cancel()

    def cancel(self) -> None:
        """Forget a button held down; its release may never arrive, e.g. outside the terminal."""
        self._anchor, self._on_bar = None, False
        self._viewport.is_held = False

    def _click_line(self, event: events.MouseUp) -> None:
        index = self._point(event).index
        self._viewport.set_cursor(index)
        dropped = self._viewport.layouts.get(index).kind is EntryKind.DROPPED
        if dropped or event.x < text_column(self._viewport):
            self._open_line()

    def click(self, event: events.Click) -> None:
        """Double click selects a word, triple click the line."""
        if event.chain < 2 or not len(self._viewport.entries):
            return
        point = self._point(event)
        line = self._viewport.layouts.get(point.index).lines[point.line_index]
        text = line.text(0, point.column + _WORD_REACH)
        start, stop = (0, LINE_END) if event.chain > 2 else _word(text, point.column)
        self._annotations.selection = Selection(
            TextPosition(point.index, point.line_index, start),
            TextPosition(point.index, point.line_index, stop),
        )
        self._moved()

    def _point(self, event: events.MouseEvent) -> TextPosition:
        """The text position under the mouse, or the nearest one."""
        viewport = self._viewport
        page = viewport.visible_rows()
        entry_row = page[min(max(event.y, 0), len(page) - 1)]
        row_slice = viewport.row_slice(entry_row)
        left = row_slice.start or viewport.first_column
        column = left + max(event.x - text_column(viewport), 0)
        return TextPosition(entry_row.index, row_slice.line_index, column)

    def _scroll_at_edge(self, y: int) -> None:
        if y < 0:
            self._viewport.scroll(-1)
        elif y >= self._widget.size.height:
            self._viewport.scroll(1)

    def _drag_bar(self, y: int) -> None:
        self._viewport.to_fraction(min(max(y / max(self._widget.size.height - 1, 1), 0.0), 1.0))
        self._moved()


def _word(text: str, column: int) -> tuple[int, int]:
    """The columns of the word at a column; empty on a space."""
    left = 0
    for part in _WORDS.findall(text):
        right = left + cell_len(part)
        if column < right:
            return (column, column) if part.isspace() else (left, right)
        left = right
    return left, left
