"""Dialogs that paint only what has changed, and once when they are opened, like `repaint_screen`.

A module of its own: the first paint needs no dialog, and a class of a screen takes 0.3 ms.
"""

from typing import Generic

from textual import events
from textual.screen import ModalScreen, ScreenResultType

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor, is_opening
from nodion_tui.ui.terminal.inside.repaint_screen import style_if_needed


class MinimalRepaintModal(ModalScreen[ScreenResultType], Generic[ScreenResultType]):
    """Dialog over a screen of which only uncovered and changed parts are painted."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()

    async def _on_idle(self, event: events.Idle) -> None:
        """Textual: schedule the next frame, or call what was to be called after it."""
        if is_opening(self):
            event.prevent_default()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Textual: the dialog is shown."""
        style_if_needed(self, event)
