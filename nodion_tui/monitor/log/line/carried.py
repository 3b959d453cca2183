"""Colour that a job opens on one line and closes on a later one."""

from collections import deque

from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import SGR

MAX_LINES = 200
"""Lines over which a colour that is never closed is carried."""
MAX_BYTES = 256 * 1024
"""Bytes before a line that are examined."""
_RESETS = (b"\x1b[m", b"\x1b[0m")


def carried_pen(before: bytes) -> Pen:
    """The pen in force after lines, as sent; only what follows their last reset is read."""
    if b"\x1b[" not in before:
        return DEFAULT_PEN
    start = max(0, *(before.rfind(reset) for reset in _RESETS))
    pen = DEFAULT_PEN
    for sgr in SGR.finditer(before[start:].decode("latin-1")):
        pen = apply_sgr(sgr[1], pen) or pen
    return pen


class PenCarrier:
    """Carries the pen from line to line of a log that is read in order."""

    def __init__(self) -> None:
        self._changes: deque[bytes] = deque(maxlen=MAX_LINES)
        """The SGR sequences of each of the last lines."""

    def next_pen(self, body: str) -> Pen:
        """The pen at the beginning of the next line, whose body this is."""
        pen = carried_pen(b"".join(self._changes)) if any(self._changes) else DEFAULT_PEN
        changes = "".join(sgr.group() for sgr in SGR.finditer(body)) if "\x1b[" in body else ""
        self._changes.append(changes.encode())
        return pen
