"""What the terminal is and can do: from the environment, and by asking it."""

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

_ANSWER_SECONDS = 0.5
PROBED_MODES: Mapping[str, str] = {
    "1006": "mouse",
    "2004": "bracketed paste",
    "2026": "calm repaint",
}
"""What a terminal is asked for, by the number of the private mode."""
_MODE_ANSWER = re.compile(rb"\x1b\[\?(\d+);(\d)\$y")
_ATTRIBUTES = re.compile(rb"\x1b\[\?([\d;]*)c")


class TerminalFeatures(NamedTuple):
    """What the terminal said about itself."""

    modes: Mapping[str, bool]
    """By the names above; a mode that it did not speak of is missing."""
    clipboard: bool | None
    """OSC 52, as newer terminals tell it (52 among the device attributes); None: no answer."""


def color_depth(environ: Mapping[str, str]) -> str:
    """How many colours, as far as the environment tells."""
    if environ.get("NO_COLOR"):
        return "none (NO_COLOR)"
    if environ.get("COLORTERM") in {"truecolor", "24bit"}:
        return "16 million (COLORTERM)"
    term = environ.get("TERM", "")
    return "256 (TERM)" if "256" in term else "8 or 16 (TERM)"


def terminal_size() -> str:
    """Columns × rows of the terminal."""
    found = shutil.get_terminal_size()
    return f"{found.columns} x {found.lines}"


def locale_encoding() -> str:
    """Locale and the encoding that follows from it."""
    name = os.environ.get("LC_ALL") or os.environ.get("LC_CTYPE") or os.environ.get("LANG") or "C"
    return f"{name}, {locale.getpreferredencoding(do_setlocale=False)}"


def proxies(environ: Mapping[str, str]) -> str:
    """Multiplexer and remote shell, which stand between us and the terminal."""
    known = {"TMUX": "tmux", "STY": "screen", "ZELLIJ": "zellij", "SSH_CONNECTION": "ssh"}
    return ", ".join(name for variable, name in known.items() if environ.get(variable)) or "nothing"


def query_features(environ: Mapping[str, str]) -> TerminalFeatures | None:
    """Ask the terminal what it can do; None where there is none to ask, or it does not answer.

    Apple's Terminal prints what it does not understand, so it is left alone.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()) or environ.get("TERM") in {None, "dumb"}:
        return None
    if environ.get("TERM_PROGRAM") == "Apple_Terminal":
        return None
    question = "".join(f"\x1b[?{mode}$p" for mode in PROBED_MODES) + "\x1b[c"
    answer = _exchange(question.encode())
    attributes = _ATTRIBUTES.search(answer)
    if attributes is None:
        return None
    modes = {
        PROBED_MODES[found[1].decode()]: found[2] in {b"1", b"2", b"3"}
        for found in _MODE_ANSWER.finditer(answer)
        if found[1].decode() in PROBED_MODES
    }
    return TerminalFeatures(modes, b"52" in attributes[1].split(b";"))


def _exchange(question: bytes) -> bytes:
    """Write a question and read until the device attributes, which every terminal knows, came."""
    keyboard, screen = sys.stdin.fileno(), sys.stdout.fileno()
    before = termios.tcgetattr(keyboard)
    answer = b""
    deadline = time.monotonic() + _ANSWER_SECONDS
    try:
        tty.setcbreak(keyboard, termios.TCSANOW)
        sys.stdout.flush()
        os.write(screen, question)
        while not _ATTRIBUTES.search(answer) and (left := deadline - time.monotonic()) > 0:
            if select.select([keyboard], [], [], left)[0]:
                answer += os.read(keyboard, 1024)
    finally:
        termios.tcsetattr(keyboard, termios.TCSANOW, before)
    return answer
