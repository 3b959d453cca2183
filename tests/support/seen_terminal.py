"""A terminal for apps under Pilot: it shows what was sent to it, and nothing else.

What an app renders when it is asked is not what a person sees: that is what was painted since the
last time, on what stood there before.
"""

import asyncio
from typing import Any

from pyte import Stream
from rich.color import ColorSystem
from textual.app import App
from textual.drivers.headless_driver import HeadlessDriver

from tests.support.cells import Cells, differences, drawn, without_unknown

_PATIENCE = 10.0


class SeenDriver(HeadlessDriver):
    """Takes the place of Textual's driver without a terminal."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._written: list[str] = []
        self._screen = Cells(*self._get_terminal_size())
        self._stream = Stream(self._screen)
        # Pictures are taken in all colours, and a style remembers how it was written first.
        self._app.console._color_system = ColorSystem.TRUECOLOR

    @property
    def is_headless(self) -> bool:
        """Textual: whether nothing has to be written."""
        return False

    def write(self, data: str) -> None:
        """Textual: write to the terminal."""
        if self._size_now != (self._screen.columns, self._screen.lines):
            self._draw()
        self._written.append(data)

    @property
    def screen(self) -> Cells:
        """What the terminal shows."""
        self._draw()
        return self._screen

    @property
    def _size_now(self) -> tuple[int, int]:
        width, height = self._get_terminal_size()
        return width, height

    def _draw(self) -> None:
        """Put on the screen what was written since; that is slow, so it is done when looked at."""
        text, self._written = "".join(self._written), []
        self._stream.feed(without_unknown(text.encode()).decode())
        columns, rows = self._size_now
        if (columns, rows) != (self._screen.columns, self._screen.lines):
            self._screen.resize(rows, columns)


def terminal_of(app: App[Any]) -> Cells:
    """What the terminal of an app shows."""
    driver = app._driver
    assert isinstance(driver, SeenDriver)
    return driver.screen


def screen_lines(app: App[Any]) -> list[str]:
    """The same as text, a row a line, without the spaces at the end."""
    return ["".join(cell.data for cell in row).rstrip() for row in terminal_of(app).cells]


async def assert_all_painted(app: App[Any]) -> None:
    """Wait until nothing is left to paint, and see that what was sent adds up to the screen.

    Raises:
        AssertionError: the terminal shows something else than the app would paint anew.
    """
    async with asyncio.timeout(_PATIENCE):
        while is_unpainted(app):  # noqa: ASYNC110 - what is painted tells nobody
            await asyncio.sleep(0.01)
    wrong = differences(terminal_of(app).cells, drawn(painted_whole(app), *app.size))
    assert not wrong, "\n".join(map(str, wrong[:12]))


def painted_whole(app: App[Any]) -> str:
    """All of the screen as it would be written to an empty terminal."""
    below = app._background_screens
    whole: Any = app.screen._compositor.render_update(full=True, screen_stack=below)
    text: str = whole.render_segments(app.console)
    return text


def is_unpainted(app: App[Any]) -> bool:
    """Whether something on the screen, or on those that shine through, is still to be painted."""
    screen = app.screen
    return bool(
        app._batch_count
        or screen._layout_required
        or screen._scroll_required
        or screen._repaint_required
        or screen._dirty_widgets
        or screen._callbacks
        or screen._compositor._dirty_regions
        # Textual lets a screen behind another one wait until something else happens to it.
        or any(each._update_timer._active.is_set() for each in app._background_screens)
    )
