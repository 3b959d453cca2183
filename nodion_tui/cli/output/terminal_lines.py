"""Log lines on a terminal, as the dashboard shows them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.line.carried import PenCarrier
from nodion_tui.monitor.log.line.pen import sgr_parameters
from nodion_tui.monitor.log.line.reader import read_line, shown_text
from nodion_tui.monitor.log.line.states import OVERWRITTEN_MARK

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.runner_patterns import RunnerPatterns

TAB_WIDTH = 8
_LOOKS: Mapping[str, str] = MappingProxyType(
    {
        "primary": "34",
        "accent": "36",
        "success": "32",
        "warning": "33",
        "error": "31",
        "muted": "2",
        "bold": "1",
        "italic": "3",
        "underline": "4",
        "reverse": "7",
    }
)
"""Words of looks as SGR parameters, in the colours of the terminal."""
_RESET = "\x1b[0m"


class TerminalLines:
    """Prepares the lines of a log for a terminal, in order; each starts in column 1.

    A line is read as on the dashboard (`monitor.log.line`): the last state of a progress bar, with
    a mark that tells so, colours carried over from earlier lines, and visible marks for all other
    sequences, controls and hidden characters. Tabs become spaces.

    Args:
        color: keep colours; else they are removed.
        patterns: light lines, if colours are kept.
    """

    def __init__(self, *, color: bool, patterns: "RunnerPatterns | None" = None) -> None:
        self._color = color
        self._patterns = patterns if color else None
        self._carrier = PenCarrier()

    def skip(self, body: str) -> None:
        """Take note of the colours of a line that is not printed."""
        self._carrier.next_pen(body)

    def line(self, body: str) -> str:
        """The next line, sanitized, on one line."""
        line = read_line(body, self._carrier.next_pen(body))
        look = self._look(body)
        parts: list[str] = []
        column, in_force = 0, ""
        for piece in line.pieces:
            pen = sgr_parameters(piece.pen) if self._color else ""
            parameters = ";".join(filter(None, (pen, look)))
            if parameters != in_force:
                parts += [_RESET if in_force else "", f"\x1b[{parameters}m" if parameters else ""]
                in_force = parameters
            drawn, column = _drawn(piece.text, column)
            parts.append(drawn)
        parts += [_RESET if in_force else "", OVERWRITTEN_MARK if line.overwritten else ""]
        return "".join(parts)

    def _look(self, body: str) -> str:
        """SGR parameters of the look that a pattern gives to a line."""
        if not self._patterns:
            return ""
        words = self._patterns.look(shown_text(body))
        return ";".join(sgr for word, sgr in _LOOKS.items() if word in words)


def _drawn(text: str, column: int) -> tuple[str, int]:
    """A text from a column on as it is drawn, and the column after it."""
    from rich.cells import cell_len  # noqa: PLC0415  # for a terminal only

    fields = text.split("\t")
    drawn = sanitize(fields[0])
    for field in fields[1:]:
        drawn += " " * (TAB_WIDTH - (column + cell_len(drawn)) % TAB_WIDTH) + sanitize(field)
    return drawn, column + cell_len(drawn)
