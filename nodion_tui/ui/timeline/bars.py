"""Renders bars as cells of a row: each starts with its status sign, over the time grid."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from nodion_tui.model.run import RunKey, RunStatus
from nodion_tui.model.text.signs import OVERDUE_SIGN, status_sign
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.theme import selected_status_style, status_style

_Cell = tuple[str, str]

_GRID, _NOW = "·", "│"
_FILLS: Mapping[str, str] = MappingProxyType({RunStatus.PENDING: "┄", RunStatus.CANCELED: "─"})
_SINGLE_FILL, _GROUP_FILL = "━", "╍"
_HOLLOW_FILL = "╌"
_COUNT_MARGIN = 2
"""Cells of a bar that remain beside its run count."""


def bar_pieces(
    bars: Iterable[TimelineBar],
    axis: TimeAxis,
    grid: Iterable[int],
    now: int | None,
    current: RunKey | None,
    missed: range = range(0),
) -> list[StyledText]:
    """The cells of a row, exactly as many as the axis has.

    Args:
        bars: left to right, not overlapping.
        axis: the time axis.
        grid: cells with a grid line.
        now: the cell of the current time, if it is on the axis.
        current: the run whose bar is under the cursor.
        missed: the cells since a run was due that has not come; a hollow bar behind the others.
    """
    row: list[_Cell] = [(" ", "")] * axis.cells
    for cell in grid:
        row[cell] = (_GRID, "bar-blurred")
    if now is not None:
        row[now] = (_NOW, "bar")
    for position, cell in enumerate(missed):
        row[cell] = (_HOLLOW_FILL if position else OVERDUE_SIGN, "warning")
    for bar in bars:
        row[bar.start : bar.end] = _cells(bar, is_current=bar.key == current)
    return [
        StyledText("".join(text for text, _ in run), style_name)
        for style_name, run in groupby(row, key=itemgetter(1))
    ]


def _cells(bar: TimelineBar, *, is_current: bool) -> list[_Cell]:
    style_name = "dim" if bar.is_known else status_style(bar.status)
    if is_current:
        style_name = selected_status_style(bar.status)
    width = bar.end - bar.start
    text = status_sign(bar.status)
    if bar.runs > 1:
        count = str(bar.runs)
        text += count if len(count) + _COUNT_MARGIN <= width else ""
    fill = _GROUP_FILL if bar.runs > 1 else _FILLS.get(bar.status, _SINGLE_FILL)
    if bar.is_known:
        fill = _HOLLOW_FILL
    return [(character, style_name) for character in text.ljust(width, fill)[:width]]
