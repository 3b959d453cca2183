"""Frame with a title around a part of the screen; highlighted while it has the focus."""

from rich.cells import cell_len
from textual.containers import Vertical
from textual.content import Content

from nodion_tui.ui.terminal.door import set_border_titles

Titles = str | tuple[str, ...]
"""A title, or several that say ever less."""
_BESIDE = 4
"""Columns of the border's row between its corners that a title cannot have."""
ZOOM_SIGN = " [zoomed]"
"""After the title of a pane that has the whole screen."""


class TitledPane(Vertical):
    """A framed part of the screen."""

    DEFAULT_CSS = """
    TitledPane {
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-title-style: none;
        border-subtitle-color: $text-muted;
        border-subtitle-style: none;
        &:focus-within {
            border: round $border;
            border-title-color: $foreground;
            border-title-style: bold;
        }
        &:nocolor:focus-within { border: double $border; }
    }
    """

    _titles: tuple[Titles, Titles] = ("", "")
    _zoom_sign = ""

    def set_titles(self, title: Titles, subtitle: Titles = "") -> None:
        """Change the title and the subtitle; all must be sanitized.

        Args:
            title: the title, or several that say ever less: the first that fits is shown.
            subtitle: as `title`.
        """
        self._titles = (title, subtitle)
        below = self._fitting(subtitle)
        content = Content(self._fitting(title, self._zoom_sign) + self._zoom_sign)
        set_border_titles(self, content, Content(below) if below else None)

    def on_resize(self) -> None:
        """Textual: another title may fit."""
        if any(isinstance(titles, tuple) for titles in self._titles):
            self.set_titles(*self._titles)

    def _fitting(self, titles: Titles, behind: str = "") -> str:
        if isinstance(titles, str):
            return titles
        room = self.size.width - _BESIDE - cell_len(behind)
        fitting = (each for each in titles if not self.size or cell_len(each) <= room)
        return next(fitting, titles[-1])

    def set_zoomed(self, *, zoomed: bool) -> None:
        """Show in the title whether the pane has the whole screen."""
        self._zoom_sign = ZOOM_SIGN if zoomed else ""
        self.set_titles(*self._titles)
