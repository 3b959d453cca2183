"""Desktop notifications and the window title, as escape sequences.

The sequences are only built here; the owner of the terminal writes them.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from zlib import crc32

from nodion_tui.model.notify_rule import NotificationProtocol
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.text.signs import in_ascii

MAX_CHARACTERS = 200
"""Maximum length of a title or a body."""

_UNSUPPORTED_TERMS = ("linux", "vt100", "vt220", "dumb", "unknown", "")
_OSC777_TERMS = ("foot", "rxvt", "st-", "contour")
_SCREEN_PIECE = 256
"""Bytes in one string that screen is to pass on; it cuts those of more than 768."""
_EMPTY_TITLE = "\x1b]0;\x07"
_SHOW_NONE: Mapping[str, str] = {
    "Apple_Terminal": "Terminal of macOS",
    "vscode": "the terminal of VS Code",
}
"""Values of TERM_PROGRAM of terminals that show no notifications."""


def detect_protocol(environ: Mapping[str, str]) -> NotificationProtocol:
    """The protocol that the terminal probably supports, from what it sets in the environment."""
    term = environ.get("TERM", "")
    if term in _UNSUPPORTED_TERMS:
        return NotificationProtocol.NONE
    if term.startswith("xterm-kitty"):
        return NotificationProtocol.OSC99
    # VTE knows 777 only. In a multiplexer its variable may be that of another terminal.
    if term.startswith(_OSC777_TERMS) or ("VTE_VERSION" in environ and not multiplexer(environ)):
        return NotificationProtocol.OSC777
    return NotificationProtocol.OSC9


def multiplexer(environ: Mapping[str, str]) -> str:
    """`tmux` or `screen`, which a sequence has to pass; empty: neither.

    Over SSH their variables are gone, and `TERM` alone tells; of one inside of the other it has
    both. What may be either is taken for screen: tmux drops a string for screen, screen would
    print one for tmux.
    """
    term = environ.get("TERM", "")
    is_named_tmux = term.startswith("tmux")
    if environ.get("STY"):
        return "tmux" if environ.get("TMUX") and is_named_tmux else "screen"
    if environ.get("TMUX") or is_named_tmux:
        return "tmux"
    return "screen" if term.startswith("screen") else ""


def lost_reason(environ: Mapping[str, str]) -> str:
    """Why a desktop notification would be lost, as far as the environment tells; else empty."""
    term = environ.get("TERM", "")
    if term in _UNSUPPORTED_TERMS:
        return f"TERM={term or '(not set)'} shows none"
    if "ZELLIJ" in environ:
        return "Zellij passes none on"
    if term.startswith("screen") and not environ.get("STY") and not environ.get("TMUX"):
        return f"TERM={term} is GNU screen or tmux of another machine: tmux would drop it"
    name = "" if multiplexer(environ) else _silent_terminal(environ)
    return f"{name} shows none" if name else ""


def _silent_terminal(environ: Mapping[str, str]) -> str:
    """Name of the terminal if it is known to show no notifications."""
    if environ.get("TERM", "").startswith("alacritty"):
        return "Alacritty"
    return _SHOW_NONE.get(
        environ.get("TERM_PROGRAM", ""), "xterm" if "XTERM_VERSION" in environ else ""
    )


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
    if multiplexer(environ or {}) == "screen":
        title, body = _for_screen(title), _for_screen(body)
    match protocol:
        case NotificationProtocol.NONE:
            return ""
        case NotificationProtocol.OSC9:
            sequence = f"\x1b]9;{_field(f'{title}: {body}' if body else title)}\x07"
        case NotificationProtocol.OSC777:
            sequence = f"\x1b]777;notify;{_field(title)};{_field(body)}\x07"
        case NotificationProtocol.OSC99:
            # Terminated by BEL like the others: screen ends a sequence that it passes on at ST.
            # Another one of the same id would replace this one, which may not have been read.
            identity = f"nodion-{crc32(f'{title} {body}'.encode(errors='replace')):08x}"
            parts = (f"i={identity}:d=0;{_field(title)}", f"i={identity}:p=body;{_field(body)}")
            passed = (_passed_through(f"\x1b]99;{part}\x07", environ or {}) for part in parts)
            return "".join(passed)
    return _passed_through(sequence, environ or {})


def window_title(
    running: int, failed: int, name: str = "nodion", *, bound: str = "", plain: bool = False
) -> str:
    """The window's title: `2● 1✗ nodion`, `2+● 1+✗ nodion` where lists are not read.

    Args:
        running: number of running runs.
        failed: number of failures not seen yet.
        name: suffix; a profile's name, for example.
        bound: `+` where there may be more, else empty.
        plain: ASCII signs only.
    """
    running_text = f"{running}{bound}●" if running else ""
    parts = (running_text, f"{failed}{bound}✗" if failed else "", name)
    title = sanitize(" ".join(filter(None, parts)))[:MAX_CHARACTERS]
    return in_ascii(title) if plain else title


def title_sequence(title: str, environ: Mapping[str, str]) -> str:
    """The sequence that sets the window's title; empty for a terminal that would print it."""
    if environ.get("TERM", "") in _UNSUPPORTED_TERMS:
        return ""
    title = sanitize(title)[:MAX_CHARACTERS]
    if multiplexer(environ) != "screen":
        return f"\x1b]2;{title}\x07"
    # GNU screen supports only the older number, which tmux applies to the pane.
    return f"\x1b]0;{_for_screen(title)}\x07"


def save_title_sequence(environ: Mapping[str, str]) -> str:
    """The sequence that saves the window's title in the terminal, for `restore_title_sequence`."""
    return "" if environ.get("TERM", "") in _UNSUPPORTED_TERMS else "\x1b[22;2t"


def restore_title_sequence(environ: Mapping[str, str]) -> str:
    """The sequence that restores the title saved by `save_title_sequence`."""
    if environ.get("TERM", "") in _UNSUPPORTED_TERMS:
        return ""
    # GNU screen saves none; without a title it shows that of its own window again.
    return f"{_EMPTY_TITLE}\x1b[23;2t" if multiplexer(environ) == "screen" else "\x1b[23;2t"


def _field(text: str) -> str:
    # A semicolon separates fields in both, and `9;4;…` is a progress bar.
    return sanitize(text).replace(";", ",")[:MAX_CHARACTERS]


def _for_screen(text: str) -> str:
    """The text in ASCII, with the letters of other scripts as `?`.

    GNU screen passes on the lowest byte of each code point in a title or a string: `●` becomes `Ï`,
    and `ě` the escape character, so that a text from outside could give orders to the terminal.
    """
    apart = unicodedata.normalize("NFKD", in_ascii(sanitize(text)))
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    return letters.encode("ascii", "replace").decode()


def _passed_through(sequence: str, environ: Mapping[str, str]) -> str:
    match multiplexer(environ):
        case "tmux":
            return f"\x1bPtmux;{sequence.replace(chr(27), chr(27) * 2)}\x1b\\"
        case "screen":
            return "".join(f"\x1bP{piece}\x1b\\" for piece in _pieces(sequence))
        case _:
            return sequence


def _pieces(sequence: str) -> Iterator[str]:
    """The sequence, in ASCII, in strings that screen does not cut."""
    for start in range(0, len(sequence), _SCREEN_PIECE):
        yield sequence[start : start + _SCREEN_PIECE]
