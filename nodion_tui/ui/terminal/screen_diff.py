"""What stands on the terminal, so that nothing is sent that stands there already.

A layout, a focus or a style that changes makes Textual paint all of a screen, of which mostly
little is new; over SSH that is ten thousand bytes for nothing.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from textual._compositor import LayoutUpdate

from nodion_tui.ui.terminal.compositor import MinimalUpdate, PaintedRow
from nodion_tui.ui.terminal.row_segments import RowSegments


class ScreenDiff:
    """The terminal's rows as they were sent last; of what it does not know it knows nothing."""

    def __init__(self) -> None:
        self._rows: dict[int, list[PaintedRow]] = {}

    def reset(self) -> None:
        """The terminal may show anything now."""
        self._rows.clear()

    def changed_part(self, update: RenderableType | None) -> RenderableType | None:
        """What of an update is to be sent, and will be; None if the terminal shows it already."""
        match update:
            case MinimalUpdate():
                painted = iter(update.painted)
            case LayoutUpdate():
                painted = _pieces(update)
            case _:
                if update is not None:
                    self.reset()
                return update
        new = [each for each in painted if self._takes(each)]
        return MinimalUpdate(new) if new else None

    def _takes(self, each: PaintedRow) -> bool:
        """Whether it does not stand there yet; from now on it does."""
        if any(_holds(known, each) for known in self._rows.get(each.y, ())):
            return False
        self._set(each)
        return True

    def _set(self, new: PaintedRow) -> None:
        around = [rest for known in self._rows.get(new.y, ()) for rest in _around(known, new)]
        self._rows[new.y] = [*around, new]


def _pieces(update: LayoutUpdate) -> Iterator[PaintedRow]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield PaintedRow(y, x, RowSegments.of(strip))
            x += strip.cell_length


def _holds(known: PaintedRow, wanted: PaintedRow) -> bool:
    """Whether what is wanted stands in what is known."""
    left = wanted.x - known.x
    width = wanted.segments.width
    if left < 0 or left + width > known.segments.width:
        return False
    return known.segments.crop(left, left + width) == wanted.segments


def _around(known: PaintedRow, new: PaintedRow) -> Iterator[PaintedRow]:
    """What is left of the known to both sides of the new."""
    left, right = new.x - known.x, new.x + new.segments.width - known.x
    width = known.segments.width
    if left >= width or right <= 0:
        yield known
        return
    if left > 0:
        yield known._replace(segments=known.segments.crop(0, left))
    if right < width:
        yield PaintedRow(known.y, known.x + right, known.segments.crop(right, width))
