"""Features of the terminal, from the environment and from queries to the terminal."""

import locale
import os
import re
import select
import shutil
import sys
import termios
import time
import tty
from collections.abc import Mapping
from typing import NamedTuple

from nodion_tui.ui.terminal.colors.depth import ColorDepth
from nodion_tui.ui.terminal.colors.question import TerminalQuestion
from nodion_tui.ui.terminal.plain_textual import plain_textual

_REPLY_SECONDS = 0.5
PROBED_MODES: Mapping[str, str] = {
    "1006": "mouse",
    "2004": "bracketed paste",
    "2026": "synchronized output",
}
"""Number of a DEC private mode → name of the feature."""
_DEPTHS: Mapping[int, str] = {
    ColorDepth.SIXTEEN: "16",
    ColorDepth.PALETTE: "256",
    ColorDepth.TRUE: "16 million",
}
_MODE_REPORT = re.compile(rb"\x1b\[\?(\d+);(\d)\$y")
_DEVICE_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]*)c")


class TerminalFeatures(NamedTuple):
    """Features that the terminal reported."""

    modes: Mapping[str, bool]
    """Name of a mode → supported; modes without a report are missing."""
    clipboard: bool | None
    """OSC 52, reported by newer terminals (52 among the device attributes); None: no reply."""


def color_depth() -> str:
    """Number of colours that the dashboard uses, and how it is known."""
    if os.environ.get("NO_COLOR"):
        return "none (NO_COLOR)"
    with TerminalQuestion(os.environ, ask=not plain_textual()) as question:
        support = question.answer(_REPLY_SECONDS)
    return f"{_DEPTHS[support.depth]} ({support.reason})"


def terminal_size() -> str:
    """Columns × rows of the terminal."""
    size = shutil.get_terminal_size()
    return f"{size.columns} x {size.lines}"


def locale_encoding() -> str:
    """Locale and its encoding."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"
    return f"{name}, {locale.getpreferredencoding(do_setlocale=False)}"


def proxies() -> str:
    """Multiplexers and remote shells between the program and the terminal."""
    names = {"TMUX": "tmux", "STY": "screen", "ZELLIJ": "zellij", "SSH_CONNECTION": "ssh"}
    return ", ".join(name for variable, name in names.items() if os.environ.get(variable)) or "none"


def query_features() -> TerminalFeatures | None:
    """Queries the features of the terminal; None without a terminal or a reply.

    Apple's Terminal is not queried, because it prints sequences that it does not know.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or os.environ.get("TERM") in {None, "dumb"}:
        return None
    if os.environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return None
    query = "".join(f"\x1b[?{mode}$p" for mode in PROBED_MODES) + "\x1b[c"
    reply = _exchange(query.encode())
    attributes = _DEVICE_ATTRIBUTES.search(reply)
    if attributes is None:
        return None
    modes = {
        PROBED_MODES[report[1].decode()]: report[2] in {b"1", b"2", b"3"}
        for report in _MODE_REPORT.finditer(reply)
        if report[1].decode() in PROBED_MODES
    }
    return TerminalFeatures(modes, b"52" in attributes[1].split(b";"))


def _exchange(query: bytes) -> bytes:
    """Writes a query and reads up to the device attributes, which every terminal reports."""
    keyboard, screen = sys.stdin.fileno(), sys.stdout.fileno()
    initial = termios.tcgetattr(keyboard)
    reply = b""
    deadline = time.monotonic() + _REPLY_SECONDS
    try:
        tty.setcbreak(keyboard, termios.TCSANOW)
        sys.stdout.flush()
        os.write(screen, query)
        while (
            not _DEVICE_ATTRIBUTES.search(reply) and (remaining := deadline - time.monotonic()) > 0
        ):
            if select.select([keyboard], [], [], remaining)[0]:
                reply += os.read(keyboard, 1024)
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, initial)
    return reply
