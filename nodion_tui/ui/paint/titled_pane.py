"""Frame with a title around a part of the screen; highlighted while it has the focus."""

from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Region


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

    def set_titles(self, title: str, subtitle: str = "") -> None:
        """Change the title and the subtitle; both must be sanitized.

        Only a changed border row is repainted; Textual would repaint the whole pane.
        """
        above, below = Content(title), Content(subtitle) if subtitle else None
        if above != self._border_title:
            self._border_title = above
            self._repaint_border(-1)
        if below != self._border_subtitle:
            self._border_subtitle = below
            self._repaint_border(self.size.height)

    def _repaint_border(self, y: int) -> None:
        self.refresh(Region(-1, y, self.size.width + 2, 1))
