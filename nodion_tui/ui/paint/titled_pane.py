"""Frame with a title around a part of the screen; highlighted while it has the focus."""

from textual.containers import Vertical
from textual.content import Content

from nodion_tui.ui.terminal.door import set_border_titles

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

    _titles = ("", "")
    _zoom_sign = ""

    def set_titles(self, title: str, subtitle: str = "") -> None:
        """Change the title and the subtitle; both must be sanitized."""
        self._titles = (title, subtitle)
        content = Content(title + self._zoom_sign)
        set_border_titles(self, content, Content(subtitle) if subtitle else None)

    def set_zoomed(self, *, zoomed: bool) -> None:
        """Show in the title whether the pane has the whole screen."""
        self._zoom_sign = ZOOM_SIGN if zoomed else ""
        self.set_titles(*self._titles)
