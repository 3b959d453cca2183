"""Drops the cells of a frame that the terminal already shows.

A change of layout, focus or style makes Textual paint the whole screen, of which little is new;
over SSH that is 10,000 unnecessary bytes.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from textual._compositor import LayoutUpdate

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate, PaintedRow
from nodion_tui.ui.terminal.row_segments import RowSegments


class ScreenDiff:
    """The rows last sent to the terminal, and the difference of an update to them."""

    def __init__(self) -> None:
        self._rows: dict[int, list[PaintedRow]] = {}

    def reset(self) -> None:
        """Forget the content of the terminal, which may show anything now."""
        self._rows.clear()

    def changed_part(self, update: RenderableType | None) -> RenderableType | None:
        """The part of an update to send, recorded as sent; None if there is no change."""
        match update:
            case MinimalUpdate():
                rows = iter(update.rows)
            case LayoutUpdate():
                rows = _painted_rows(update)
            case _:
                if update is not None:
                    self.reset()
                return update
        new = [row for row in rows if self._is_new(row)]
        return MinimalUpdate(new) if new else None

    def _is_new(self, row: PaintedRow) -> bool:
        """Whether the row differs from the terminal; records it as sent."""
        if any(_contains(known, row) for known in self._rows.get(row.y, ())):
            return False
        self._record(row)
        return True

    def _record(self, new: PaintedRow) -> None:
        remainders = [
            rest for known in self._rows.get(new.y, ()) for rest in _remainders(known, new)
        ]
        self._rows[new.y] = [*remainders, new]


def _painted_rows(update: LayoutUpdate) -> Iterator[PaintedRow]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield PaintedRow(y, x, RowSegments.of(strip))
            x += strip.cell_length


def _contains(known: PaintedRow, wanted: PaintedRow) -> bool:
    """Whether the wanted segments are part of the known ones."""
    left = wanted.x - known.x
    width = wanted.segments.width
    if left < 0 or left + width > known.segments.width:
        return False
    return known.segments.crop(left, left + width) == wanted.segments


def _remainders(known: PaintedRow, new: PaintedRow) -> Iterator[PaintedRow]:
    """The parts of the known row left and right of the new one."""
    left, right = new.x - known.x, new.x + new.segments.width - known.x
    width = known.segments.width
    if left >= width or right <= 0:
        yield known
        return
    if left > 0:
        yield known._replace(segments=known.segments.crop(0, left))
    if right < width:
        yield PaintedRow(known.y, known.x + right, known.segments.crop(right, width))
