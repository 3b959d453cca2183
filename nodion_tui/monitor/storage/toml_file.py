"""A TOML file that the program owns, such as presets or the state of the screens.

It is 0600 in a 0700 folder and written atomically. Its first line names the program: a file of
that name without it belongs to someone else and is not changed. A file with it that is not valid
TOML is renamed, never overwritten. Problems are reported in a sentence: a broken file costs its
contents, not the start of the program.
"""

import errno
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.ownership import ForeignFile, read_owned_file
from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import write_private_file

HEADER = b"# Written by nodion-tui; it replaces this file as a whole.\n"
"""The first line. Every later version must recognize this one as well."""
MAX_BYTES = 16_000_000
"""A larger file is not the program's."""
_MAX_BROKEN_FILES = 100

Data = Mapping[str, Any]
Rewrite = Callable[[dict[str, Any]], Data]


class FileContents(msgspec.Struct, frozen=True):
    """The contents of a file."""

    data: dict[str, Any] = {}
    """Empty if the file is missing or cannot be read."""
    notice: str = ""
    """What is wrong with the file and what was done about it; empty if nothing is."""


class TomlFile:
    """A TOML file owned by the program.

    Reading and writing block for milliseconds: in a running screen, call `write` in a thread
    (`asyncio.to_thread`).

    Args:
        path: the file; its folder is created when needed.
        check: raises ValueError if the contents have the wrong shape; such a file is as broken as
            invalid TOML.
        rewrite: returns what the program would write for the parsed contents, or raises ValueError
            if it would never have written them. A file without the header, from before there was
            one, is the program's if that gives the same bytes. Default: no such file is.
    """

    def __init__(
        self,
        path: Path,
        *,
        check: Callable[[dict[str, Any]], None] | None = None,
        rewrite: Rewrite | None = None,
    ) -> None:
        self.path = path
        self._check = check
        self._rewrite = rewrite

    def read(self) -> FileContents:
        """Read the file; never raises.

        A file of the program that is not valid TOML is renamed to `NAME.broken`; a file of someone
        else is not changed.
        """
        try:
            return self.read_for_update()
        except OSError as error:
            return FileContents(notice=error.strerror or str(error))

    def read_for_update(self) -> FileContents:
        """Read the file like `read`, before it is replaced.

        Raises:
            OSError: the file must not be replaced; the message is a sentence.
        """
        try:
            return FileContents(self._load())
        except FileNotFoundError:
            return FileContents()
        except (ValueError, RecursionError) as error:
            return FileContents(notice=self._rename_broken(_reason(error)))

    def write(self, data: Data) -> None:
        """Replace the file; if it is broken, it is renamed first.

        Args:
            data: TOML values (no None); a lone surrogate becomes `?`.

        Raises:
            OSError: it cannot be written, or belongs to someone else, or can neither be read nor
                renamed.
        """
        self.read_for_update()
        write_private_file(self.path, HEADER + _toml(data))

    def ownership_problem(self) -> str:
        """Why the file is not the program's; empty if it is, or does not exist."""
        try:
            self._load()
        except ForeignFile as error:
            return str(error)
        except (OSError, ValueError, RecursionError):
            return ""
        return ""

    def _load(self) -> dict[str, Any]:
        """The parsed contents.

        Raises:
            FileNotFoundError: the file is missing.
            ForeignFile: it has no header, nor is it one from before there was a header.
            ValueError: it is the program's, and broken; or RecursionError.
        """
        content = read_owned_file(self.path, MAX_BYTES + 1)
        if not content.startswith(HEADER):
            return self._read_without_header(content)
        if len(content) > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES:,} bytes")
        import tomllib  # noqa: PLC0415 - compiles patterns, for which a first start has no file

        data = tomllib.loads(content.decode("utf-8"))
        if self._check is not None:
            self._check(data)
        return data

    def _read_without_header(self, content: bytes) -> dict[str, Any]:
        if not content:
            raise ForeignFile(self.path, "an empty file")
        import tomllib  # noqa: PLC0415 - see above

        try:
            data = tomllib.loads(content.decode("utf-8"))
            if self._rewrite is not None and _toml(self._rewrite(data)) == content:
                return data
        except UnicodeDecodeError:
            raise ForeignFile(self.path, "not UTF-8 text") from None
        except tomllib.TOMLDecodeError:
            raise ForeignFile(self.path, "not TOML") from None
        except (ValueError, RecursionError):
            pass
        raise ForeignFile(self.path, "TOML of another program")

    def _rename_broken(self, reason: str) -> str:
        path = display_path(self.path)
        try:
            renamed = _free_name(self.path)
            self.path.rename(renamed)
        except OSError as error:
            raise OSError(
                f"{path}: {reason}, and cannot be renamed: {_reason(error)}; it is left unchanged "
                "and nothing is saved"
            ) from None
        return f"{path}: {reason}; it was renamed to {renamed.name}"


def _toml(data: Data) -> bytes:
    import tomli_w  # noqa: PLC0415 - nothing is written before the first paint

    return tomli_w.dumps(data).encode("utf-8", "replace")


def _free_name(path: Path) -> Path:
    """`NAME.broken`, or one with a number if that exists.

    Raises:
        FileExistsError: all names are taken: earlier broken files are never deleted.
    """
    for number in range(1, _MAX_BROKEN_FILES):
        suffix = f"-{number}" if number > 1 else ""
        candidate = path.with_name(f"{path.name}.broken{suffix}")
        if not os.path.lexists(candidate):
            return candidate
    raise FileExistsError(errno.EEXIST, f"{_MAX_BROKEN_FILES - 1} broken files exist already")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
