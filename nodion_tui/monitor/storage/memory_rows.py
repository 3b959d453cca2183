"""Rows in memory, in the place of a file: what a demo remembers is gone at its end."""

from collections.abc import Callable
from threading import Lock
from typing import Any, TypeVar

import msgspec

from nodion_tui.monitor.storage.locked_file import FileEntries

T = TypeVar("T")


class MemoryRows:
    """Like `LockedFile`, for one process; its methods may be called in any thread."""

    def __init__(self) -> None:
        self._rows: list[Any] = []
        self._lock = Lock()

    def read(self, kind: type[T]) -> FileEntries[T]:
        """The entries."""
        with self._lock:
            return FileEntries(tuple(msgspec.convert(row, kind) for row in self._rows))

    def update(self, change: Callable[[list[Any]], list[Any]]) -> str:
        """Replace the rows by the result of `change`; no previous contents are wrong: empty."""
        with self._lock:
            self._rows = change([*self._rows])
        return ""
