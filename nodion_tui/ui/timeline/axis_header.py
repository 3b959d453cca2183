"""The row over the bars: what the columns are, and round times."""

from collections.abc import Callable
from datetime import tzinfo

from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.timeline.model import TimelineModel
from nodion_tui.ui.timeline.row_layout import TimelineColumns

_NOW = "now"


class AxisHeader(TextBar):
    """Headings of a chart.

    Args:
        board: whose axis is shown.
        columns: where things stand in the rows below.
        zone: what local time means; None: the zone of this machine.
        id: Textual's.
    """

    def __init__(
        self,
        board: TimelineModel,
        columns: Callable[[], TimelineColumns],
        zone: tzinfo | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
    ) -> None:
        super().__init__(id=id)
        self._board = board
        self._columns = columns
        self._zone = zone

    def pieces(self, width: int) -> StyledRow:
        """The headings, round times between them."""
        del width
        columns = self._columns()
        titles = (StyledText(each.title.rjust(each.width), "dim") for each in columns.stats)
        name = pad("   RUNNER", columns.bars_start)
        return (StyledText(name, "dim"), *self._times(), *titles)

    def _times(self) -> StyledRow:
        """The labels; `now` stands over its line, and what it would hide goes."""
        axis, now = self._board.axis, self._board.axis.now(self._board.now)
        row = [" "] * axis.cells
        start = axis.cells if now is None else min(max(now - 1, 0), axis.cells - len(_NOW))
        for tick in axis.ticks(self._zone):
            if tick.cell + len(tick.label) < start or tick.cell > start + len(_NOW):
                row[tick.cell : tick.cell + len(tick.label)] = tick.label
        text = "".join(row)
        if now is None:
            return (StyledText(text, "dim"),)
        end = start + len(_NOW)
        return (
            StyledText(text[:start], "dim"),
            StyledText(_NOW, "name"),
            StyledText(text[end:], "dim"),
        )
