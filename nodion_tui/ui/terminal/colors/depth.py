"""Number of colours that a terminal shows, as far as its environment tells.

`sshd` passes TERM and, on most systems, LC_* and LANG, but no COLORTERM. Terminfo was weighed: it
knows true colours of the `*-direct` entries only, and many machines lack those of newer terminals.
"""

from collections.abc import Mapping
from enum import IntEnum

import msgspec


class ColorDepth(IntEnum):
    """Number of colours."""

    SIXTEEN = 16
    PALETTE = 256
    TRUE = 1 << 24


class ColorSupport(msgspec.Struct, frozen=True):
    """Number of colours, and how it is known."""

    depth: ColorDepth
    reason: str


_FORCED = {
    "standard": ColorDepth.SIXTEEN,
    "256": ColorDepth.PALETTE,
    "truecolor": ColorDepth.TRUE,
}
"""Values of Textual's own variable, TEXTUAL_COLOR_SYSTEM."""
_TRUE_TERMS = (
    "xterm-kitty",
    "xterm-ghostty",
    "ghostty",
    "foot",
    "alacritty",
    "wezterm",
    "contour",
    "rio",
)
_TRUE_PROGRAMS = {"iTerm.app", "WezTerm", "ghostty", "vscode", "WarpTerminal", "rio", "mintty"}
"""Values of TERM_PROGRAM, which `sshd` does not pass."""
_SIXTEEN_TERMS = ("linux", "vt", "ansi", "cons25", "dumb")
_PALETTE_TERMS = ("xterm", "rxvt", "tmux", "konsole", "gnome", "vte", "putty", "st-")
"""Terminals of these names have 256 colours even where the name does not tell."""
_MULTIPLEXERS = ("screen", "tmux")
"""Their variables for the terminal around them may be those of another one."""


def depth_from_environment(environ: Mapping[str, str]) -> ColorSupport | None:
    """The number of colours if the environment tells it; None: the terminal must be asked."""
    term = _term(environ)
    if (forced := _FORCED.get(environ.get("TEXTUAL_COLOR_SYSTEM", ""))) is not None:
        return ColorSupport(forced, "TEXTUAL_COLOR_SYSTEM")
    if (variable := _variable_of_true_colors(term, environ)) is not None:
        return ColorSupport(ColorDepth.TRUE, variable)
    if environ.get("NO_COLOR") or _must_not_be_asked(term, environ):
        return assumed_depth(environ)
    return None


def assumed_depth(environ: Mapping[str, str]) -> ColorSupport:
    """The number of colours of a terminal that does not tell."""
    term = _term(environ)
    has_palette = "256" in term or term.startswith(_PALETTE_TERMS)
    depth = ColorDepth.PALETTE if has_palette else ColorDepth.SIXTEEN
    return ColorSupport(ColorDepth.SIXTEEN if "-16color" in term else depth, "TERM")


def _variable_of_true_colors(term: str, environ: Mapping[str, str]) -> str | None:
    """The variable that promises true colours."""
    if environ.get("COLORTERM", "").strip().lower() in {"truecolor", "24bit"}:
        return "COLORTERM"
    if term.startswith(_TRUE_TERMS) or term.endswith("-direct"):
        return "TERM"
    if term.startswith(_MULTIPLEXERS):
        return None
    if environ.get("LC_TERMINAL") == "iTerm2":
        return "LC_TERMINAL"
    return "TERM_PROGRAM" if environ.get("TERM_PROGRAM") in _TRUE_PROGRAMS else None


def _term(environ: Mapping[str, str]) -> str:
    return environ.get("TERM", "").strip().lower()


def _must_not_be_asked(term: str, environ: Mapping[str, str]) -> bool:
    """Whether a terminal has few colours anyway, or prints a question.

    GNU screen hands the text of a device control string on, and tmux may have the same TERM.
    Apple's Terminal prints sequences that it does not know.
    """
    is_apple = environ.get("TERM_PROGRAM") == "Apple_Terminal"
    return term.startswith((*_SIXTEEN_TERMS, "screen")) or is_apple
