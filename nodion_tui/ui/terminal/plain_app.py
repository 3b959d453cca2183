"""App base class for a plain Textual: its own driver, compositor and output."""

from textual.app import App

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
