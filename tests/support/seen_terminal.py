"""A terminal for apps under Pilot that shows what was sent to it, and nothing else.

What an app renders on request is not what the user sees: those are the updates painted since, on
top of the previous contents.
"""

import asyncio
import time
from typing import Any

from rich.color import ColorSystem
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver
from textual.messages import Layout, Update, UpdateScroll
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.terminal_app import TerminalApp
from tests.support.cells import Cells, CellStream, Difference, differences, drawn, without_unknown

_PATIENCE = 10.0
_TICK = 3.0
"""Seconds in which a second that has begun since the last tick is painted by the next one."""


class SeenDriver(HeadlessDriver):
    """Replaces Textual's headless driver."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._written: list[str] = []
        self._screen = Cells(*self._get_terminal_size())
        self._stream = CellStream(self._screen)
        # Snapshots need all colors, and a style caches the codes of its first rendering.
        self._app.console._color_system = ColorSystem.TRUECOLOR
        if isinstance(self._app, TerminalApp):
            self._app.terminal_driver = self  # which a headless driver is not told

    @property
    def is_headless(self) -> bool:
        """Textual: whether output is discarded."""
        return False

    def write(self, data: str) -> None:
        """Textual: write to the terminal."""
        if self._size_now != (self._screen.columns, self._screen.lines):
            self._draw()
        self._written.append(data)

    @property
    def screen(self) -> Cells:
        """The contents of the terminal."""
        self._draw()
        return self._screen

    @property
    def _size_now(self) -> tuple[int, int]:
        width, height = self._get_terminal_size()
        return width, height

    def _draw(self) -> None:
        """Feed the pending output to the screen; lazily, as it is slow."""
        text, self._written = "".join(self._written), []
        self._stream.feed(without_unknown(text.encode()).decode())
        columns, rows = self._size_now
        if (columns, rows) != (self._screen.columns, self._screen.lines):
            self._screen.resize(rows, columns)


def terminal_of(app: App[Any]) -> Cells:
    """The contents of the terminal of an app."""
    driver = app._driver
    assert isinstance(driver, SeenDriver)
    return driver.screen


def screen_lines(app: App[Any]) -> list[str]:
    """The text of the terminal, one line per row, without trailing spaces."""
    return ["".join(cell.data for cell in row).rstrip() for row in terminal_of(app).cells]


async def assert_all_painted(app: App[Any]) -> None:
    """Wait until nothing is left to paint, and compare the terminal with a full redraw.

    A full redraw has the seconds of now, the terminal those of the last tick: where only digits
    differ, the next one is awaited.

    Raises:
        AssertionError: the terminal differs from a full redraw.
    """
    wrong = await _unlike_whole(app)
    begun = time.monotonic()
    while wrong and all(_is_clock(each) for each in wrong) and time.monotonic() < begun + _TICK:
        await asyncio.sleep(0.05)
        wrong = await _unlike_whole(app)
    assert not wrong, "\n".join(map(str, wrong[:12]))


async def _unlike_whole(app: App[Any]) -> list[Difference]:
    """How the terminal, once nothing is left to paint, differs from a full redraw."""
    async with asyncio.timeout(_PATIENCE):
        while is_unpainted(app):  # noqa: ASYNC110 - painting has no event
            await asyncio.sleep(0.01)
    return differences(terminal_of(app).cells, drawn(painted_whole(app), *app.size))


def _is_clock(difference: Difference) -> bool:
    return difference.shown.isdigit() and difference.wanted.isdigit()


def painted_whole(app: App[Any]) -> str:
    """The output of a full redraw of the screen."""
    below = app._background_screens
    whole: Any = app.screen._compositor.render_update(full=True, screen_stack=below)
    text: str = whole.render_segments(app.console)
    return text


def is_unpainted(app: App[Any]) -> bool:
    """Whether the screen, or a screen visible behind it, has pending repaints.

    Rows that a widget has computed are in a full redraw at once, and on the terminal after three
    steps: the widget is idle and posts a message, the screen handles it, its next frame is due.
    """
    screen = app.screen
    return bool(
        app._batch_count
        or _wants_painting(screen)
        or screen._dirty_widgets
        or screen._callbacks
        or screen._compositor._dirty_regions
        # Textual delays a screen behind another one until something else happens to it.
        or any(behind._update_timer._active.is_set() for behind in app._background_screens)
        or any(_is_asked_to_paint(shown) for shown in (screen, *app._background_screens))
    )


def _is_asked_to_paint(screen: Screen[Any]) -> bool:
    """Whether a widget's request has yet to be posted to its screen, or to be handled there."""
    posted = (screen._pending_message, *screen._message_queue.values)
    # A hidden widget may keep a request until it is shown.
    return any(isinstance(message, (Layout, Update, UpdateScroll)) for message in posted) or any(
        _wants_painting(widget)
        for widget in screen._compositor.visible_widgets
        if widget is not screen
    )


def _wants_painting(widget: Widget) -> bool:
    return widget._repaint_required or widget._layout_required or widget._scroll_required
