"""Frame with a title around a part of the screen; highlighted while it has the focus."""

from textual.containers import Vertical
from textual.content import Content

from nodion_tui.ui.terminal.door import set_border_titles


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
        """Change the title and the subtitle; both must be sanitized."""
        set_border_titles(self, Content(title), Content(subtitle) if subtitle else None)
