"""Persistent notices under the title bar; hidden while there are none."""

from collections.abc import Iterable

from textual import events

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledRow,
    StyledText,
    fit_row,
    truncate,
    wrap_row,
)
from nodion_tui.ui.paint.text_bar import TextBar

MAX_LINES = 2
"""What does not fit is truncated."""
_ROOMY_ROWS = 16
"""Minimum rows of the screen to show more than one line."""


class NoticeBar(TextBar):
    """Shows persistent notices in a row."""

    DEFAULT_CSS = """
    NoticeBar {
        height: 1;
        display: none;
        background: $boost;
        &.-shown { display: block; }
        &.-two { height: 2; }
    }
    """

    def __init__(self) -> None:
        super().__init__(id="notice")
        self._notices: tuple[str, ...] = ()

    def show(self, notices: Iterable[str]) -> None:
        """Show these notices, which are sanitized already, and no others."""
        previous, self._notices = self._notices, tuple(notices)
        if previous != self._notices:
            self.set_class(bool(self._notices), "-shown")
            self._update_height()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: the number of lines depends on the width."""
        self._update_height()

    def line(self, y: int, width: int) -> FittedRow:
        """A line, or an empty row."""
        lines = self._lines(width)
        return FittedRow(fit_row(lines[y] if y < len(lines) else (), width))

    def _update_height(self) -> None:
        width = self.size.width or self.app.size.width
        self.set_class(len(self._lines(width)) > 1, "-two")
        self.refresh()

    def _lines(self, width: int) -> list[StyledRow]:
        text = "   ".join(self._notices)
        room = max(1, width - 2)
        max_lines = MAX_LINES if self.app.size.height >= _ROOMY_ROWS else 1
        lines = [
            (StyledText(" "), *line) for line in wrap_row((StyledText(text, "warning"),), room)
        ]
        if len(lines) <= max_lines:
            return lines
        shown_length = sum(len(piece.text) for line in lines[: max_lines - 1] for piece in line[1:])
        rest = text[shown_length:].lstrip()
        return [
            *lines[: max_lines - 1],
            (StyledText(" "), StyledText(truncate(rest, room), "warning")),
        ]
