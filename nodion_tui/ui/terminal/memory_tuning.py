"""Tunes the memory use of Python and the C library, at start and over weeks.

Covers uncollected garbage, and freed blocks that are not returned to the system; the program's own
data is managed where it is held.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_THRESHOLDS = (2_000, 10, 5)
"""Thresholds of the garbage collector: higher than Python's default (700, 10, 10), as log lines
create many objects and hardly any cycles. The cycles of Textual and httpx must not accumulate,
though: rarer full collections take longer and leave more holes."""

TRIM_SECONDS = 30.0
"""Interval of returning memory to the system, which takes ten milliseconds."""
_BUSY_SECONDS = 1.0
"""Delay while the user is typing."""

_LARGE_BLOCK = 320 * 1024
"""Bytes: less than a sealed segment of a log, which stays, and more than what a stream is read and
decoded in, which is freed at once: a mapping for each of those takes a twentieth of the CPU time
of a flood in page faults."""
_M_MMAP_THRESHOLD = -3
"""mallopt(3)."""


@contextmanager
def gc_paused() -> Iterator[Callable[[], None]]:
    """Pause garbage collection during imports, whose objects all stay alive.

    Saves a fifth of the time to first paint. Yields a function that resumes collection and
    excludes these objects from it permanently.
    """
    before = gc.get_threshold()
    gc.disable()

    def resume() -> None:
        gc.freeze()
        gc.set_threshold(*_THRESHOLDS)
        gc.enable()

    try:
        yield resume
    finally:
        gc.set_threshold(*before)
        gc.enable()


def map_large_blocks() -> None:
    """Allocate each large block as a separate mapping, returned to the system when freed.

    This is glibc's initial behaviour, but it raises the threshold when the first block is freed;
    logs and responses would then fragment the heap. Measured (P3 with 200,000 lines): the memory
    at the end of a log is 1.5 MB lower, under `max_log_bytes` 2.1 MB.
    """
    mallopt = _libc_function("mallopt")
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)


class MemoryTrimmer:
    """Returns free memory to the system periodically.

    Freed blocks accumulate between live ones; glibc keeps them until `malloc_trim`. Measured (P3
    with 200,000 lines): a log at rest takes 0.9 MB less, under `max_log_bytes` 1.2 MB.

    Args:
        is_busy: whether to postpone it.
    """

    def __init__(self, is_busy: Callable[[], bool]) -> None:
        self._is_busy = is_busy
        self._loop = asyncio.get_running_loop()
        self._trim = _libc_function("malloc_trim")
        self._loop.call_later(TRIM_SECONDS, self._collect_and_trim)

    def _collect_and_trim(self) -> None:
        if self._is_busy():
            self._loop.call_later(_BUSY_SECONDS, self._collect_and_trim)
            return
        if any(gc.get_count()[1:]):
            # Otherwise Python itself has collected nothing since: fewer new objects than its first
            # threshold cannot hold much, and walking through all takes ten milliseconds.
            gc.collect()
        if self._trim is not None:
            self._trim(0)
        self._loop.call_later(TRIM_SECONDS, self._collect_and_trim)


def _libc_function(name: str) -> Callable[..., object] | None:
    """A function of glibc; None in other C libraries."""
    import ctypes  # noqa: PLC0415 - after the first paint

    return getattr(ctypes.CDLL(None), name, None)
