"""Counts work instead of timing it: the result is the same on every machine and under any load.

Calls of the product's functions are counted by the interpreter, so nothing is patched; output to
the terminal is rendered and measured, as an app under test sends nothing.
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
from textual._compositor import CompositorUpdate, LayoutUpdate
from textual.pilot import Pilot
from textual.screen import Screen

import nodion_tui
from nodion_tui.config import Profile
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.ui.app import AppOptions, NodionApp
from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from tests.support.keys import handled
from tests.support.seen_terminal import is_unpainted

_PRODUCT = str(Path(nodion_tui.__file__).parent)
_A_SECOND = 1.0
"""Interval of the timer that ticks."""


@dataclass
class Work:
    """Work done in a period."""

    calls: Counter[str] = field(default_factory=Counter)
    """Calls of each function of the product, by qualified name."""
    updates: int = 0
    """Screen updates."""
    rows: int = 0
    """Painted rows, or parts of rows."""
    sent: int = 0
    """Bytes that would have been sent to a terminal."""

    @property
    def total(self) -> int:
        """Total calls of the product's functions."""
        return self.calls.total()

    def of(self, *names: str) -> int:
        """Calls of these functions, such as `LogView.render_line`."""
        return sum(self.calls[name] for name in names)


_SIXTEEN_COLORS = Console(color_system="standard", force_terminal=True)
"""Console that output is rendered for, independent of the environment."""


def _bytes_of(update: CompositorUpdate) -> int:
    """Bytes of an update on a terminal of 16 colours.

    A style caches the codes of the first terminal it is written to, and tests of one process share
    styles: the cache is dropped before, for what is counted, and after, for what comes next.
    """
    _drop_codes(update)
    try:
        return len(update.render_segments(_SIXTEEN_COLORS).encode())
    finally:
        _drop_codes(update)


def _drop_codes(update: CompositorUpdate) -> None:
    if isinstance(update, MinimalUpdate):
        segments = [segment for row in update.rows for segment in row.segments.segments]
    else:
        assert isinstance(update, LayoutUpdate)
        strips = [strip for line in update.strips for strip in line]
        for strip in strips:
            strip._render_cache = None
        segments = [segment for strip in strips for segment in strip]
    for segment in segments:
        if segment.style is not None:
            segment.style._ansi = None


class CountedApp(NodionApp):
    """The app, with a count of its work and output."""

    def __init__(self, profile: Profile, options: AppOptions) -> None:
        super().__init__(profile, options)
        self.work = Work()

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.work.updates += 1
            if isinstance(renderable, MinimalUpdate):
                self.work.rows += len(renderable.rows)
            self.work.sent += _bytes_of(renderable)
        super()._display(screen, renderable)

    @contextmanager
    def counted(self) -> Iterator[Work]:
        """Count the work within the context, in this thread."""
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
    """The app at a size; it is closed at the end."""
    app = CountedApp(profile, AppOptions(**options))
    try:
        async with app.run_test(size=size) as pilot:
            yield app, pilot
    finally:
        await app.aclose()


def stop_ticking(app: NodionApp) -> None:
    """Stop the timer that ticks each second, so that it does not add to the counts."""
    for timer in app._timers:
        if timer._interval == _A_SECOND:
            timer.stop()


async def settled(app: NodionApp, pilot: Pilot[None]) -> None:
    """Wait until all pending events of the app are handled and painted."""
    idle_rounds = 0
    while idle_rounds < 3:
        await handled(pilot)
        await asyncio.sleep(0.01)
        idle_rounds = 0 if _is_busy(app) else idle_rounds + 1


def _is_busy(app: NodionApp) -> bool:
    slot = app.dashboard.log_slot
    log = slot.pane
    return any(
        (
            is_unpainted(app),
            slot.is_pending,
            log is not None and log._throttle.is_scheduled,
            log is not None
            and isinstance(log.session, LogSession)
            and log.session._throttle._handle,
        )
    )
