"""Screens that paint only what has changed, and once when they are opened.

Textual 8.2 restyles a screen when it is opened or shown again (5 ms for the trigger form); while
frames are withheld, it calls what waits for the first layout before that.
"""

import time
from typing import Any, Generic
from weakref import WeakSet

from textual import events
from textual.screen import Screen, ScreenResultType
from textual.widget import Widget

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor, is_opening
from nodion_tui.ui.terminal.key_priority import should_wait_for_key

_NEVER_SHOWN = -1
"""Textual's count for a screen that it has not shown yet."""


class MinimalRepaintScreen(Screen[ScreenResultType], Generic[ScreenResultType]):
    """Screen that paints only changes, and the effect of keys before everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()
        self._painted_at = 0.0
        self.early: WeakSet[Widget] = WeakSet()
        """Widgets whose next change does not wait for the next frame; see `paint_early`."""

    def paint(self) -> None:
        """Paint now."""
        self._painted_at = time.monotonic()
        self.early -= self._dirty_widgets
        super()._on_timer_update()

    def _on_timer_update(self) -> None:
        """Textual: the next frame is due; a mere repaint waits for a key being processed."""
        if is_opening(self):
            return  # it would forget that there is something to lay out
        needs_more = self._layout_required or self._scroll_required or self._callbacks
        if needs_more or not should_wait_for_key(self, self._painted_at):
            self.paint()

    def _compositor_refresh(self) -> None:
        """Textual: send what has changed, and forget it; while frames are withheld it is kept.

        Textual also forgets, unsent, what has changed between a layout in a batch and this.
        """
        if not is_opening(self):
            self._compositor.update_widgets(self._dirty_widgets)
            super()._compositor_refresh()

    async def _on_idle(self, event: events.Idle) -> None:
        """Textual: schedule the next frame, or call what was to be called after it."""
        if is_opening(self):
            event.prevent_default()
        elif self.early and not self.early.isdisjoint(self._dirty_widgets):
            event.prevent_default()
            self._on_timer_update()

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        """Textual: the screen is shown."""
        style_if_needed(self, event)


def paint_early(widget: Widget) -> None:
    """Have the next change of a widget painted as soon as its screen knows of it.

    Textual paints it with its next frame, which comes up to 33 ms later: its timer leaves out a
    frame after each that took too long. A change that comes once, and that a person waits for, is
    worth a frame of its own.
    """
    screen = widget.screen
    if isinstance(screen, MinimalRepaintScreen):
        screen.early.add(widget)


def paint_changes(screen: Screen[Any]) -> None:
    """Paint what has changed now, as the next frame would: each frame has a price.

    A new layout is left to that frame.
    """
    if screen._dirty_widgets and not screen._layout_required:
        screen._on_timer_update()


def paint_screen(screen: Screen[Any]) -> None:
    """Paint what is pending."""
    if isinstance(screen, MinimalRepaintScreen):
        screen.paint()
    else:
        screen._on_timer_update()


def style_if_needed(screen: Screen[Any], event: events.ScreenResume) -> None:
    """Have a screen that is shown styled again only if the theme has changed meanwhile.

    The first screen was styled when it was mounted, like all others.
    """
    styled, current = screen._css_update_count, screen.app._css_update_count
    event.refresh_styles = styled not in {_NEVER_SHOWN, current}
    screen._css_update_count = current
