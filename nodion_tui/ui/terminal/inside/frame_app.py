"""App base class that sends only what the terminal does not show, and never waits for it.

A run that ticks sends a few bytes a second instead of its row, and a change of focus a few cells
instead of the screen. Rich's tracebacks are imported by a crash, not by each start (9 ms).
"""

from functools import partial
from typing import TYPE_CHECKING, Any

from rich.control import Control
from textual.app import App

from nodion_tui.ui.terminal.inside.backpressure import Backpressure
from nodion_tui.ui.terminal.inside.driver import BlockingInputDriver
from nodion_tui.ui.terminal.inside.key_painter import KeyPainter, is_laid_out
from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from nodion_tui.ui.terminal.inside.opening import Opening
from nodion_tui.ui.terminal.inside.remembered_styles import RememberingStylesheet, load_sheets
from nodion_tui.ui.terminal.inside.screen_diff import ScreenDiff
from nodion_tui.ui.terminal.output.output_form import COMPACT, OutputForm

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen
    from textual.theme import Theme

    from nodion_tui.ui.terminal.colors.question import TerminalQuestion

_SMALL = 512
"""Columns of a frame that a terminal gets in one piece."""


class FrameApp(App[None]):
    """An app with our own driver and output.

    Args:
        question: what was asked of the terminal before, and the keys typed meanwhile.
        form: what the terminal can do.
    """

    def __init__(
        self, question: "TerminalQuestion | None" = None, form: OutputForm = COMPACT
    ) -> None:
        super().__init__(driver_class=BlockingInputDriver)
        self.stylesheet = RememberingStylesheet(variables=self.stylesheet._variables)
        self._disable_tooltips = True  # there are none, and each screen would mount one
        self.terminal_question = question
        self.is_opening = False
        """Whether a screen is being opened, and nothing painted."""
        self.is_ending = False
        """Whether it was told to end, and mounts no other screen."""
        self._opening = Opening(self)
        self.key_painter: KeyPainter | None = KeyPainter(self, self._opening)
        """Paints the effects of keys; None: Textual does."""
        self._backpressure = Backpressure(self, lambda: _queued_writes(self._driver))
        self._screen_diff = ScreenDiff(form)

    @property
    def has_input(self) -> bool:
        """Whether the terminal has sent input that the app has not seen yet."""
        return isinstance(self._driver, BlockingInputDriver) and self._driver.has_input

    @has_input.setter
    def has_input(self, has_input: bool) -> None:
        if isinstance(self._driver, BlockingInputDriver):
            self._driver.has_input = has_input

    @property
    def current_theme(self) -> "Theme":
        """Textual: the theme; asked for each row that is painted, so without a copy of them all."""
        return self._registered_themes.get(self.theme) or super().current_theme

    def delay_update(self, delay: float = 0.05) -> None:
        """Textual: hide a transition for a while; here for as long as it takes."""
        del delay
        self._opening.begin()

    def forget_terminal(self) -> None:
        """Note that the terminal may show anything now."""
        self._screen_diff.reset()

    def _load_screen_css(self, screen: "Screen[Any]") -> None:
        """Textual: read the style sheets of a screen that is opened.

        What is on the screen is not styled again: the new rules are for the new screen alone.
        """
        load_sheets(screen, self.stylesheet)
        if not screen.is_mounted:  # styled just now
            screen._css_update_count = self._css_update_count
        self._opening.begin()

    def _display(self, screen: "Screen[Any]", renderable: "RenderableType | None") -> None:
        """Textual: write a frame, unless it is laid out for another terminal size."""
        # It would be cropped or wrapped over rows that count as shown.
        if is_laid_out(screen, self.size) and not (
            self._backpressure.skips_frame() or self._batch_count
        ):
            width = 0 if self._opening.is_painting else self.size.width
            part = self._screen_diff.changed_part(renderable, width)
            if isinstance(part, MinimalUpdate) and part.columns <= _SMALL and self.is_running:
                _write(self, part)
            else:
                super()._display(screen, part)

    def exit(
        self, result: None = None, return_code: int = 0, message: "RenderableType | None" = None
    ) -> None:
        """Textual: end the app, here once what is being mounted is."""
        from nodion_tui.ui.terminal.inside.ending import end_when_mounted  # noqa: PLC0415 - at the end

        self.is_ending = True
        end_when_mounted(self, partial(super().exit, result, return_code, message))

    async def _shutdown(self) -> None:
        """Textual: close all widgets, here once they are mounted."""
        from nodion_tui.ui.terminal.inside.ending import mounted  # noqa: PLC0415 - at the end

        await mounted(self)
        await super()._shutdown()

    def _fatal_error(self) -> None:
        """Textual: print a traceback, for which Rich is imported only here."""
        from nodion_tui.ui.terminal.crash_report import hide_locals  # noqa: PLC0415 - at a crash

        hide_locals()
        super()._fatal_error()


def _write(app: FrameApp, update: MinimalUpdate) -> None:
    """Write a small frame: at once, so that it needs no marks of begin and end.

    The cursor, which is hidden, is put where an input method shows its candidates, while there is
    a text field; Textual does so with every frame.
    """
    driver = app._driver
    if driver is None or app.is_headless:
        return
    output = update.render_segments(app.console)
    if hasattr(app.focused, "cursor_screen_offset"):
        output += Control.move_to(*app.size.clamp_offset(app.cursor_position)).segment.text
    driver.write(output)
    driver.flush()
    app.post_display_hook()


def _queued_writes(driver: "Driver | None") -> int:
    return driver.queued_writes if isinstance(driver, BlockingInputDriver) else 0
