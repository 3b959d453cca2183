"""What stands on the terminal, so that nothing is sent that stands there already.

A layout, a focus or a style that changes makes Textual paint all of a screen, of which mostly
little is new; over SSH that is ten thousand bytes for nothing.
"""

from collections.abc import Iterator

from rich.console import RenderableType
from textual._compositor import LayoutUpdate

from nodion_tui.ui.terminal.compositor import Painted, TightUpdate
from nodion_tui.ui.terminal.row_segments import Stripe


class Shadow:
    """The terminal's rows as they were sent last; of what it does not know it knows nothing."""

    def __init__(self) -> None:
        self._rows: dict[int, list[Painted]] = {}

    def forget(self) -> None:
        """The terminal may show anything now."""
        self._rows.clear()

    def less(self, update: RenderableType | None) -> RenderableType | None:
        """What of an update is to be sent, and will be; None if the terminal shows it already."""
        match update:
            case TightUpdate():
                painted = iter(update.painted)
            case LayoutUpdate():
                painted = _pieces(update)
            case _:
                if update is not None:
                    self.forget()
                return update
        new = [each for each in painted if self._takes(each)]
        return TightUpdate(new) if new else None

    def _takes(self, each: Painted) -> bool:
        """Whether it does not stand there yet; from now on it does."""
        if any(_holds(known, each) for known in self._rows.get(each.y, ())):
            return False
        self._set(each)
        return True

    def _set(self, new: Painted) -> None:
        around = [rest for known in self._rows.get(new.y, ()) for rest in _around(known, new)]
        self._rows[new.y] = [*around, new]


def _pieces(update: LayoutUpdate) -> Iterator[Painted]:
    for y, strips in enumerate(update.strips, update.region.y):
        x = update.region.x
        for strip in strips:
            yield Painted(y, x, Stripe.of(strip))
            x += strip.cell_length


def _holds(known: Painted, wanted: Painted) -> bool:
    """Whether what is wanted stands in what is known."""
    left = wanted.x - known.x
    width = wanted.stripe.width
    if left < 0 or left + width > known.stripe.width:
        return False
    return known.stripe.crop(left, left + width) == wanted.stripe


def _around(known: Painted, new: Painted) -> Iterator[Painted]:
    """What is left of the known to both sides of the new."""
    left, right = new.x - known.x, new.x + new.stripe.width - known.x
    width = known.stripe.width
    if left >= width or right <= 0:
        yield known
        return
    if left > 0:
        yield known._replace(stripe=known.stripe.crop(0, left))
    if right < width:
        yield Painted(known.y, known.x + right, known.stripe.crop(right, width))
