"""A TOML file that the program owns, such as presets or what the screen looked like.

It is 0600 in a 0700 folder and written in one step. Its first line says whose it is: a file of
that name that does not bear it is a person's, and stays as it is. A file that bears it and cannot
be read as TOML is set aside, never overwritten. The reader is told in a sentence: such a file
costs its contents, not the start of the program.
"""

import errno
import os
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.ownership import ForeignFile, read_owned_file
from nodion_tui.config.paths import display_path
from nodion_tui.config.private_files import write_private_file

HEADER = b"# Written by nodion-tui; it replaces this file as a whole.\n"
"""The first line. Every later version has to know this one as well."""
MAX_BYTES = 16_000_000
"""A larger file is none of ours."""
_NAMES_FOR_BROKEN = 100

Data = Mapping[str, Any]
Rewrite = Callable[[dict[str, Any]], Data]


class FileContents(msgspec.Struct, frozen=True):
    """What a file holds."""

    data: dict[str, Any] = {}
    """Empty where there is no file or none that can be read."""
    notice: str = ""
    """What went wrong and what became of the file; empty where all is well."""


class TomlFile:
    """One file of the program's own.

    Reading and writing block for milliseconds, a disk willing: in a running screen, call `write`
    in a thread (`asyncio.to_thread`).

    Args:
        path: where it is, or will be; its folder is made when needed.
        check: raises ValueError on contents of a shape that is none of ours; such a file is as
            broken as one that is no TOML.
        rewrite: gives what the program would write of what it understands of a file, or raises
            ValueError where it would never have written that. A file without the mark is the
            program's, from before there was a mark, if that makes the same bytes. Without it,
            none is.
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
        """Read all of it; never raises.

        A file of the program's that is no TOML is renamed to `NAME.broken`; what is not the
        program's is left alone.
        """
        try:
            return self.read_for_update()
        except OSError as error:
            return FileContents(notice=error.strerror or str(error))

    def read_for_update(self) -> FileContents:
        """Read all of it, as `read` does, where it is to be replaced.

        Raises:
            OSError: what is there must not be replaced; the message is a sentence.
        """
        try:
            return FileContents(self._data())
        except FileNotFoundError:
            return FileContents()
        except (ValueError, RecursionError) as error:
            return FileContents(notice=self._set_aside(_reason(error)))

    def write(self, data: Data) -> None:
        """Replace all of it; where it is broken by now, it is set aside first.

        Args:
            data: what TOML can hold (no None); a lone surrogate becomes `?`.

        Raises:
            OSError: it cannot be written, or what is there is not the program's, or can neither
                be read nor set aside.
        """
        self.read_for_update()
        write_private_file(self.path, HEADER + _toml(data))

    def ownership_problem(self) -> str:
        """Why what has its name is not the program's; empty where it is, or nothing has it."""
        try:
            self._data()
        except ForeignFile as error:
            return str(error)
        except (OSError, ValueError, RecursionError):
            return ""
        return ""

    def _data(self) -> dict[str, Any]:
        """What it holds.

        Raises:
            FileNotFoundError: there is none.
            NotOurs: it does not bear the mark, nor is it one from before there was a mark.
            ValueError: it is the program's, and broken; or RecursionError.
        """
        content = read_owned_file(self.path, MAX_BYTES + 1)
        if not content.startswith(HEADER):
            return self._unmarked(content)
        if len(content) > MAX_BYTES:
            raise ValueError(f"larger than {MAX_BYTES:,} bytes")
        data = tomllib.loads(content.decode("utf-8"))
        if self._check is not None:
            self._check(data)
        return data

    def _unmarked(self, content: bytes) -> dict[str, Any]:
        if not content:
            raise ForeignFile(self.path, "an empty file")
        try:
            data = tomllib.loads(content.decode("utf-8"))
            if self._rewrite is not None and _toml(self._rewrite(data)) == content:
                return data
        except UnicodeDecodeError:
            raise ForeignFile(self.path, "not UTF-8 text") from None
        except tomllib.TOMLDecodeError:
            raise ForeignFile(self.path, "no TOML") from None
        except (ValueError, RecursionError):
            pass
        raise ForeignFile(self.path, "TOML of something else")

    def _set_aside(self, reason: str) -> str:
        shown = display_path(self.path)
        try:
            aside = _free_name(self.path)
            self.path.rename(aside)
        except OSError as error:
            raise OSError(
                f"{shown}: {reason}, and cannot be set aside: {_reason(error)}; it stays as it is, "
                "and nothing is saved"
            ) from None
        return f"{shown}: {reason}; it was set aside as {aside.name}"


def _toml(data: Data) -> bytes:
    import tomli_w  # noqa: PLC0415 - nothing is written before the first paint

    return tomli_w.dumps(data).encode("utf-8", "replace")


def _free_name(path: Path) -> Path:
    """`NAME.broken`, or one with a number where there is one already.

    Raises:
        FileExistsError: all of them are taken: what was set aside before is not given up.
    """
    names = [f"{path.name}.broken"]
    names += [f"{path.name}.broken-{number}" for number in range(2, _NAMES_FOR_BROKEN)]
    places = [path.with_name(name) for name in names]
    for place in places:
        if not os.path.lexists(place):
            return place
    raise FileExistsError(errno.EEXIST, f"{len(places)} broken ones are there already")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return error.strerror or str(error)
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8 text"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return str(error)
