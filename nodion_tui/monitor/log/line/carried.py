"""Colour that a job opens on one line and closes on a later one."""

from collections import deque
from collections.abc import Iterable

from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen, apply_sgr
from nodion_tui.monitor.log.line.sequences import SGR
from nodion_tui.monitor.log.segment import DataRegion

MAX_LINES = 200
"""Lines over which a colour that is never closed is carried."""
MAX_BYTES = 256 * 1024
"""Bytes before a line that are examined."""
_RESETS = (b"\x1b[m", b"\x1b[0m")


def carried_pen(before: Iterable[DataRegion]) -> Pen:
    """The pen in force after lines.

    Args:
        before: the lines as sent, the newest region first (`LogBuffer.regions_before`). They are
            read backwards to the last reset; without escape sequences nothing is copied.
    """
    changes: list[bytes] = []
    left = MAX_BYTES
    for data, begin, stop in before:
        start = max(begin, stop - left)
        left -= stop - start
        first = data.find(b"\x1b", start, stop)
        if first >= 0:
            reset = max(data.rfind(sequence, first, stop) for sequence in _RESETS)
            changes.append(bytes(data[max(first, reset) : stop]))
            if reset >= 0:
                break
    pen = DEFAULT_PEN
    for sgr in SGR.finditer(b"".join(reversed(changes)).decode("latin-1")):
        pen = apply_sgr(sgr[1], pen) or pen
    return pen


class PenCarrier:
    """Carries the pen from line to line of a log that is read in order."""

    def __init__(self) -> None:
        self._changes: deque[bytes] = deque(maxlen=MAX_LINES)
        """The SGR sequences of each of the last lines."""

    def next_pen(self, body: str) -> Pen:
        """The pen at the beginning of the next line, whose body this is."""
        before = b"".join(self._changes)
        pen = carried_pen([DataRegion(before, 0, len(before))])
        changes = "".join(sgr.group() for sgr in SGR.finditer(body)) if "\x1b[" in body else ""
        self._changes.append(changes.encode())
        return pen
