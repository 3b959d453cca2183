"""Limits how many blocks of archived logs are decompressed at a time, whatever log they are of."""

import threading
from collections import OrderedDict
from typing import Protocol

DEFAULT_MAX_BYTES = 32 * 1024**2


class Unloadable(Protocol):
    """What holds decompressed text."""

    def unload(self) -> None:
        """Forget the text."""


class LoadedBlocks:
    """The decompressed blocks, the oldest first; called by the event loop and by threads.

    Args:
        max_bytes: of their text.
    """

    def __init__(self, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self._sizes: OrderedDict[Unloadable, int] = OrderedDict()
        self._bytes = 0

    @property
    def bytes_held(self) -> int:
        """Text that is decompressed, in bytes."""
        return self._bytes

    def add(self, block: Unloadable, size: int) -> None:
        """Count a block that was decompressed, and unload the oldest ones beyond the limit."""
        with self._lock:
            self._bytes += size - self._sizes.pop(block, 0)
            self._sizes[block] = size
            while self._bytes > self._max_bytes and len(self._sizes) > 1:
                oldest, oldest_size = self._sizes.popitem(last=False)
                self._bytes -= oldest_size
                oldest.unload()
