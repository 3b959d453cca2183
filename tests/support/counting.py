"""Work that is counted rather than timed: the same on every machine, and under every load.

Calls of the product's functions are counted by the interpreter itself, so nothing of it is
replaced; what would be sent to a terminal is rendered and measured, for an app under test sends
nothing.
"""

import asyncio
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

from rich.console import Console
from textual._compositor import CompositorUpdate
from textual.pilot import Pilot
from textual.screen import Screen
from textual.timer import Timer
from textual.widget import Widget

import nodion_tui
from nodion_tui.config import Profile
from nodion_tui.ui.app import NodionApp
from nodion_tui.ui.terminal.compositor import MinimalUpdate
from tests.support.keys import handled

_PRODUCT = str(Path(nodion_tui.__file__).parent)
_A_SECOND = 1.0
"""The interval of what ticks."""


@dataclass
class Work:
    """What was done meanwhile."""

    calls: Counter[str] = field(default_factory=Counter)
    """Of each function of the product, by its qualified name."""
    updates: int = 0
    """Of the screen."""
    rows: int = 0
    """Rows, or parts of rows, that were painted."""
    sent: int = 0
    """Bytes that a terminal would have got."""

    @property
    def total(self) -> int:
        """Calls of the product's functions, all together."""
        return self.calls.total()

    def of(self, *names: str) -> int:
        """Calls of these functions, such as `LogView.render_line`."""
        return sum(self.calls[name] for name in names)


_SIXTEEN_COLORS = Console(color_system="standard", force_terminal=True)
"""The terminal that what is sent is counted for, wherever the tests run."""


def _forget_how_written(update: MinimalUpdate) -> None:
    """Have each style written anew: it remembers how, be it for another terminal or a picture."""
    for painted in update.painted:
        for segment in painted.segments.segments:
            if segment.style is not None:
                segment.style._ansi = None


class CountedApp(NodionApp):
    """The app, with a count of what it would send."""

    def __init__(self, profile: Profile, **options: Any) -> None:
        super().__init__(profile, **options)
        self.work = Work()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.work.updates += 1
            if isinstance(renderable, MinimalUpdate):
                self.work.rows += len(renderable.painted)
                _forget_how_written(renderable)
            self.work.sent += len(renderable.render_segments(_SIXTEEN_COLORS).encode())
        super()._display(screen, renderable)

    @contextmanager
    def counted(self) -> Iterator[Work]:
        """Counts what is done within the context, in this thread."""
        work = self.work = Work()
        calls = work.calls

        def called(frame: FrameType, event: str, _: object) -> None:
            if event == "call" and frame.f_code.co_filename.startswith(_PRODUCT):
                calls[frame.f_code.co_qualname] += 1

        sys.setprofile(called)
        try:
            yield work
        finally:
            sys.setprofile(None)


@asynccontextmanager
async def counted_app(
    profile: Profile, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[tuple[CountedApp, Pilot[None]]]:
    """The app at a size; all that it holds is taken down at the end."""
    app = CountedApp(profile, **options)
    try:
        async with app.run_test(size=size) as pilot:
            yield app, pilot
    finally:
        await app.aclose()


def stop_ticking(app: NodionApp) -> None:
    """End everything that happens once a second, so that it does not happen while counting."""
    for widget in (app.screen, *app.screen.walk_children(Widget)):
        for timer in _ticking(widget):
            timer.stop()


async def settled(app: NodionApp, pilot: Pilot[None]) -> None:
    """Wait until everything that is under way in the app has been handled and painted."""
    calm = 0
    while calm < 3:
        await handled(pilot)
        await asyncio.sleep(0.01)
        calm = 0 if _is_busy(app) else calm + 1


def _is_busy(app: NodionApp) -> bool:
    screen, log = app.dashboard, app.dashboard._log
    resting = screen._resting._task if screen._resting else None
    return any(
        (
            screen._dirty_widgets,
            screen._compositor._dirty_regions,
            screen._layout_required,
            resting is not None and not resting.done(),
            log is not None and log._pace.is_scheduled,
            log is not None and log.session is not None and log.session._throttle._handle,
        )
    )


def _ticking(widget: Widget) -> list[Timer]:
    return [timer for timer in widget._timers if timer._interval == _A_SECOND]
