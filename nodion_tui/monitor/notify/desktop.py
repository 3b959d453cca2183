"""Desktop notifications and the window title, as escape sequences.

The sequences are only built here; the owner of the terminal writes them.
"""

from collections.abc import Mapping
from enum import StrEnum

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import in_ascii

MAX_CHARACTERS = 200
"""Maximum length of a title or a body."""

_UNSUPPORTED_TERMS = ("linux", "vt100", "vt220", "dumb", "unknown", "")
_OSC777_TERMS = ("foot", "rxvt", "st-", "contour")


class NotificationProtocol(StrEnum):
    """Escape sequence with which a terminal shows a desktop notification."""

    NONE = "none"
    OSC9 = "osc9"
    """iTerm2, WezTerm, kitty, Ghostty, Windows Terminal and others: one text."""
    OSC777 = "osc777"
    """urxvt, foot and others: title and body."""
    OSC99 = "osc99"
    """kitty: title and body (https://sw.kovidgoyal.net/kitty/desktop-notifications)."""


def detect_protocol(environ: Mapping[str, str]) -> NotificationProtocol:
    """The protocol that the terminal probably supports, from `TERM` and `TERM_PROGRAM`."""
    term = environ.get("TERM", "")
    if term in _UNSUPPORTED_TERMS:
        return NotificationProtocol.NONE
    if term.startswith(_OSC777_TERMS):
        return NotificationProtocol.OSC777
    return NotificationProtocol.OSC9


def notification_sequence(
    title: str, body: str, protocol: NotificationProtocol, environ: Mapping[str, str] | None = None
) -> str:
    """The sequence that shows a notification; empty if the terminal supports none.

    Args:
        title: any text; control characters are made visible.
        body: as `title`.
        protocol: what the terminal supports.
        environ: detects tmux and screen, which must pass the sequence through.
    """
    match protocol:
        case NotificationProtocol.NONE:
            return ""
        case NotificationProtocol.OSC9:
            sequence = f"\x1b]9;{_field(f'{title}: {body}' if body else title)}\x07"
        case NotificationProtocol.OSC777:
            sequence = f"\x1b]777;notify;{_field(title)};{_field(body)}\x07"
        case NotificationProtocol.OSC99:
            # Terminated by BEL like the others: screen ends a sequence that it passes on at ST.
            parts = (f"i=nodion:d=0;{_field(title)}", f"i=nodion:p=body;{_field(body)}")
            passed = (_passed_through(f"\x1b]99;{part}\x07", environ or {}) for part in parts)
            return "".join(passed)
    return _passed_through(sequence, environ or {})


def window_title(running: int, failed: int, name: str = "nodion", *, plain: bool = False) -> str:
    """The window's title: `2● 1✗ nodion`.

    Args:
        running: number of running runs.
        failed: number of failures not seen yet.
        name: suffix; a profile's name, for example.
        plain: ASCII signs only.
    """
    parts = (f"{running}●" if running else "", f"{failed}✗" if failed else "", name)
    title = sanitize(" ".join(filter(None, parts)))[:MAX_CHARACTERS]
    return in_ascii(title) if plain else title


def title_sequence(title: str, environ: Mapping[str, str]) -> str:
    """The sequence that sets the window's title; empty for a terminal that would print it."""
    if environ.get("TERM", "") in _UNSUPPORTED_TERMS:
        return ""
    # GNU screen supports only the older number, which tmux applies to the pane.
    return f"\x1b]{0 if environ.get('STY') else 2};{sanitize(title)[:MAX_CHARACTERS]}\x07"


def save_title_sequence(environ: Mapping[str, str]) -> str:
    """The sequence that saves the window's title in the terminal, for `restore_title_sequence`."""
    return "" if environ.get("TERM", "") in _UNSUPPORTED_TERMS else "\x1b[22;2t"


def restore_title_sequence(environ: Mapping[str, str]) -> str:
    """The sequence that restores the title saved by `save_title_sequence`."""
    return "" if environ.get("TERM", "") in _UNSUPPORTED_TERMS else "\x1b[23;2t"


def _field(text: str) -> str:
    # A semicolon separates fields in both, and `9;4;…` is a progress bar.
    return sanitize(text).replace(";", ",")[:MAX_CHARACTERS]


def _passed_through(sequence: str, environ: Mapping[str, str]) -> str:
    if environ.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
