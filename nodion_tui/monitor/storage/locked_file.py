"""A file of the program that two programs may write at once: presets and history.

An update reads, changes and replaces it under a lock file beside it, so that no program loses what
the other has added. Reading takes the lock too, as it may rename a broken file. If a file of that
name belongs to someone else, no lock file is created.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.config.file_lock import lock
from nodion_tui.config.ownership import ForeignFile, open_lock_file
from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import make_private_folder
from nodion_tui.monitor.storage.toml_file import TomlFile

T = TypeVar("T")

LOCK_TIMEOUT = 3.0
"""Seconds to wait for another program; it keeps the lock for milliseconds."""


class FileEntries(msgspec.Struct, Generic[T], frozen=True):
    """The contents of a file."""

    entries: tuple[T, ...] = ()
    notice: str = ""
    """What is wrong with the file, and what was done about it; empty if nothing is."""


class LockedFile:
    """A TomlFile with a lock. Both methods block: call them in a thread.

    Args:
        path: the file; its lock is `NAME.lock` in the same folder.
        table: the array of tables that it contains, such as `presets`.
        rewrite: returns the rows as the program writes them, or raises ValueError for rows that it
            never writes; see TomlFile.
        timeout: seconds to wait for another program that has the lock.
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
        self._lock_path = path.with_name(f"{path.name}.lock")
        self._timeout = timeout
        self._table = table
        self._rewrite_rows = rewrite
        self._file = TomlFile(path, check=self._check, rewrite=self._rewrite)

    def read(self, kind: type[T]) -> FileEntries[T]:
        """Read the entries; never raises: errors are reported in the notice."""
        if not os.path.lexists(self.path):
            return FileEntries()
        if notice := self._file.ownership_problem():
            return FileEntries(notice=notice)
        try:
            with self._locked():
                contents = self._file.read()
        except ForeignFile as error:
            return FileEntries(notice=str(error))
        except OSError as error:
            return FileEntries(notice=f"{display_path(self.path)}: {error.strerror or error}")
        rows = contents.data.get(self._table, ())
        entries = [entry for row in rows if (entry := _convert(row, kind)) is not None]
        return FileEntries(
            tuple(entries), contents.notice or self._unreadable_notice(len(rows) - len(entries))
        )

    def update(self, change: Callable[[list[Any]], list[Any]]) -> str:
        """Replace the rows by the result of `change`, under the lock.

        Args:
            change: takes the rows of the file, including invalid ones, and returns all rows that
                the file shall contain.

        Returns:
            What was wrong with the previous contents; empty if nothing was.

        Raises:
            OSError: it cannot be written, or belongs to someone else; the previous contents are
                unchanged.
        """
        if notice := self._file.ownership_problem():
            raise OSError(notice)
        make_private_folder(self.path.parent)
        with self._locked():
            contents = self._file.read_for_update()
            rows = change(list(contents.data.get(self._table, ())))
            self._file.write(contents.data | {self._table: rows})
        return contents.notice

    def _check(self, data: dict[str, Any]) -> None:
        if not isinstance(data.get(self._table, []), list):
            raise ValueError(f"`{self._table}` is not an array of tables")  # noqa: TRY004 - of what TOML says

    def _rewrite(self, data: dict[str, Any]) -> dict[str, Any]:
        rows = data.get(self._table)
        if not isinstance(rows, list) or not rows or self._rewrite_rows is None:
            raise ValueError("nothing that identifies the program's file")
        return {self._table: self._rewrite_rows(rows)}

    def _unreadable_notice(self, count: int) -> str:
        if not count:
            return ""
        path = display_path(self.path)
        entries = "entry" if count == 1 else "entries"
        return f"{path}: {count} unreadable {entries}, ignored but kept in the file"

    @contextmanager
    def _locked(self) -> Iterator[None]:
        handle = open_lock_file(self._lock_path)
        try:
            self._lock(handle)
            yield
        finally:
            os.close(handle)  # which releases the lock

    def _lock(self, handle: int) -> None:
        try:
            lock(handle, self._timeout)
        except BlockingIOError:
            raise OSError(f"{display_path(self.path)}: locked by another program") from None


def _convert(row: Any, kind: type[T]) -> T | None:
    try:
        return msgspec.convert(row, kind)
    except msgspec.ValidationError:
        return None
