"""Paints the effect of a key as soon as it is complete.

Textual paints with its next frame, up to 16 ms later, and then everything that has changed. A key
in a list beside a log of 10,000 lines a second takes 10 ms (99th percentile), there 43 ms.
"""

from collections.abc import Awaitable
from typing import Any

from textual.app import App
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.inside.opening import Opening
from nodion_tui.ui.terminal.inside.repaint_screen import paint_screen

_PAINT_ITERATIONS = 8
"""Maximum number of iterations between paints of a key's changes."""

_STABLE_ITERATIONS = 2
"""Iterations without further repaints after which a key's effect is painted."""


class KeyPainter:
    """Paints what a key has changed, and leaves other repaints to the next frame.

    Args:
        app: app whose active screen is painted.
        opening: shows a screen that a key opens, or lays out anew.
    """

    def __init__(self, app: App[Any], opening: Opening) -> None:
        self._app = app
        self._opening = opening
        self._repaint: PendingRepaint | None = None
        self._last = self._stable = 0

    async def track(self, action: Awaitable[bool], *, of_key: bool) -> bool:
        """Run an action and attribute the repaints that follow to the key that caused it."""
        repaint = PendingRepaint(self._app.screen) if of_key else None
        done = await action
        if done:
            self._repaint = repaint
        return done

    def paint_when_complete(self, iteration: int) -> None:
        """Paint a key's effect if it is complete, not before: frames are expensive.

        Args:
            iteration: number of iterations of the event loop since the key, from 1.
        """
        if self._opening.is_active:
            return
        screen = self._app.screen
        if self._repaint and screen._layout_required and len(self._app.screen_stack) == 1:
            self._opening.lay_out()
            return
        now = self._repaint.count(screen) if self._repaint else 0
        self._stable, self._last = self._stable + 1 if now == self._last else 0, now
        if iteration % _PAINT_ITERATIONS == 0:
            paint_now(screen)
        elif self._repaint and now and self._stable >= _STABLE_ITERATIONS:
            self._repaint.paint(screen)

    async def finish(self) -> None:
        """Forget the key once a screen that it opens is shown."""
        await self._opening.wait()
        self._repaint = None
        self._last = self._stable = 0


class PendingRepaint:
    """Pending repaints of a screen that were requested after the creation of this object."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._before = {
            widget: set(widget._repaint_regions)
            for widget in screen._compositor.visible_widgets
            if widget._repaint_regions
        }

    def count(self, screen: Screen[Any]) -> int:
        """Number of pending regions."""
        return sum(len(widget._repaint_regions) for widget in self._new_repaints(screen))

    def paint(self, screen: Screen[Any]) -> None:
        """Paint these now, and leave the others for the next frame."""
        others = screen._dirty_widgets - self._new_repaints(screen)
        screen._dirty_widgets -= others
        paint_now(screen)
        screen._dirty_widgets |= others
        screen.check_idle()

    def _new_repaints(self, screen: Screen[Any]) -> set[Widget]:
        dirty = screen._dirty_widgets
        return {widget for widget in dirty if self._before.get(widget) != widget._repaint_regions}


def is_laid_out(screen: Screen[Any], size: Size) -> bool:
    """Whether the widgets of a screen are laid out for a terminal of this size."""
    return screen._compositor.size == size


def paint_now(screen: Screen[Any]) -> None:
    """Paint pending changes now, not with Textual's next frame, 16 ms after the last.

    A screen that needs a new layout is left to Textual.
    """
    if screen.is_current and screen._dirty_widgets and not screen._layout_required:
        paint_screen(screen)
