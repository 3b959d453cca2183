"""The file of the event log: private, rotated, one line an event, and never in anyone's way.

`RotatingFileHandler` takes any file that has the name and follows links. This one writes to files
that begin with its own first line alone, shares them with other processes of the program, and drops
an event that cannot be written.
"""

import fcntl
import io
import logging
import os
import stat
from collections.abc import Sequence
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import ConfigError
from nodion_tui.model.sanitize import sanitize

if TYPE_CHECKING:
    from io import TextIOWrapper

FIRST_LINE = b"# nodion-tui event log\n"
"""How a file of ours begins; no other file is written to, renamed or removed."""
MAX_BYTES = 1_000_000
"""Of one part."""
_LONGEST_VALUE = 160
_LONGEST_LINE = 1000
"""Characters."""
_OPEN = os.O_RDWR | os.O_APPEND | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC


class EventLogFile(RotatingFileHandler):
    """Writes events to a file.

    Args:
        parts: absolute; first the file (made where it is missing, an existing log of ours is
            appended to), then the older ones, newest first.

    Raises:
        ConfigError: the file or an older part is something else, or cannot be opened.
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
            why = "there is no such folder" if missing else error.strerror or str(error)
            where = display_path(path.parent if missing else path)
            raise ConfigError(f"the log cannot be written: {where}: {why}") from None

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: ARG002, N802 - logging's name
        """Logging: whether the file is full; by the way, whether it still has its name."""
        if self.stream is not None and not self._has_its_name(self.stream.fileno()):
            self._leave()
        if self.stream is None:
            self.stream = self._open()
        return os.fstat(self.stream.fileno()).st_size >= MAX_BYTES

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Logging: rename the parts, unless another process is doing so."""
        if self.stream is None:
            return
        held = os.dup(self.stream.fileno())
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if self._has_its_name(held):
                self._check_older()
                super().doRollover()
            else:
                self._leave()
        except BlockingIOError:
            pass
        finally:
            # By its name, for a process that was forked off may have the file open, too.
            fcntl.flock(held, fcntl.LOCK_UN)
            os.close(held)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Logging: drop the event; a full disk or a lost folder is no concern of the program's."""

    def _open(self) -> "TextIOWrapper":
        # Nothing is held back, so nothing can fail later, at the end of the program.
        raw: Any = io.FileIO(_open_part(self._path), "a")
        return io.TextIOWrapper(
            raw, encoding="utf-8", errors="backslashreplace", newline="\n", write_through=True
        )

    def _leave(self) -> None:
        stream, self.stream = self.stream, None
        if stream is not None:
            stream.close()

    def _has_its_name(self, handle: int) -> bool:
        """False where it was removed, or renamed by another process that rotated it."""
        mine = os.fstat(handle)
        try:
            named = self._path.lstat()
        except FileNotFoundError:
            return False
        return (named.st_dev, named.st_ino) == (mine.st_dev, mine.st_ino)

    def _check_older(self) -> None:
        """Raise unless what has the names of older parts may be renamed and removed."""
        for path in self._older:
            try:
                os.close(_open_existing(path))
            except FileNotFoundError:
                continue


class OneLine(logging.Formatter):
    """`2026-01-15T10:00:00.123Z INFO api request method=GET …`, with every value made inert."""

    def format(self, record: logging.LogRecord) -> str:
        """Logging: the line of an event."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        room = record.name.split(".")[1] if "." in record.name else record.name
        words = str(record.msg)
        if isinstance(record.args, tuple) and record.args:
            words %= tuple(_value(each) for each in record.args)
        if record.exc_info and record.exc_info[0] is not None:
            # Neither its text nor its stack: either may hold what a person typed.
            words = f"{words} error={record.exc_info[0].__name__}"
        line = _cut(sanitize(words), _LONGEST_LINE)
        return f"{at.replace('+00:00', 'Z')} {record.levelname} {room} {line}"


def _value(value: object) -> object:
    """A number as it is; text on one line, cut, and in quotation marks where it needs them."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    text = _cut(sanitize(str(value)), _LONGEST_VALUE)
    plain = text and " " not in text and '"' not in text
    return text if plain else '"{}"'.format(text.replace('"', "'"))


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _open_part(path: Path) -> int:
    """The file, made where it is missing; a new or empty one begins with our first line."""
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
    """A regular file of this user's that is empty or a log of ours; nothing else is opened.

    Raises:
        ConfigError: it is something else.
        OSError: it cannot be opened, or there is none.
    """
    _check(path, path.lstat())
    handle = os.open(path, _OPEN)
    try:
        _check(path, os.fstat(handle))
        _check_first_line(path, handle)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check_first_line(path: Path, handle: int) -> None:
    if os.pread(handle, len(FIRST_LINE), 0) not in {b"", FIRST_LINE}:
        raise _refused(path, "a file that nodion-tui did not write")


def _check(path: Path, status: os.stat_result) -> None:
    if stat.S_ISLNK(status.st_mode):
        raise _refused(path, "a symbolic link")
    if stat.S_ISDIR(status.st_mode):
        raise _refused(path, "a folder")
    if not stat.S_ISREG(status.st_mode):
        raise _refused(path, "not a regular file")
    if status.st_uid != os.geteuid():
        raise _refused(path, "a file of another user's")


def _refused(path: Path, what: str) -> ConfigError:
    return ConfigError(
        f"the log cannot be written: {display_path(path)} is {what}; it stays as it is. "
        "Name another file with --log or NODION_TUI_LOG"
    )
