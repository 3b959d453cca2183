"""What stands in for `ui.terminal.inside` on a plain Textual: its own driver and compositor."""

from textual.app import App
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.crash_report import hide_locals


class PlainApp(App[None]):
    """An app in which Textual reads and writes the terminal; the interface of `FrameApp`."""

    key_painter = None
    has_input = False

    def __init__(self) -> None:
        super().__init__()
        hide_locals()

    def see_input(self) -> None:
        """Do nothing: Textual's driver does not tell."""

    def forget_terminal(self) -> None:
        """Do nothing: Textual does not remember."""


class PlainScreen(Screen[None]):
    """A screen that Textual's own compositor paints."""


def set_border_titles(widget: Widget, title: Content, subtitle: Content | None) -> None:
    """Change the title and the subtitle of a widget, which is repainted as a whole."""
    if widget.border_title != title.markup:
        widget.border_title = title
    if widget.border_subtitle != (subtitle and subtitle.markup):
        widget.border_subtitle = subtitle


def forget_styles() -> None:
    """Leave Textual's cache of styles as it is; closed widgets stay in it for a while."""


def forget_watchers(widget: Widget) -> None:
    """Leave Textual's watchers as they are."""
