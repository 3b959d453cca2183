"""File of the debug log: private, rotated, one line per event.

`RotatingFileHandler` accepts any file with the name and follows links. This handler only writes to
files that begin with its own first line, shares them with other processes of the program, and drops
events that cannot be written.
"""

import io
import logging
import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from nodion_tui.config.file_lock import lock, unlock
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.text.sanitize import sanitize

FIRST_LINE = b"# nodion-tui event log\n"
"""First line of every debug log; other files are never written, renamed or removed."""
MAX_BYTES = 1_000_000
"""Size limit of one part."""
_MAX_VALUE = 160
_MAX_LINE = 1000
"""Limits in characters."""
_OPEN = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class EventLogFile(RotatingFileHandler):
    """Writes events to a rotated file.

    Args:
        parts: absolute paths, the file first (created if missing, an existing debug log is
            appended to), then its older parts, newest first.

    Raises:
        ConfigError: the file or an older part is not a debug log, or cannot be opened.
    """

    def __init__(self, parts: Sequence[Path]) -> None:
        path, *self._older = parts
        super().__init__(path, maxBytes=MAX_BYTES, backupCount=len(self._older), delay=True)
        self._path = path
        self.setFormatter(OneLine())
        try:
            self._check_older()
            self.stream = self._open()
        except OSError as error:
            missing = not path.parent.is_dir()
            reason = "no such folder" if missing else error.strerror or str(error)
            place = display_path(path.parent if missing else path)
            raise ConfigError(f"the log cannot be written: {place}: {reason}") from None

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: ARG002, N802 - logging's name
        """Logging: whether the file is full; also reopens it if its name was removed or reused."""
        if self.stream is not None and not self._is_current(self.stream.fileno()):
            self._close_stream()
        if self.stream is None:
            self.stream = self._open()
        return os.fstat(self.stream.fileno()).st_size >= MAX_BYTES

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Logging: renames the parts, unless another process is doing so."""
        if self.stream is None:
            return
        locked = os.dup(self.stream.fileno())
        try:
            lock(locked)
            if self._is_current(locked):
                self._check_older()
                super().doRollover()
            else:
                self._close_stream()
        except BlockingIOError:
            pass
        finally:
            # Unlocked explicitly: a forked process may have the file open as well.
            unlock(locked)
            os.close(locked)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Logging: drops the event; a full disk or a missing folder does not stop the program."""

    def _open(self) -> io.TextIOWrapper:
        # Unbuffered, so nothing can fail later when the program exits.
        raw: Any = io.FileIO(_open_part(self._path), "a")
        return io.TextIOWrapper(
            raw, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True
        )

    def _close_stream(self) -> None:
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()

    def _is_current(self, handle: int) -> bool:
        """False if the file was removed, or renamed by another process that rotated the log."""
        opened = os.fstat(handle)
        try:
            named = self._path.lstat()
        except FileNotFoundError:
            return False
        return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)

    def _check_older(self) -> None:
        """Raises unless the files with the names of older parts are debug logs."""
        for path in self._older:
            try:
                os.close(_open_existing(path))
            except FileNotFoundError:
                continue


class OneLine(logging.Formatter):
    """`2026-01-15T10:00:00.123Z INFO api request method=GET …`, with every value sanitized."""

    def format(self, record: logging.LogRecord) -> str:
        """Logging: formats the line of an event."""
        time = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        package = record.name.split(".")[1] if "." in record.name else record.name
        words = str(record.msg)
        if isinstance(record.args, tuple) and record.args:
            words %= tuple(_format_value(value) for value in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            # Neither message nor stack: both may contain typed text.
            words = f"{words} error={record.exc_info[0].__name__}"
        line = _truncate(sanitize(words), _MAX_LINE)
        return f"{time.replace('+00:00', 'Z')} {record.levelname} {package} {line}"


def _format_value(value: object) -> object:
    """Numbers unchanged; text sanitized, truncated, and quoted if necessary."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = _truncate(sanitize(str(value)), _MAX_VALUE)
    plain = text and " " not in text and '"' not in text
    return text if plain else '"{}"'.format(text.replace('"', "'"))


def _truncate(text: str, max_length: int) -> str:
    return text if len(text) <= max_length else f"{text[: max_length - 1]}…"


def _open_part(path: Path) -> int:
    """Opens or creates the file; a new or empty one starts with the first line."""
    try:
        handle = os.open(path, _OPEN | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        handle = _open_existing(path)
    try:
        status = os.fstat(handle)
        if stat.S_IMODE(status.st_mode) != 0o600:
            os.fchmod(handle, 0o600)
        if not status.st_size:
            os.write(handle, FIRST_LINE)
        elif os.pread(handle, 1, status.st_size - 1) != b"\n":
            os.write(handle, b"\n")
    except BaseException:
        os.close(handle)
        raise
    return handle


def _open_existing(path: Path) -> int:
    """Opens a regular file of this user that is empty or a debug log.

    Raises:
        ConfigError: the file is something else.
        OSError: the file is missing or cannot be opened.
    """
    _check_type(path, path.lstat())
    handle = os.open(path, _OPEN)
    try:
        _check_type(path, os.fstat(handle))
        _check_first_line(path, handle)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check_first_line(path: Path, handle: int) -> None:
    if os.pread(handle, len(FIRST_LINE), 0) not in {b"", FIRST_LINE}:
        raise _rejected(path, "a file that nodion-tui did not write")


def _check_type(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _rejected(path, "a symbolic link")
    if stat.S_ISDIR(status.st_mode):
        raise _rejected(path, "a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _rejected(path, "not a regular file")
    if status.st_uid != os.geteuid():
        raise _rejected(path, "a file of another user")


def _rejected(path: Path, what: str) -> ConfigError:
    return ConfigError(
        f"the log cannot be written: {display_path(path)} is {what}; it is left unchanged. "
        "Choose another file with --log or NODION_TUI_LOG"
    )
