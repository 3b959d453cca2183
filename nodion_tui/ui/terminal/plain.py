"""What stands in for `ui.terminal.inside` on a plain Textual: its own driver and compositor."""

import shutil
from typing import TYPE_CHECKING, Any, Generic

from textual import events
from textual.app import App
from textual.content import Content
from textual.driver import Driver
from textual.drivers.linux_driver import LinuxDriver
from textual.geometry import Size
from textual.screen import ModalScreen, Screen, ScreenResultType
from textual.widget import Widget

from nodion_tui.ui.terminal.crash_report import hide_locals
from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm

if TYPE_CHECKING:
    from textual.timer import Timer

    from nodion_tui.ui.terminal.colors.question import TerminalQuestion

_SETTLE_SECONDS = 0.25
"""Time after a resize in which Textual may still write a frame of the previous size."""


class PlainApp(App[None]):
    """An app in which Textual reads and writes the terminal; the interface of `FrameApp`.

    Args:
        question: unused, as the terminal is not asked; see `ui.terminal.colors.question`.
    """

    key_painter = None
    has_input = False
    """Textual's driver does not tell."""
    terminal_driver: Driver | None = None
    """Reads and writes the terminal; None before the start."""

    def __init__(
        self, question: "TerminalQuestion | None" = None, form: OutputForm = PLAIN
    ) -> None:
        del form  # Textual writes
        super().__init__()
        self.terminal_question = question
        self._repaint_timer: Timer | None = None
        hide_locals()

    def forget_terminal(self) -> None:
        """Paint everything once more, when no frame of another size can be on its way."""
        if self._repaint_timer is not None:
            self._repaint_timer.stop()
        self._repaint_timer = self.set_timer(_SETTLE_SECONDS, self._settle)

    def _settle(self) -> None:
        is_real = isinstance(self.terminal_driver, LinuxDriver)
        size = Size(*shutil.get_terminal_size()) if is_real else self.size
        if size == self.size:
            self.refresh(layout=True)
        else:  # the event of the last resize was lost among many
            self.post_message(events.Resize(size, size))


class PlainScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """A screen that Textual's own compositor paints."""


class PlainModal(ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """A dialog that Textual's own compositor paints."""


def paint_changes(screen: Screen[Any]) -> None:
    """Leave what has changed to the next frame."""


def paint_early(widget: Widget) -> None:
    """Leave the next change of a widget to the next frame."""


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


async def mount_ahead(app: App[Any], screen: Screen[Any]) -> bool:
    """Leave a screen to when it is opened."""
    del app, screen
    return False


async def parse_styles(app: App[Any], package: str) -> None:
    """Leave the styles of a package to its first widgets."""
