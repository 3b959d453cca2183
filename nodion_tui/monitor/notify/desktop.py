"""What reaches a person who looks elsewhere: a desktop notification, the window's title.

Only escape sequences as text are made here; who owns the terminal writes them.
"""

from collections.abc import Mapping
from enum import StrEnum

from nodion_tui.model.sanitize import sanitize

MAX_CHARACTERS = 200
"""Of a title or a body."""

_SILENT = ("linux", "vt100", "vt220", "dumb", "unknown", "")
_WITH_777 = ("foot", "rxvt", "st-", "contour")


class NotificationProtocol(StrEnum):
    """How a terminal is asked for a desktop notification."""

    NONE = "none"
    OSC9 = "osc9"
    """iTerm2, WezTerm, kitty, Ghostty, Windows Terminal and others: one text."""
    OSC777 = "osc777"
    """urxvt, foot and others: title and body."""


def detect_protocol(environ: Mapping[str, str]) -> NotificationProtocol:
    """What the terminal is likely to understand, from `TERM` and `TERM_PROGRAM`."""
    term = environ.get("TERM", "")
    if term in _SILENT:
        return NotificationProtocol.NONE
    if term.startswith(_WITH_777):
        return NotificationProtocol.OSC777
    return NotificationProtocol.OSC9


def notification_sequence(
    title: str, body: str, protocol: NotificationProtocol, environ: Mapping[str, str] | None = None
) -> str:
    """The sequence that asks for a notification; empty where the terminal knows none.

    Args:
        title: any text; controls are made visible.
        body: as `title`.
        protocol: what the terminal understands.
        environ: tells of tmux and screen, through which it must be passed on.
    """
    match protocol:
        case NotificationProtocol.NONE:
            return ""
        case NotificationProtocol.OSC9:
            sequence = f"\x1b]9;{_clean(f'{title}: {body}' if body else title)}\x07"
        case NotificationProtocol.OSC777:
            sequence = f"\x1b]777;notify;{_clean(title)};{_clean(body)}\x07"
    return _passed_on(sequence, environ or {})


def window_title(running: int, failed: int, name: str = "nodion", *, plain: bool = False) -> str:
    """The window's title: `2● 1✗ nodion`.

    Args:
        running: runs that are running.
        failed: failures that were not looked at yet.
        name: stands behind; a profile's name, for example.
        plain: ASCII only.
    """
    dot, cross = ("*", "x") if plain else ("●", "✗")
    parts = (f"{running}{dot}" if running else "", f"{failed}{cross}" if failed else "", name)
    return sanitize(" ".join(filter(None, parts)))[:MAX_CHARACTERS]


def title_sequence(title: str, environ: Mapping[str, str]) -> str:
    """What sets the window's title; empty for a terminal that has none and would print it."""
    if environ.get("TERM", "") in _SILENT:
        return ""
    # GNU screen knows the older number alone; tmux takes it for the pane.
    return f"\x1b]{0 if environ.get('STY') else 2};{sanitize(title)[:MAX_CHARACTERS]}\x07"


def save_title_sequence(environ: Mapping[str, str]) -> str:
    """What has the terminal remember the title of its window, for `restore_title`."""
    return "" if environ.get("TERM", "") in _SILENT else "\x1b[22;2t"


def restore_title_sequence(environ: Mapping[str, str]) -> str:
    """What gives the window the title that it had at `save_title`."""
    return "" if environ.get("TERM", "") in _SILENT else "\x1b[23;2t"


def _clean(text: str) -> str:
    # A semicolon separates fields in both, and `9;4;…` is a progress bar.
    return sanitize(text).replace(";", ",")[:MAX_CHARACTERS]


def _passed_on(sequence: str, environ: Mapping[str, str]) -> str:
    if environ.get("TMUX"):
        return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
    if environ.get("STY"):
        return f"\x1bP{sequence}\x1b\\"
    return sequence
