"""The row over the bars: what the columns are, and round times."""

from collections.abc import Callable
from datetime import tzinfo

from nodion_tui.ui.paint.bar import Bar
from nodion_tui.ui.paint.styled_row import Piece, Row, fill
from nodion_tui.ui.timeline.model import Board
from nodion_tui.ui.timeline.row_layout import Columns

_NOW = "now"


class TimelineHead(Bar):
    """Headings of a chart.

    Args:
        board: whose axis is shown.
        columns: where things stand in the rows below.
        zone: what local time means; None: the zone of this machine.
        id: Textual's.
    """

    def __init__(
        self,
        board: Board,
        columns: Callable[[], Columns],
        zone: tzinfo | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._board = board
        self._columns = columns
        self._zone = zone

    def pieces(self, width: int) -> Row:
        """The headings, round times between them."""
        del width
        columns = self._columns()
        titles = (Piece(each.title.rjust(each.width), "dim") for each in columns.figures)
        name = fill("   RUNNER", columns.left)
        return (Piece(name, "dim"), *self._times(), *titles)

    def _times(self) -> Row:
        """The labels; `now` stands over its line, and what it would hide goes."""
        axis, now = self._board.axis, self._board.axis.now(self._board.now)
        row = [" "] * axis.cells
        start = axis.cells if now is None else min(max(now - 1, 0), axis.cells - len(_NOW))
        for tick in axis.ticks(self._zone):
            if tick.cell + len(tick.label) < start or tick.cell > start + len(_NOW):
                row[tick.cell : tick.cell + len(tick.label)] = tick.label
        text = "".join(row)
        if now is None:
            return (Piece(text, "dim"),)
        end = start + len(_NOW)
        return (Piece(text[:start], "dim"), Piece(_NOW, "name"), Piece(text[end:], "dim"))
