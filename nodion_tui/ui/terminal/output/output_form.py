"""Which sequences of the terminal may be used to send less, as far as its name tells.

Terminfo was weighed: its entries of tmux lack erasing with a colour, which tmux does, and machines
that one logs in to know neither kitty nor foot.
"""

from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

_SCROLLING = (
    "xterm",
    "tmux",
    "screen",
    "linux",
    "vt1",
    "vt2",
    "rxvt",
    "alacritty",
    "foot",
    "kitty",
    "ghostty",
    "wezterm",
    "konsole",
    "gnome",
    "vte",
    "putty",
    "st-",
    "contour",
    "rio",
)
"""Names of terminals, and their beginnings, that have a scroll region (DECSTBM, VT100)."""
_NOT_ERASING = ("screen", "vt1", "vt2")
"""Those among them that erase to the default background instead of the current one."""


class OutputForm(msgspec.Struct, frozen=True):
    """What the terminal can do beside moving the cursor and setting colours."""

    scrolls: bool = False
    """Rows of a scroll region can be moved up and down."""
    erases: bool = False
    """Erased cells get the background colour that is set (`bce` of terminfo)."""
    moves: bool = False
    """The cursor can be moved by a number of cells (VT100)."""
    unsets: bool = False
    """Attributes can be taken back one by one (VT220)."""


PLAIN = OutputForm()
COMPACT = OutputForm(scrolls=True, erases=True, moves=True, unsets=True)


def output_form(environ: Mapping[str, str], *, compact: bool | None = None) -> OutputForm:
    """The form for the terminal of an environment; plain for unknown ones.

    Inside of GNU screen nothing is erased with a colour, whatever TERM says; tmux does it under
    every name.

    Args:
        environ: environment of the process.
        compact: what is configured; None: nothing.
    """
    term = environ.get("TERM", "").lower()
    if compact is False or (compact is None and not term.startswith(_SCROLLING)):
        return PLAIN
    in_screen = inside_screen(environ)
    in_tmux = bool(environ.get("TMUX")) and not in_screen
    erases = in_tmux or not (in_screen or term.startswith(_NOT_ERASING))
    return replace(COMPACT, erases=erases, unsets=in_tmux or not term.startswith("vt1"))


def inside_screen(environ: Mapping[str, str]) -> bool:
    """Whether GNU screen draws what is written, as its variable tells, which SSH does not pass.

    Inside of tmux in screen, and of screen in tmux, the variables of both are set. The latter is
    assumed unless TERM is that of tmux: screen would not do what tmux can.
    """
    is_tmux = bool(environ.get("TMUX")) and environ.get("TERM", "").startswith("tmux")
    return bool(environ.get("STY")) and not is_tmux
