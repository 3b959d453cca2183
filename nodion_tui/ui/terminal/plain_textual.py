"""Decides whether Textual's own driver and compositor are used instead of `ui.terminal.inside`.

The modules of `ui.terminal.inside` lean on private names of Textual, which any release may change.
On a Textual that the tests have not seen none of them is imported: everything works, with more
bytes. `NODION_TUI_PLAIN_TEXTUAL=1` forces that, `NODION_TUI_PLAIN_TEXTUAL=0` the opposite.
"""

import os
import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import msgspec

PLAIN_VARIABLE = "NODION_TUI_PLAIN_TEXTUAL"
"""Environment variable: 1 forces Textual's own way, 0 ours."""
TESTED = ("8.2.8", "8.3")
"""The oldest tested version of Textual, and the first that is untested; as in pyproject.toml."""


class TextualWay(msgspec.Struct, frozen=True):
    """Which driver and compositor are used."""

    plain: bool
    """Whether those of Textual."""
    reason: str
    """A version, or the variable that decides."""


@cache
def plain_textual() -> bool:
    """Whether Textual's own driver and compositor are used; the same during the whole process."""
    return textual_way().plain


def textual_way() -> TextualWay:
    """Which driver and compositor this process uses, and why."""
    return choose_way(os.environ.get(PLAIN_VARIABLE, ""), _installed_version())


def choose_way(variable: str, version: str) -> TextualWay:
    """Which driver and compositor to use.

    Args:
        variable: value of `NODION_TUI_PLAIN_TEXTUAL`.
        version: of Textual.
    """
    if variable:
        return TextualWay(variable != "0", f"Textual {version}, {PLAIN_VARIABLE}={variable}")
    if _release(TESTED[0]) <= _release(version) < _release(TESTED[1]):
        return TextualWay(plain=False, reason=f"Textual {version}")
    tested = f"tested: {TESTED[0]} up to, not including, {TESTED[1]}"
    return TextualWay(plain=True, reason=f"Textual {version}, {tested}")


def _release(version: str) -> tuple[int, ...]:
    """The numbers of a version; those of no release are lower than all others."""
    match = re.match(r"\d+(\.\d+)*", version)
    return tuple(map(int, match.group().split("."))) if match else ()


def _installed_version() -> str:
    """The version of the installed Textual, which is not imported.

    It is in the name of a folder. importlib.metadata would delay the first paint by 9 ms, and is
    left for installations without this folder, or with remains of another version.
    """
    spec = find_spec("textual")
    if spec is not None and spec.origin is not None:
        packages = Path(spec.origin).parents[1]
        names = [entry.name for entry in os.scandir(packages) if entry.name.startswith("textual-")]
        versions = [name[8:-10] for name in names if name.endswith(".dist-info")]
        if len(versions) == 1:
            return versions[0]
    from importlib import metadata  # noqa: PLC0415 - see above

    try:
        return metadata.version("textual")
    except metadata.PackageNotFoundError:
        return "unknown"
