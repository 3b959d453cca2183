"""Log lines on a terminal, as the dashboard shows them."""

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.line.carried import PenCarrier
from nodion_tui.monitor.log.line.pen import sgr_parameters
from nodion_tui.monitor.log.line.reader import read_line
from nodion_tui.monitor.log.line.states import OVERWRITTEN_MARK

TAB_WIDTH = 8
_RESET = "\x1b[0m"


class TerminalLines:
    """Prepares the lines of a log for a terminal, in order; each starts in column 1.

    A line is read as on the dashboard (`monitor.log.line`): the last state of a progress bar, with
    a mark that tells so, colours carried over from earlier lines, and visible marks for all other
    sequences, controls and hidden characters. Tabs become spaces.

    Args:
        color: keep colours; else they are removed.
    """

    def __init__(self, *, color: bool) -> None:
        self._color = color
        self._carrier = PenCarrier()

    def skip(self, body: str) -> None:
        """Take note of the colours of a line that is not printed."""
        self._carrier.next_pen(body)

    def line(self, body: str) -> str:
        """The next line, sanitized, on one line."""
        line = read_line(body, self._carrier.next_pen(body))
        parts: list[str] = []
        column, in_force = 0, ""
        for piece in line.pieces:
            parameters = sgr_parameters(piece.pen) if self._color else ""
            if parameters != in_force:
                parts += [_RESET if in_force else "", f"\x1b[{parameters}m" if parameters else ""]
                in_force = parameters
            drawn, column = _drawn(piece.text, column)
            parts.append(drawn)
        parts += [_RESET if in_force else "", OVERWRITTEN_MARK if line.overwritten else ""]
        return "".join(parts)


def _drawn(text: str, column: int) -> tuple[str, int]:
    """A text from a column on as it is drawn, and the column after it."""
    from rich.cells import cell_len  # noqa: PLC0415  # for a terminal only

    fields = text.split("\t")
    drawn = sanitize(fields[0])
    for field in fields[1:]:
        drawn += " " * (TAB_WIDTH - (column + cell_len(drawn)) % TAB_WIDTH) + sanitize(field)
    return drawn, column + cell_len(drawn)
