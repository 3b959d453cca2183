"""Bars as cells of a row: each begins with its status's sign, on a grid with the line of now."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType

from nodion_tui.model.run import RunKey, RunStatus
from nodion_tui.monitor.timeline.lanes import TimelineBar
from nodion_tui.monitor.timeline.time_axis import TimeAxis
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.theme import Glyphs, selected_status_style, status_style

_Cell = tuple[str, str]

_GRID, _NOW = "·", "│"
_FILLS: Mapping[str, str] = MappingProxyType({RunStatus.PENDING: "┄", RunStatus.CANCELED: "─"})
_FILL, _SEVERAL = "━", "╍"
_ASCII = str.maketrans({_NOW: "|", "┄": ".", "─": "-", _FILL: "=", _SEVERAL: "~", _GRID: "."})
_LABEL_ROOM = 2
"""Cells that a bar has left where it also says how many runs it stands for."""


def bar_pieces(
    bars: Iterable[TimelineBar],
    axis: TimeAxis,
    grid: Iterable[int],
    now: int | None,
    chosen: RunKey | None,
    glyphs: Glyphs,
) -> list[StyledText]:
    """The cells of a row, exactly as many as the axis has.

    Args:
        bars: left to right, none over another.
        axis: how many cells.
        grid: cells of round times.
        now: the cell of the present moment, if it is on the axis.
        chosen: the run whose bar is under the cursor.
        glyphs: the signs of the screen.
    """
    row: list[_Cell] = [(" ", "")] * axis.cells
    for cell in grid:
        row[cell] = (_GRID, "bar-blurred")
    if now is not None:
        row[now] = (_NOW, "bar")
    for bar in bars:
        row[bar.start : bar.end] = _cells(bar, glyphs, is_chosen=bar.key == chosen)
    pieces = [
        StyledText("".join(text for text, _ in run), look)
        for look, run in groupby(row, key=itemgetter(1))
    ]
    return [_in_ascii(piece) for piece in pieces] if glyphs.ascii else pieces


def _cells(bar: TimelineBar, glyphs: Glyphs, *, is_chosen: bool) -> list[_Cell]:
    look = selected_status_style(bar.status) if is_chosen else status_style(bar.status)
    width = bar.end - bar.start
    text = glyphs.status(bar.status)
    if bar.runs > 1:
        count = str(bar.runs)
        text += count if len(count) + _LABEL_ROOM <= width else ""
    fill = _SEVERAL if bar.runs > 1 else _FILLS.get(bar.status, _FILL)
    return [(character, look) for character in text.ljust(width, fill)[:width]]


def _in_ascii(piece: StyledText) -> StyledText:
    return StyledText(piece.text.translate(_ASCII), piece.style)
