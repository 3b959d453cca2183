"""Chooses who composes the screens: our compositor, or on a plain Textual its own."""

from typing import TYPE_CHECKING

from nodion_tui.ui.terminal.key_priority import should_wait_for_key
from nodion_tui.ui.terminal.plain_textual import plain_textual

if TYPE_CHECKING or not plain_textual():
    from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalRepaintScreen
else:
    from textual.screen import Screen

    class MinimalRepaintScreen(Screen[None]):
        """A screen that Textual's own compositor paints."""


__all__ = ["MinimalRepaintScreen", "should_wait_for_key"]
