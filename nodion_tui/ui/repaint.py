"""Repaints no more than what has changed.

Textual 8.2 repaints a changed region from the left edge of its widget on (`ChopsUpdate` crops at
the right end alone), so that one digit at the end of a row costs the whole row; over SSH, with many
running rows that tick, this is most of the traffic. And it renders every widget that touches the
rectangle around all changes, whole, those that others cover as well: on a screen of many tiles that
is most of the work.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from textual._compositor import Compositor, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip

Span = tuple[int, int]
"""First column, column behind the last."""


class Painted(NamedTuple):
    """A strip and where it stands."""

    y: int
    x: int
    strip: Strip


class TightUpdate(CompositorUpdate):
    """An update of nothing but these strips."""

    def __init__(self, painted: Iterable[Painted]) -> None:
        self.painted = sorted(painted, key=lambda each: each[:2])

    def render_segments(self, console: Console) -> str:
        """Textual: the update as what is written to the terminal."""
        written: list[str] = []
        for y, x, strip in self.painted:
            written += (Control.move_to(x, y).segment.text, strip.render(console))
        return "".join(written)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich: row after row, for a picture of a whole screen."""
        for y, row in groupby(self.painted, key=attrgetter("y")):
            if y:
                yield Segment.line()
            for each in row:
                yield from each.strip


class TightCompositor(Compositor):
    """Textual's compositor, with tight updates."""

    def render_partial_update(self) -> TightUpdate | None:  # type: ignore[override]  # its sibling
        """Textual: what has changed since the last update."""
        screen = self.size.region
        # After a resize there may be some of the larger screen before.
        changed = [part for each in self._dirty_regions if (part := each.intersection(screen))]
        self._dirty_regions.clear()
        return TightUpdate(self._paint(changed)) if changed else None

    def render_full_update(  # type: ignore[override]  # its sibling
        self, *, simplify: bool = False
    ) -> TightUpdate | LayoutUpdate:
        """Textual: all of the screen.

        Textual's own way has each strip keep itself among its parts: garbage in cycles, a strip
        for each row and layout, that only a full collection finds. Pictures are simplified.
        """
        if simplify:
            return super().render_full_update(simplify=simplify)
        self._dirty_regions.clear()
        return TightUpdate(self._paint([self.size.region]))

    def _paint(self, changed: Iterable[Region]) -> Iterator[Painted]:
        """The regions, from the widget in front to the one behind, until nothing is bare."""
        bare: dict[int, list[Span]] = {}
        for y, start, stop in self._regions_to_spans(changed):
            bare.setdefault(y, []).append((start, stop))
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            rows = [y for y in seen.line_range if y in bare and _within(bare[y], seen)]
            for top, height in _runs(rows):
                part = Region(seen.x - region.x, top - region.y, seen.width, height)
                for y, strip in enumerate(widget.render_lines(part), top):
                    for start, stop in _within(bare[y], seen):
                        yield Painted(y, start, strip.crop(start - seen.x, stop - seen.x))
                    bare[y] = _without(bare[y], seen)


def paint_now(screen: Screen[Any]) -> None:
    """Paint what has changed, rather than when Textual's next frame is due, 16 ms after the last.

    A screen that is to be laid out anew is left to Textual.
    """
    if screen.is_current and screen._dirty_widgets and not screen._layout_required:  # noqa: SLF001
        screen._on_timer_update()  # noqa: SLF001 - Textual has no other word for it


def _within(spans: Iterable[Span], region: Region) -> list[Span]:
    """What of a row's spans lies in a region."""
    left, right = region.column_span
    return [
        (max(start, left), min(stop, right))
        for start, stop in spans
        if start < right and stop > left
    ]


def _without(spans: Iterable[Span], region: Region) -> list[Span]:
    """What of a row's spans lies to the left or to the right of a region."""
    left, right = region.column_span
    before = [(start, min(stop, left)) for start, stop in spans if start < left]
    return before + [(max(start, right), stop) for start, stop in spans if stop > right]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows without a gap: the first, and how many."""
    for _, run in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        numbers = [y for _, y in run]
        yield numbers[0], len(numbers)
