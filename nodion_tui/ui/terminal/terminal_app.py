"""App base class that knows the terminal: key order, line filters, escape sequences."""

import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from rich.console import Console
from textual import events
from textual.filter import LineFilter

from nodion_tui.ui.terminal.colors.depth import ColorDepth
from nodion_tui.ui.terminal.colors.palette_filter import PaletteFilter
from nodion_tui.ui.terminal.door import FrameApp
from nodion_tui.ui.terminal.output.output_form import COMPACT, OutputForm
from nodion_tui.ui.terminal.sanitize_filter import SanitizeFilter
from nodion_tui.ui.terminal.typeahead import TypeAhead

if TYPE_CHECKING:
    from textual.actions import ActionParseResult
    from textual.dom import DOMNode
    from textual.driver import Driver

    from nodion_tui.ui.terminal.colors.question import TerminalQuestion

_COLOR_SYSTEMS: Mapping[ColorDepth, Literal["standard", "256", "truecolor"]] = MappingProxyType(
    {
        ColorDepth.SIXTEEN: "standard",
        ColorDepth.PALETTE: "256",
        ColorDepth.TRUE: "truecolor",
    }
)
"""Rich's names."""


class TerminalApp(FrameApp):
    """An app to which keys come one after the other, and from which nothing unsafe is written.

    Args:
        ascii_only: whether the terminal shows ASCII only.
        hold: pauses other work (`held=True`) while a key is being processed, or resumes it.
        log_action: gets each action before it is run, and the node that binds its key.
        question: tells how many colours the terminal has; None: Textual finds out.
        form: what the terminal can do to be sent less.
    """

    def __init__(
        self,
        *,
        ascii_only: bool,
        hold: Callable[..., None],
        log_action: Callable[[object, object], None],
        question: "TerminalQuestion | None" = None,
        form: OutputForm = COMPACT,
    ) -> None:
        super().__init__(question, form)
        self._log_action = log_action
        self._typeahead = TypeAhead(self, super().on_event, hold, self.key_painter)
        self._line_filters: list[LineFilter] = [SanitizeFilter()]
        if ascii_only:
            from nodion_tui.ui.terminal.ascii_filter import AsciiFilter  # noqa: PLC0415 - seldom

            self._line_filters.append(AsciiFilter())
        self.color_depth = ColorDepth.TRUE if question is None else question.answer().depth
        """Number of colours of the terminal."""
        if question is not None:
            self.console = _console(self.console, self.color_depth)
        if self.color_depth is ColorDepth.PALETTE:
            self._line_filters.insert(0, PaletteFilter())
        self.typed_at = time.monotonic()
        """When the last key came, on the monotonic clock."""
        self.terminal_driver: Driver | None = None
        """Reads and writes the terminal; None before the start."""
        self.driver_class = reporting_driver(self.driver_class, self._driver_created)

    @property
    def typing(self) -> bool:
        """Whether a key is being handled, so that deferrable work should wait."""
        return self._typeahead.busy or self.has_input

    async def on_event(self, event: events.Event) -> None:
        """Textual: dispatches an event."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self.has_input, self.typed_at = False, time.monotonic()
            await self._typeahead.submit(event)
        else:
            await super().on_event(event)
        if isinstance(event, events.Resize) and self.screen_stack:
            # Even for an unchanged size: the terminal may have cropped its rows in between.
            self.forget_terminal()
            self.screen.refresh()

    async def run_action(
        self,
        action: "str | ActionParseResult",
        default_namespace: "DOMNode | None" = None,
        namespaces: "Mapping[str, DOMNode] | None" = None,
    ) -> bool:
        """Textual: run the action that a key is bound to."""
        self._log_action(action, default_namespace)
        return await self._typeahead.track_action(
            super().run_action(action, default_namespace, namespaces)
        )

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual: the filters that every line passes before it reaches the terminal."""
        return (*super().get_line_filters(), *self._line_filters)

    def action_redraw(self) -> None:
        """Redraw the whole terminal, whatever it shows."""
        self.forget_terminal()
        self.refresh(layout=True)

    def _driver_created(self, driver: "Driver") -> None:
        self.terminal_driver = driver


def _console(own: Console, depth: ColorDepth) -> Console:
    """Textual's console with colours of this depth, where Textual guesses from the environment."""
    return Console(
        color_system=_COLOR_SYSTEMS[depth],
        file=own.file,
        force_terminal=True,
        no_color=False,  # Textual has filters for that
        highlight=False,
        emoji=False,
        legacy_windows=False,
        safe_box=False,
    )


def reporting_driver(
    driver_class: "type[Driver]", created: "Callable[[Driver], None]"
) -> "type[Driver]":
    """A subclass of a driver that reports each instance: an app has no public name for it."""

    def __init__(self: "Driver", *args: Any, **options: Any) -> None:  # noqa: N807 - a method
        driver_class.__init__(self, *args, **options)
        created(self)

    return type(driver_class.__name__, (driver_class,), {"__init__": __init__})
