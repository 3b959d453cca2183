"""A small app that opens a dialog and records its results, and helpers to operate it."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from textual import events
from textual.app import App
from textual.filter import LineFilter
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

from nodion_tui.ui.paint.theme import DEFAULT_THEME, THEMES
from nodion_tui.ui.terminal.ascii_filter import AsciiFilter
from tests.support.seen_terminal import screen_lines

OPEN = object()
"""No result yet."""


class DialogApp(App[None]):
    """Opens a dialog immediately."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(
        self,
        dialog: ModalScreen[Any],
        keymap: dict[str, str] | None = None,
        *,
        ascii_only: bool = False,
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self.keys = keymap or {}
        self._line_filters = [AsciiFilter()] if ascii_only else []
        self.dialog = dialog
        self.results: list[object] = []
        """Results of the dialog; exactly one unless something is wrong."""
        self.helped = 0
        """How often help was asked for."""

    def on_mount(self) -> None:
        self.set_keymap(self.keys)
        self.push_screen(self.dialog, self.take)

    def get_line_filters(self) -> Sequence[LineFilter]:
        return (*super().get_line_filters(), *self._line_filters)

    def action_help(self) -> None:
        self.helped += 1

    def take(self, result: object) -> None:
        self.results.append(result)

    @property
    def result(self) -> object:
        """The last result; OPEN while there is none."""
        return self.results[-1] if self.results else OPEN


@dataclass(frozen=True)
class DialogStage:
    """An open dialog, and helpers to operate it."""

    app: DialogApp
    pilot: Pilot[None]

    @property
    def is_open(self) -> bool:
        return self.app.result is OPEN

    async def press(self, *keys: str) -> None:
        """Press keys; consecutive characters are sent in a burst, as from a fast typist."""
        for typed, group in groupby(keys, lambda key: len(key) == 1):
            if typed:
                self.burst(*group)
            else:
                await self.pilot.press(*group)
            await self.pilot.pause()

    def burst(self, *keys: str) -> None:
        """Send keys that arrive together, as over a slow connection."""
        for key in keys:
            single = len(key) == 1
            name = _character_to_key(key) if single else key
            self.app.post_message(events.Key(name, key if single else None))

    async def dismissed(self) -> object:
        """Wait for the result of the dialog."""
        async with asyncio.timeout(10):
            while self.is_open:
                await self.pilot.pause()
        return self.app.result

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until a condition is true."""
        async with asyncio.timeout(10):
            while not condition():
                await self.pilot.pause()

    async def sees(self, words: str) -> None:
        """Wait until a text is on the screen."""
        await self.until(lambda: words in self.screen_text())

    async def paste(self, text: str) -> None:
        """Paste a text into the focused widget."""
        focused = self.app.screen.focused
        assert focused is not None
        focused.post_message(events.Paste(text))
        await self.pilot.pause()
        await self.pilot.pause()

    def text(self, selector: str) -> str:
        """Content of a Static, or what another widget paints itself."""
        widget = self.app.screen.query_one(selector)
        return str(widget.content if isinstance(widget, Static) else widget.render()).strip()

    def screen_text(self) -> str:
        """Text of the screen, one line per row."""
        return "\n".join(screen_lines(self.app))

    def is_seen(self, widget: Widget) -> bool:
        """Whether a widget is completely visible."""
        return bool(widget.region) and self.app.screen.region.contains_region(widget.region)


OpenDialog = Callable[..., AbstractAsyncContextManager[DialogStage]]
