"""Runs the app in a real terminal and gives the exit code of the process."""

import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import rich.cells

from nodion_tui.ui.terminal import orderly_end

if TYPE_CHECKING:
    from nodion_tui.ui.app import NodionApp

_SETTLED_SECONDS = 1.0
"""After so long everything that a start makes has been made."""

_THRESHOLDS = (2_000, 10, 5)
"""When garbage is collected: less often than by Python's own (700, 10, 10), for a flood of lines
makes objects and hardly any cycles. Yet those that Textual and httpx leave must not pile up: the
rarer full collections are, the longer each takes, and the more holes it leaves."""

_WIDTHS = 512
"""Texts whose width in columns is remembered: more than a screen shows."""

_SWITCH_SECONDS = 0.0005
"""What the threads that read keys and write frames wait for a busy event loop at most, each time;
by Python's own 5 ms a key waits for two or three of those."""

_LARGE = 128 * 1024
_M_MMAP_THRESHOLD = -3
"""mallopt(3)."""


def run(make: "Callable[[], NodionApp]") -> int:
    """Make the app and run it until it ends; the terminal is then as it was.

    Args:
        make: imports and makes the app, which is the larger part of a start.

    Returns:
        0 after a quit, 128 + n after signal n, 1 after a crash.
    """
    with _no_collection() as collect_again:
        return asyncio.run(_run(make(), collect_again))


async def _run(app: "NodionApp", collect_again: Callable[[], None]) -> int:
    loop = asyncio.get_running_loop()
    sys.setswitchinterval(_SWITCH_SECONDS)
    loop.call_later(_SETTLED_SECONDS, collect_again)
    loop.call_later(_SETTLED_SECONDS, _give_memory_back)
    _forget_widths()
    with orderly_end(lambda code: app.exit(return_code=code)):
        try:
            await app.run_async()
        finally:
            await app.aclose()
    return app.return_code or 0


@contextmanager
def _no_collection() -> Iterator[Callable[[], None]]:
    """Let garbage lie while imports make objects that all stay: a fifth of the time to first paint.

    Gives what ends it, and keeps the collector from looking at those objects ever again.
    """
    before = gc.get_threshold()
    gc.disable()

    def collect_again() -> None:
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()

    try:
        yield collect_again
    finally:
        gc.set_threshold(*before)
        gc.enable()


def _forget_widths() -> None:
    """Have Rich remember few texts: it keeps thousands, and titles with counts are ever new."""
    rich.cells.cached_cell_len = lru_cache(_WIDTHS)(rich.cells.cached_cell_len.__wrapped__)


def _give_memory_back() -> None:
    """Have each large block be a mapping of its own, which the system has back when it is freed.

    glibc begins so, and changes its mind with the first one that is freed: from then on logs and
    answers come and go in a heap that keeps their holes, several megabytes in a week.
    """
    import ctypes  # noqa: PLC0415 - after the first paint

    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)
