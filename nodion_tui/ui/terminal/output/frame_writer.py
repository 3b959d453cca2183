"""Writes the parts of a frame with few bytes: the order of least change, the shortest moves.

A second of a list of running runs is a digit in each row, which in reading order costs 15 to 40
bytes a digit: a position, and the colours of two columns in turn. curses finds short moves as well
(`mvcur`), but writes only what it has drawn itself.
"""

from collections.abc import Iterator, Sequence

from rich.color import ColorSystem
from rich.style import Style

from nodion_tui.ui.terminal.output.cursor_moves import Position, move
from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm
from nodion_tui.ui.terminal.output.sgr_writer import SgrWriter
from nodion_tui.ui.terminal.row_segments import PaintedRow

_MAX_ORDERED = 128
"""Parts of a frame that has more are written in reading order: they fill the screen anyway."""
_NO_STYLE = Style()


class FrameWriter:
    """What the terminal writes one frame with.

    Args:
        color_system: of the terminal.
        width: columns of the terminal; 0: the cursor is moved to positions only, never by steps.
        form: what the terminal can do.
    """

    def __init__(self, color_system: ColorSystem, width: int, form: OutputForm = PLAIN) -> None:
        self._sgr = SgrWriter(color_system, form)
        self._width = width
        self._moves = form.moves

    def write(self, rows: Sequence[PaintedRow]) -> Iterator[str]:
        """The output for parts that do not overlap; afterwards no style is set."""
        at: Position | None = None
        for row in self._ordered(rows):
            y, x, segments = row
            yield move(at if self._moves else None, Position(y, x))
            yield segments.render(self._sgr, x)
            end = x + segments.width
            # Behind the last column, and behind what terminals may take for wider or narrower,
            # the cursor is not known to be where it should be.
            at = Position(y, end) if end < self._width and segments.text.isascii() else None
        yield self._sgr.close()

    def _ordered(self, rows: Sequence[PaintedRow]) -> Sequence[PaintedRow]:
        """The parts so that a style is set once for all that begin with it, where there are few."""
        if len(rows) > _MAX_ORDERED:
            return rows
        waiting: dict[Style, list[PaintedRow]] = {}
        for row in rows:
            waiting.setdefault(_first_style(row), []).append(row)
        ordered: list[PaintedRow] = []
        style = _NO_STYLE
        while waiting:
            if style not in waiting:
                style = min(waiting, key=lambda each: self._sgr.cost(style, each))
            group = waiting.pop(style)
            # Those that end with another style come last: it is set once more for each of them.
            group.sort(key=lambda row: _last_style(row) != style)
            ordered += group
            style = _last_style(group[-1])
        return ordered


def _first_style(row: PaintedRow) -> Style:
    segments = row.segments.segments
    return (segments[0].style if segments else None) or _NO_STYLE


def _last_style(row: PaintedRow) -> Style:
    segments = row.segments.segments
    return (segments[-1].style if segments else None) or _NO_STYLE
