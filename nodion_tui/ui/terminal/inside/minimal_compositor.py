"""Compositor that repaints only what has changed.

Textual 8.2 repaints a changed region from the left edge of its widget (`ChopsUpdate` crops only at
the right end), so that one digit at the end of a row costs the whole row; over SSH, with many
running rows that tick, this is most of the traffic: 890 bytes a second for 20 of them, and 100 with
this module and the screen diff. It also renders completely every widget that touches the bounding
box of all changes, including covered ones: on a screen of many tiles, this is most of the work.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderResult
from rich.segment import Segment
from textual._compositor import Compositor, CompositorMap, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.key_priority import should_wait_for_key
from nodion_tui.ui.terminal.output.frame_writer import FrameWriter
from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm
from nodion_tui.ui.terminal.output.scroll import Scroll
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments

ColumnSpan = tuple[int, int]
"""First column, column after the last."""


class MinimalUpdate(CompositorUpdate):
    """An update of only these rows.

    Args:
        painted: the rows.
        scrolls: what is moved before.
        form: what the terminal can do.
    """

    def __init__(
        self,
        painted: Iterable[PaintedRow],
        scrolls: Sequence[Scroll] = (),
        *,
        form: OutputForm = PLAIN,
    ) -> None:
        self.rows = sorted(painted, key=lambda row: row[:2])
        self.scrolls = scrolls
        """What is moved on the terminal before the rows are written."""
        self._form = form

    @property
    def columns(self) -> int:
        """Number of cells that are written."""
        return sum(row.segments.width for row in self.rows)

    def render_segments(self, console: Console) -> str:
        """Textual: the output for the terminal."""
        system = console._color_system or ColorSystem.TRUECOLOR
        writer = FrameWriter(system, console.width, self._form)
        return "".join((*(scroll.sequence for scroll in self.scrolls), *writer.write(self.rows)))

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Rich: the rows in order, for a screenshot of the whole screen."""
        for y, row in groupby(self.rows, key=attrgetter("y")):
            if y:
                yield Segment.line()
            for painted in row:
                yield from painted.segments.segments


class MinimalCompositor(Compositor):
    """Textual's compositor with minimal updates."""

    @property
    def full_map(self) -> CompositorMap:
        """Textual: where every widget is; what has changed since it was known is repainted.

        Textual 8.2 drops the map when something is scrolled, and works it out again when a widget
        is looked up. What was hidden, removed or moved in between is the same in both maps that
        the next layout compares: a toast that was dismissed stayed on the screen.
        """
        before, scrolled = self._full_map, self._visible_map
        after = super().full_map
        if after is not before:
            changes = after.items() ^ {**before, **(scrolled or {})}.items()
            regions = (place.clip.intersection(place.region) for _, place in changes)
            self._dirty_regions.update(filter(None, regions))
        return after

    def render_partial_update(self) -> MinimalUpdate | None:  # type: ignore[override]  # its sibling
        """Textual: the changes since the last update."""
        screen = self.size.region
        # After a resize, regions of the previous, larger screen may remain.
        changed = [part for region in self._dirty_regions if (part := region.intersection(screen))]
        self._dirty_regions.clear()
        return MinimalUpdate(self._paint(changed)) if changed else None

    def render_full_update(  # type: ignore[override]  # its sibling
        self, *, simplify: bool = False
    ) -> MinimalUpdate | LayoutUpdate:
        """Textual: the whole screen.

        In Textual's own update each strip refers to itself: cyclic garbage, a strip per row and
        layout, that only a full collection frees. Screenshots are simplified.
        """
        if simplify:
            return super().render_full_update(simplify=simplify)
        self._dirty_regions.clear()
        return MinimalUpdate(self._paint([self.size.region]))

    def _paint(self, changed: Iterable[Region]) -> Iterator[PaintedRow]:
        """Paint regions from the front widget to the back, until every column is covered."""
        uncovered: dict[int, list[ColumnSpan]] = {}
        for y, start, stop in self._regions_to_spans(changed):
            uncovered.setdefault(y, []).append((start, stop))
        for widget, (region, clip) in self.visible_widgets.items():
            area = region.intersection(clip)
            rows = [y for y in area.line_range if y in uncovered and _within(uncovered[y], area)]
            for top, height in _runs(rows):
                part = Region(area.x - region.x, top - region.y, area.width, height)
                for y, segments in enumerate(_rows(widget, part), top):
                    for start, stop in _within(uncovered[y], area):
                        yield PaintedRow(
                            y,
                            start,
                            segments.crop(start - area.x, stop - area.x),
                        )
                    uncovered[y] = _without(uncovered[y], area)


class MinimalRepaintScreen(Screen[None]):
    """Screen that paints only changes, and the effect of keys before everything else."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()
        self._painted_at = 0.0

    def paint(self) -> None:
        """Paint now."""
        self._painted_at = time.monotonic()
        super()._on_timer_update()

    def _on_timer_update(self) -> None:
        """Textual: the next frame is due; a mere repaint waits for a key being processed."""
        needs_more = self._layout_required or self._scroll_required or self._callbacks
        if needs_more or not should_wait_for_key(self, self._painted_at):
            self.paint()


def _rows(widget: Widget, part: Region) -> Iterable[RowSegments]:
    if isinstance(widget, RawRowWidget):
        return widget.region_segments(part)
    return map(RowSegments.of, widget.render_lines(part))


def _within(spans: Iterable[ColumnSpan], region: Region) -> list[ColumnSpan]:
    """The parts of a row's spans inside a region."""
    left, right = region.column_span
    return [
        (max(start, left), min(stop, right))
        for start, stop in spans
        if start < right and stop > left
    ]


def _without(spans: Iterable[ColumnSpan], region: Region) -> list[ColumnSpan]:
    """The parts of a row's spans left and right of a region."""
    left, right = region.column_span
    before = [(start, min(stop, left)) for start, stop in spans if start < left]
    return before + [(max(start, right), stop) for start, stop in spans if stop > right]


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive rows: the first, and their number."""
    for _, run in groupby(enumerate(rows), key=lambda item: item[1] - item[0]):
        numbers = [y for _, y in run]
        yield numbers[0], len(numbers)
