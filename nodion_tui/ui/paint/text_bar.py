"""One row of words at the edge of the screen; only the columns that change are sent.

As in `line_view`, what is painted is what was laid out and compared.
"""

from collections.abc import Iterable

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledText,
    changed,
    fit_row,
    row_width,
    to_strip,
)
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.terminal.invalidating_widget import InvalidatingWidget


class TextBar(InvalidatingWidget):
    """A row that `pieces` lays out for a width; `update` says when it may have changed."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    TextBar { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._looks = WidgetStyles(self)
        self._shown: FittedRow | None = None

    def pieces(self, width: int) -> Iterable[StyledText]:
        """What stands in the bar when it has so many columns."""
        raise NotImplementedError

    def update(self) -> None:
        """Repaint what has changed, and nothing else."""
        before, line = self._shown, self._lay_out()
        if before is None:
            return  # All of it is being repainted anyway.
        self._shown = line
        span = changed(before, line)
        if span is not None:
            self.refresh(Region(span[0], 0, span[1] - span[0], 1))

    def forget(self) -> None:
        """Drop what was laid out."""
        self._shown = None

    def notify_style_update(self) -> None:
        """Textual: the theme or a class has changed."""
        super().notify_style_update()
        self._looks.clear()

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's
        """Textual: as wide as there is room."""
        return container.width

    def style_of(self, *looks: str) -> Style:
        """The style of a piece."""
        return self._looks.style(*looks)

    def render_line(self, y: int) -> Strip:
        """Textual: the row; there is only one."""
        if y:
            return Strip.blank(self.size.width, self.style_of(""))
        if self._shown is None or row_width(self._shown.pieces) != self.size.width:
            self._shown = self._lay_out()
        return to_strip(self._shown, self.style_of)

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: another width is another row."""
        self.update()

    def _lay_out(self) -> FittedRow:
        return FittedRow(fit_row(self.pieces(self.size.width), self.size.width))
