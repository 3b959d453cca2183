"""Repaints no more than what has changed.

Textual 8.2 repaints a changed region from the left edge of its widget on (`ChopsUpdate` crops at
the right end alone), so that one digit at the end of a row costs the whole row; over SSH, with many
running rows that tick, this is most of the traffic. And it renders every widget that touches the
rectangle around all changes, whole, those that others cover as well: on a screen of many tiles that
is most of the work.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.control import Control
from rich.segment import Segment
from textual._compositor import Compositor, CompositorUpdate, LayoutUpdate
from textual._styles_cache import StylesCache
from textual.geometry import Region, Size
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

_LATEST = 0.15
"""Seconds by which keys may hold up everything else that is to be painted."""

ColumnSpan = tuple[int, int]
"""First column, column behind the last."""


class PaintedRow(NamedTuple):
    """A stripe and where it stands."""

    y: int
    x: int
    segments: RowSegments


class MinimalUpdate(CompositorUpdate):
    """An update of nothing but these stripes."""

    def __init__(self, painted: Iterable[PaintedRow]) -> None:
        self.painted = sorted(painted, key=lambda each: each[:2])

    def render_segments(self, console: Console) -> str:
        """Textual: the update as what is written to the terminal."""
        colors = console._color_system or ColorSystem.TRUECOLOR  # noqa: SLF001 - as Textual's strips
        written: list[str] = []
        for y, x, stripe in self.painted:
            written += (Control.move_to(x, y).segment.text, stripe.render(colors))
        return "".join(written)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich: row after row, for a picture of a whole screen."""
        for y, row in groupby(self.painted, key=attrgetter("y")):
            if y:
                yield Segment.line()
            for each in row:
                yield from each.segments.segments


class MinimalCompositor(Compositor):
    """Textual's compositor, with tight updates."""

    def render_partial_update(self) -> MinimalUpdate | None:  # type: ignore[override]  # its sibling
        """Textual: what has changed since the last update."""
        screen = self.size.region
        # After a resize there may be some of the larger screen before.
        changed = [part for each in self._dirty_regions if (part := each.intersection(screen))]
        self._dirty_regions.clear()
        return MinimalUpdate(self._paint(changed)) if changed else None

    def render_full_update(  # type: ignore[override]  # its sibling
        self, *, simplify: bool = False
    ) -> MinimalUpdate | LayoutUpdate:
        """Textual: all of the screen.

        Textual's own way has each strip keep itself among its parts: garbage in cycles, a strip
        for each row and layout, that only a full collection finds. Pictures are simplified.
        """
        if simplify:
            return super().render_full_update(simplify=simplify)
        self._dirty_regions.clear()
        return MinimalUpdate(self._paint([self.size.region]))

    def _paint(self, changed: Iterable[Region]) -> Iterator[PaintedRow]:
        """The regions, from the widget in front to the one behind, until nothing is bare."""
        bare: dict[int, list[ColumnSpan]] = {}
        for y, start, stop in self._regions_to_spans(changed):
            bare.setdefault(y, []).append((start, stop))
        for widget, (region, clip) in self.visible_widgets.items():
            seen = region.intersection(clip)
            rows = [y for y in seen.line_range if y in bare and _within(bare[y], seen)]
            for top, height in _runs(rows):
                part = Region(seen.x - region.x, top - region.y, seen.width, height)
                for y, stripe in enumerate(_rows(widget, part), top):
                    for start, stop in _within(bare[y], seen):
                        yield PaintedRow(y, start, stripe.crop(start - seen.x, stop - seen.x))
                    bare[y] = _without(bare[y], seen)


class MinimalRepaintScreen(Screen[None]):
    """A screen that paints no more than what has changed, and a key's work before all else."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()
        self._painted_at = 0.0

    def paint(self) -> None:
        """Paint now, whoever waits."""
        self._painted_at = time.monotonic()
        super()._on_timer_update()

    def _on_timer_update(self) -> None:
        """Textual: the next frame is due; one that only repaints waits for a key on its way."""
        more = self._layout_required or self._scroll_required or self._callbacks
        if more or not gives_way(self, self._painted_at):
            self.paint()


class PendingRepaint:
    """What of a screen is to be painted, but for what had changed before this was made."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._before = {
            widget: set(widget._repaint_regions)  # noqa: SLF001 - Textual has no other word for it
            for widget in screen._compositor.visible_widgets  # noqa: SLF001
            if widget._repaint_regions  # noqa: SLF001
        }

    def count(self, screen: Screen[Any]) -> int:
        """How many regions there are."""
        return sum(len(widget._repaint_regions) for widget in self._of(screen))  # noqa: SLF001

    def paint(self, screen: Screen[Any]) -> None:
        """Paint these, and leave the others for the next frame."""
        others = screen._dirty_widgets - self._of(screen)  # noqa: SLF001
        screen._dirty_widgets -= others  # noqa: SLF001
        paint_now(screen)
        screen._dirty_widgets |= others  # noqa: SLF001
        screen.check_idle()

    def _of(self, screen: Screen[Any]) -> set[Widget]:
        dirty = screen._dirty_widgets  # noqa: SLF001
        return {each for each in dirty if self._before.get(each) != each._repaint_regions}  # noqa: SLF001


def is_laid_out(screen: Screen[Any], size: Size) -> bool:
    """Whether the widgets of a screen are laid out for a terminal of this size."""
    return screen._compositor.size == size  # noqa: SLF001


def paint_now(screen: Screen[Any]) -> None:
    """Paint what has changed, rather than when Textual's next frame is due, 16 ms after the last.

    A screen that is to be laid out anew is left to Textual.
    """
    if screen.is_current and screen._dirty_widgets and not screen._layout_required:  # noqa: SLF001
        if isinstance(screen, MinimalRepaintScreen):
            screen.paint()
        else:
            screen._on_timer_update()  # noqa: SLF001 - Textual has no other word for it


def gives_way(widget: Widget, painted_at: float) -> bool:
    """Whether something that is to be painted waits, as a key is on its way.

    Args:
        widget: whose app has the keys.
        painted_at: when it was painted last, in monotonic seconds: it never waits for long.
    """
    typing = getattr(widget.app, "typing", False)
    return bool(typing) and time.monotonic() < painted_at + _LATEST


def _rows(widget: Widget, part: Region) -> Iterable[RowSegments]:
    if isinstance(widget, RawRowWidget):
        return widget.stripes(part)
    return map(RowSegments.of, widget.render_lines(part))


def _within(spans: Iterable[ColumnSpan], region: Region) -> list[ColumnSpan]:
    """What of a row's spans lies in a region."""
    left, right = region.column_span
    return [
        (max(start, left), min(stop, right))
        for start, stop in spans
        if start < right and stop > left
    ]


def _without(spans: Iterable[ColumnSpan], region: Region) -> list[ColumnSpan]:
    """What of a row's spans lies to the left or to the right of a region."""
    left, right = region.column_span
    before = [(start, min(stop, left)) for start, stop in spans if start < left]
    return before + [(max(start, right), stop) for start, stop in spans if stop > right]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Rows without a gap: the first, and how many."""
    for _, run in groupby(enumerate(rows), key=lambda each: each[1] - each[0]):
        numbers = [y for _, y in run]
        yield numbers[0], len(numbers)


def forget_styles() -> None:
    """Empty Textual's cache of styles: its keys keep the painted lines of widgets that are gone.

    The cache belongs to the class, not to a screen (textual issue 6665).
    """
    StylesCache.get_inner_outer.cache_clear()
