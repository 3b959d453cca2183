"""One row of words at the edge of the screen; only the columns that change are sent."""

from collections.abc import Iterable

from textual import events
from textual.geometry import Region, Size
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.looks import Looks
from nodion_tui.ui.rows import Piece, Row, changed, fit, paint


class Bar(Widget):
    """A row that `pieces` lays out for a width; `update` says when it may have changed."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    Bar { height: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._looks = Looks(self)
        self._row: Row = ()

    def pieces(self, width: int) -> Iterable[Piece]:
        """What stands in the bar when it has so many columns."""
        raise NotImplementedError

    def update(self) -> None:
        """Repaint what has changed, and nothing else."""
        before, self._row = self._row, self._lay_out()
        span = changed(before, self._row)
        if span is not None:
            self.refresh(Region(span[0], 0, span[1] - span[0], 1))

    def notify_style_update(self) -> None:
        """Textual: the theme or a class has changed."""
        super().notify_style_update()
        self._looks.clear()

    def get_content_width(self, container: Size, viewport: Size) -> int:  # noqa: ARG002 - Textual's
        """Textual: as wide as there is room."""
        return container.width

    def render_line(self, y: int) -> Strip:
        """Textual: the row; there is only one."""
        self._row = self._lay_out() if y == 0 else ()
        return paint(self._row, self._looks.style)

    def on_resize(self, _event: events.Resize) -> None:
        """Textual: another width is another row."""
        self.update()

    def _lay_out(self) -> Row:
        return fit(self.pieces(self.size.width), self.size.width)
