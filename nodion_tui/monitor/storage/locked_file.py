"""A file of the program's own that two programs may write at once: presets and history.

Changing it is read, change, replace, all under a lock beside it, so that neither program loses
what the other has added. Reading takes the lock too, for it may set a broken file aside. Where
what has the file's name is a person's, no lock is made beside it.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.config.ownership import ForeignFile, open_lock_file
from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import make_private_folder
from nodion_tui.monitor.storage.toml_file import TomlFile

T = TypeVar("T")

LOCK_TIMEOUT = 3.0
"""Seconds to wait for another program; it holds the lock for milliseconds."""
_STEP = 0.02


@dataclass(frozen=True, slots=True)
class FileEntries(Generic[T]):
    """What a file holds."""

    entries: tuple[T, ...] = ()
    notice: str = ""
    """What went wrong with the file, and what became of it; empty where all is well."""


class LockedFile:
    """An OwnedFile with a lock. Both methods block: call them in a thread.

    Args:
        path: the file; its lock is `NAME.lock` in the same folder.
        table: the list of tables that it holds, such as `presets`.
        rewrite: gives the rows as the program writes them, or raises ValueError on rows that it
            never writes; see OwnedFile.
        wait: seconds to wait for another program that holds the lock.
    """

    def __init__(
        self,
        path: Path,
        table: str,
        *,
        rewrite: Callable[[list[Any]], list[Any]] | None = None,
        timeout: float = LOCK_TIMEOUT,
    ) -> None:
        self.path = path
        self._lock = path.with_name(f"{path.name}.lock")
        self._wait = timeout
        self._table = table
        self._rewrite_rows = rewrite
        self._file = TomlFile(path, check=self._check, rewrite=self._rewrite)

    def read(self, kind: type[T]) -> FileEntries[T]:
        """Read the entries; never raises: what goes wrong is the notice."""
        if not os.path.lexists(self.path):
            return FileEntries()
        if notice := self._file.ownership_problem():
            return FileEntries(notice=notice)
        try:
            with self._held():
                contents = self._file.read()
        except ForeignFile as error:
            return FileEntries(notice=str(error))
        except OSError as error:
            return FileEntries(notice=f"{display_path(self.path)}: {error.strerror or error}")
        rows = contents.data.get(self._table, ())
        good = [entry for row in rows if (entry := _convert(row, kind)) is not None]
        return FileEntries(tuple(good), contents.notice or self._unread(len(rows) - len(good)))

    def update(self, change: Callable[[list[Any]], list[Any]]) -> str:
        """Replace the rows by what `change` makes of them, with no other program between.

        Args:
            change: gets the rows as they stand in the file, also those that are not as they
                should be, and gives all that shall stand in it.

        Returns:
            What went wrong with what was there before; empty where all was well.

        Raises:
            OSError: it cannot be written, or is not the program's; what was there before is still
                there.
        """
        if notice := self._file.ownership_problem():
            raise OSError(notice)
        make_private_folder(self.path.parent)
        with self._held():
            contents = self._file.read_for_update()
            rows = change(list(contents.data.get(self._table, ())))
            self._file.write(contents.data | {self._table: rows})
        return contents.notice

    def _check(self, data: dict[str, Any]) -> None:
        if not isinstance(data.get(self._table, []), list):
            raise ValueError(f"`{self._table}` is no list of tables")  # noqa: TRY004 - of what TOML says

    def _rewrite(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = data.get(self._table)
        if not isinstance(rows, list) or not rows or self._rewrite_rows is None:
            raise ValueError("nothing that tells whose it is")
        return {self._table: self._rewrite_rows(rows)}

    def _unread(self, bad: int) -> str:
        if not bad:
            return ""
        shown = display_path(self.path)
        return f"{shown}: {bad} of its entries cannot be read; they are left out, and left alone"

    @contextmanager
    def _held(self) -> Iterator[None]:
        handle = open_lock_file(self._lock)
        try:
            self._take(handle)
            yield
        finally:
            os.close(handle)  # which gives the lock back

    def _take(self, handle: int) -> None:
        give_up = time.monotonic() + self._wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= give_up:
                    shown = display_path(self.path)
                    raise OSError(f"{shown}: another program has kept it locked") from None
                time.sleep(_STEP)
            else:
                return


def _convert(row: Any, kind: type[T]) -> T | None:
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError:
        return None
