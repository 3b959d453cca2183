"""Rows under the title for what stays true and ought to be known; hidden while empty."""

from collections.abc import Iterable

from textual import events
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledRow,
    StyledText,
    fit_row,
    to_strip,
    truncate,
    wrap_row,
)
from nodion_tui.ui.paint.widget_styles import WidgetStyles

MAX_LINES = 2
"""At most; what does not fit is cut."""
_ROOMY_ROWS = 16
"""Rows of the screen from which on there is room for more than one line."""


class NoticeBar(Widget):
    """Persistent notices, one after the other."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    NoticeBar {
        height: 1;
        display: none;
        background: $boost;
        &.-told { display: block; }
        &.-two { height: 2; }
    }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._looks = WidgetStyles(self)
        self._notices: tuple[str, ...] = ()

    def show(self, notices: Iterable[str]) -> None:
        """Say these, which are fit to be shown, and nothing else."""
        before, self._notices = self._notices, tuple(notices)
        if before != self._notices:
            self.set_class(bool(self._notices), "-told")
            self._lay_lines()

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: another width may take another number of lines."""
        self._lay_lines()

    def notify_style_update(self) -> None:
        """Textual: the theme or a class has changed."""
        super().notify_style_update()
        self._looks.clear()

    def render_line(self, y: int) -> Strip:
        """Textual: a line."""
        lines = self._lines(self.size.width)
        row = lines[y] if y < len(lines) else ()
        return to_strip(FittedRow(fit_row(row, self.size.width)), self._looks.style)

    def _lay_lines(self) -> None:
        width = self.size.width or self.app.size.width
        self.set_class(len(self._lines(width)) > 1, "-two")
        self.refresh()

    def _lines(self, width: int) -> list[StyledRow]:
        words = "   ".join(self._notices)
        room = max(1, width - 2)
        most = MAX_LINES if self.app.size.height >= _ROOMY_ROWS else 1
        lines = [
            (StyledText(" "), *line) for line in wrap_row((StyledText(words, "warning"),), room)
        ]
        if len(lines) <= most:
            return lines
        shown = sum(len(piece.text) for line in lines[: most - 1] for piece in line[1:])
        rest = words[shown:].lstrip()
        return [*lines[: most - 1], (StyledText(" "), StyledText(truncate(rest, room), "warning"))]
