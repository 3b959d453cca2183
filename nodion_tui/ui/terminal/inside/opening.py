"""Shows a screen that is opened, or laid out anew for a key, when it is complete, in one frame.

Textual 8.2 paints a screen while it is mounted, laid out and focused: ten frames and seven layouts
for the trigger form, 46 of its 108 ms. It hides a change of mode for 50 ms, whatever it takes. What
a key lays out anew has its first frame up to 16 ms later, in which widgets do not know their new
size yet, and two layouts.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

from textual.app import App
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor
from nodion_tui.ui.terminal.inside.repaint_screen import paint_screen

MAX_SECONDS = 0.15
"""Time after which a screen is shown as it is, by default."""
_CALM_ITERATIONS = 3
"""Iterations of the event loop without a message for the screen after which it is laid out, or
complete: a widget asks for a layout in the one after its last message."""
_MAX_ITERATIONS = 40
"""Iterations after its mount: logs that grow send messages without end."""


class Opening:
    """Withholds frames while a screen is opened.

    Args:
        app: app whose screens are opened; its `is_opening` says so meanwhile.
        patience: seconds after which a screen is shown as it is.
    """

    def __init__(self, app: App[Any], patience: float = MAX_SECONDS) -> None:
        self._app: Any = app
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self._is_new = False
        self.is_painting = False
        """Whether the complete screen is painted now: another one, in which nothing has moved."""

    @property
    def is_active(self) -> bool:
        """Whether a screen is being opened."""
        return self._task is not None

    def begin(self) -> None:
        """Withhold frames until the screen that is on top next is complete."""
        self._is_new = True
        self._begin()

    def lay_out(self) -> None:
        """Withhold frames until the screen that is shown, under no dialog, is laid out anew."""
        self._begin()

    def _begin(self) -> None:
        if self._task is None:
            self._app.is_opening = True
            self._task = asyncio.create_task(self._show(), name="opening")

    async def wait(self) -> None:
        """Wait until the screen that is being opened is shown."""
        if self._task is not None:
            await asyncio.wait((self._task,))

    async def _show(self) -> None:
        try:
            with self._app.batch_update():
                await complete(self._screen, self._patience)
        finally:
            self._task = None
            self._app.is_opening = False
            is_new, self._is_new = self._is_new, False
        if self._app.screen_stack and self._app.is_running:
            self._paint(is_new=is_new)

    def _screen(self) -> Screen[Any] | None:
        """The screen on top; None: the app ends."""
        return self._app.screen if self._app.screen_stack else None

    def _paint(self, *, is_new: bool) -> None:
        *under, screen = self._app.screen_stack
        for other in under:
            _drop_repaints(other)
            other.check_idle()
        if isinstance(screen._compositor, MinimalCompositor):
            self.is_painting = is_new
            paint_screen(screen)
            self.is_painting = False
            if screen._compositor._dirty_regions:  # moved, and nothing in it has changed
                screen._compositor_refresh()
        else:
            screen.refresh()  # its frames were dropped


async def complete(screen_of: Callable[[], Screen[Any] | None], patience: float) -> None:
    """Let a screen handle its messages, and lay it out when there are none.

    Args:
        screen_of: the screen, which may be another one meanwhile; None: there is none any more.
        patience: seconds after which it is laid out as it is.
    """
    deadline = time.monotonic() + patience
    calm = iterations = 0
    while iterations < _MAX_ITERATIONS and time.monotonic() < deadline:
        await asyncio.sleep(0)
        if (screen := screen_of()) is None:
            return
        iterations += screen.is_mounted
        calm = 0 if not screen.is_mounted or _has_messages(screen) else calm + 1
        if calm == _CALM_ITERATIONS:
            if not _lays_out(screen):
                return
            calm = 0  # widgets are told of their new sizes
    if (screen := screen_of()) is not None:
        _lays_out(screen)


def _has_messages(screen: Screen[Any]) -> bool:
    return any(node.message_queue_size for node in screen.walk_children(with_self=True))


def _lays_out(screen: Screen[Any]) -> bool:
    """Lay out a screen if it is to be laid out; returns whether it was.

    Textual has every widget ask for a layout when a layout has changed its size. It is laid out
    again only if a scroll bar has come or gone.
    """
    compositor = screen._compositor
    is_due = screen._layout_required or screen._scroll_required
    if not isinstance(compositor, MinimalCompositor) or not is_due:
        return False
    widgets = [widget for widget in screen.walk_children(Widget) if not widget._layout_required]
    before = _scroll_bars(widgets)
    compositor.may_lay_out = True
    # Before its first layout, a screen has no size of its own.
    screen._refresh_layout(screen.app.size, scroll=not screen._layout_required)
    compositor.may_lay_out = False
    screen._layout_required = screen._scroll_required = False
    if _scroll_bars(widgets) == before:
        for widget in widgets:
            widget._layout_required = False
    return True


def _scroll_bars(widgets: Iterable[Widget]) -> list[tuple[bool, bool]]:
    """Which scroll bars each widget shows."""
    return [
        (widget.show_vertical_scrollbar, widget.show_horizontal_scrollbar) for widget in widgets
    ]


def _drop_repaints(screen: Screen[Any]) -> None:
    """Forget what is to be repainted in a screen under one that paints everything."""
    screen._compositor.update_widgets(screen._dirty_widgets)
    screen._compositor._dirty_regions.clear()
    screen._dirty_widgets.clear()
    screen._repaint_required = False
