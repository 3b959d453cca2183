"""How little memory the program takes, in its first second and after a week.

What it holds is the business of the rooms that hold it. Here is what Python and the C library keep
besides: garbage that is not looked for, freed blocks that are not given back, caches of libraries.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

import rich.cells

_THRESHOLDS = (2_000, 10, 5)
"""When garbage is collected: less often than by Python's own (700, 10, 10), for a flood of lines
makes objects and hardly any cycles. Yet those that Textual and httpx leave must not pile up: the
rarer full collections are, the longer each takes, and the more holes it leaves."""

_WIDTHS = 512
"""Texts whose width in columns is remembered: more than a screen shows."""

TRIM_SECONDS = 30.0
"""How often memory is given back: it takes ten milliseconds."""
_BUSY_SECONDS = 1.0
"""How long it is put off by somebody who types."""

_LARGE = 128 * 1024
_M_MMAP_THRESHOLD = -3
"""mallopt(3)."""


@contextmanager
def gc_paused() -> Iterator[Callable[[], None]]:
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


def limit_width_cache() -> None:
    """Have Rich remember few texts: it keeps thousands, and titles with counts are ever new.

    Textual takes this function for its own when it is imported, so this comes before.
    """
    rich.cells.cached_cell_len = lru_cache(_WIDTHS)(rich.cells.cached_cell_len.__wrapped__)


def map_large_blocks() -> None:
    """Have each large block be a mapping of its own, which the system has back when it is freed.

    glibc begins so, and changes its mind with the first one that is freed: from then on logs and
    answers come and go in a heap that keeps their holes.
    """
    mallopt = _of_the_c_library("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE)


class MemoryTrimmer:
    """Gives back, now and then, what is held for nothing.

    In a week of polls and screens freed blocks lie between kept ones, megabytes of them: glibc
    keeps the holes until it is asked.

    Args:
        is_busy: whether this is no moment for it.
    """

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._loop = asyncio.get_running_loop()
        self._trim = _of_the_c_library("malloc_trim")
        self._loop.call_later(TRIM_SECONDS, self._tidy)

    def _tidy(self) -> None:
        if self._is_busy():
            self._loop.call_later(_BUSY_SECONDS, self._tidy)
            return
        gc.collect()
        if self._trim is not None:
            self._trim(0)
        self._loop.call_later(TRIM_SECONDS, self._tidy)


def _of_the_c_library(name: str) -> Callable[..., object] | None:
    """A function of glibc; other C libraries have their own ways, or none."""
    import ctypes  # noqa: PLC0415 - after the first paint

    return getattr(ctypes.CDLL(None), name, None)
