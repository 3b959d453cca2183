"""A TOML file that the program owns, such as presets or what the screen looked like.

It is 0600 in a 0700 folder and written in one step. A file that cannot be read as TOML is set
aside, never overwritten, and the reader is told in a sentence: a broken file costs its contents,
not the start of the program.
"""

import errno
import os
import stat
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.config.paths import display_path
from nodion_tui.config.private import write_private

MAX_BYTES = 16_000_000
"""A larger file is none of ours."""
_NAMES_FOR_BROKEN = 100


class Contents(msgspec.Struct, frozen=True):
    """What a file holds."""

    data: dict[str, Any] = {}
    """Empty where there is no file or none that can be read."""
    notice: str = ""
    """What went wrong and what became of the file; empty where all is well."""


class OwnedFile:
    """One file of the program's own.

    Reading and writing block for milliseconds, a disk willing: in a running screen, call `write`
    in a thread (`asyncio.to_thread`).

    Args:
        path: where it is, or will be; its folder is made when needed.
        check: raises ValueError on contents of a shape that is none of ours; such a file is as
            broken as one that is no TOML.
    """

    def __init__(
        self, path: Path, *, check: Callable[[dict[str, Any]], None] | None = None
    ) -> None:
        self.path = path
        self._check = check
        self._untouchable = ""

    def read(self) -> Contents:
        """Read all of it; never raises. A file that is no TOML is renamed to `NAME.broken`."""
        try:
            data = tomllib.loads(_content(self.path).decode("utf-8"))
            if self._check is not None:
                self._check(data)
            return Contents(data)
        except FileNotFoundError:
            return Contents()
        except (OSError, ValueError, RecursionError) as error:
            return Contents(notice=self._set_aside(_reason(error)))

    def write(self, data: Mapping[str, Any]) -> None:
        """Replace all of it.

        Args:
            data: what TOML can hold (no None); a lone surrogate becomes `?`.

        Raises:
            OSError: it cannot be written, or what is there can neither be read nor set aside.
        """
        import tomli_w  # noqa: PLC0415 - nothing is written before the first paint

        if self._untouchable:
            raise OSError(self._untouchable)
        write_private(self.path, tomli_w.dumps(data).encode("utf-8", "replace"))

    def _set_aside(self, reason: str) -> str:
        shown = display_path(self.path)
        try:
            aside = _free_name(self.path)
            self.path.rename(aside)
        except OSError as error:
            self._untouchable = f"{shown}: {reason}, and cannot be set aside: {_reason(error)}"
            return f"{self._untouchable}; it stays as it is, and nothing is saved"
        return f"{shown}: {reason}; it was set aside as {aside.name}"


def _content(path: Path) -> bytes:
    # Without O_NONBLOCK a FIFO of that name would hold up the start for ever.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ValueError("not a regular file")
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ValueError(f"larger than {MAX_BYTES:,} bytes")
    return content


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
