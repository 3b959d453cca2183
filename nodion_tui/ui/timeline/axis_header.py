"""The row above the bars: column headings and time labels."""

from collections.abc import Callable

from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.timeline.model import TimelineModel
from nodion_tui.ui.timeline.row_layout import TimelineColumns

_NOW = "now"


class AxisHeader(TextBar):
    """Headings of the timeline chart.

    Args:
        board: the model whose time axis is shown.
        columns: returns the column layout of the chart.
    """

    def __init__(self, board: TimelineModel, columns: Callable[[], TimelineColumns]) -> None:
        super().__init__()
        self._board = board
        self._columns = columns

    def pieces(self, width: int) -> StyledRow:
        """The headings, with time labels over the bars."""
        del width
        columns = self._columns()
        titles = (StyledText(stat.title.rjust(stat.width), "dim") for stat in columns.stats)
        name = pad("   RUNNER", columns.bars_start)
        return (StyledText(name, "dim"), *self._time_labels(), *titles)

    def _time_labels(self) -> StyledRow:
        """The time labels; `now` is above its line and replaces labels that it would overlap."""
        axis, now = self._board.axis, self._board.axis.now(self._board.now)
        row = [" "] * axis.cells
        start = axis.cells if now is None else min(max(now - 1, 0), axis.cells - len(_NOW))
        for tick in axis.ticks():
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
