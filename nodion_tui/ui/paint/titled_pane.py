"""A frame with a title around one part of the screen; it shows where the focus is."""

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
        &.-ascii, &.-ascii:focus-within { border: ascii $border-blurred; }
        &.-ascii:focus-within { border: ascii $border; }
        &:nocolor:focus-within { border: double $border; }
    }
    """

    def set_titles(self, title: str, subtitle: str = "") -> None:
        """Change what stands in the frame; both are texts that are fit to be shown.

        Only an edge that is different is repainted; Textual's own way repaints all of the pane.
        """
        above, below = Content(title), Content(subtitle) if subtitle else None
        if above != self._border_title:
            self._border_title = above
            self._repaint_edge(-1)
        if below != self._border_subtitle:
            self._border_subtitle = below
            self._repaint_edge(self.size.height)

    def _repaint_edge(self, y: int) -> None:
        self.refresh(Region(-1, y, self.size.width + 2, 1))
