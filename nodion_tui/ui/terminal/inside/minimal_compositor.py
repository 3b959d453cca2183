"""Compositor that repaints only what has changed.

Textual 8.2 repaints a changed region from the left edge of its widget (`ChopsUpdate` crops only at
the right end), so that one digit at the end of a row costs the whole row; over SSH, with many
running rows that tick, this is most of the traffic: 890 bytes a second for 20 of them, and 100 with
this module and the screen diff. It also renders completely every widget that touches the bounding
box of all changes, including covered ones: on a screen of many tiles, this is most of the work. The
screen under a dialog it renders as a whole for each change in it or over it: 23 of 108 ms when the
trigger form is opened.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from rich.color import ColorSystem
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from textual._compositor import (
    Compositor,
    CompositorMap,
    CompositorUpdate,
    LayoutUpdate,
    ReflowResult,
)
from textual.color import Color
from textual.geometry import Region, Size
from textual.renderables.background_screen import BackgroundScreen
from textual.renderables.blank import Blank
from textual.screen import ModalScreen, Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.output.frame_writer import FrameWriter
from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm
from nodion_tui.ui.terminal.output.scroll import Scroll
from nodion_tui.ui.terminal.region_widget import RegionWidget
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments

ColumnSpan = tuple[int, int]
"""First column, column after the last."""

_BLANK_RENDERS = (Widget.render, Screen.render)
"""What paints a container without content of its own."""


_GROUND = Style(color="bright_black", bgcolor="default")
"""What is under a dialog, in the colours of the terminal."""


class MinimalUpdate(CompositorUpdate):
    """An update of only these rows.

    Args:
        painted: the rows.
        scrolls: what is moved before.
        form: what the terminal can do.
        width: columns of the terminal; 0: the cursor is moved to positions only, never by steps.
    """

    def __init__(
        self,
        painted: Iterable[PaintedRow],
        scrolls: Sequence[Scroll] = (),
        *,
        form: OutputForm = PLAIN,
        width: int = 0,
    ) -> None:
        self.rows = sorted(painted, key=lambda row: row[:2])
        self.scrolls = scrolls
        """What is moved on the terminal before the rows are written."""
        self._form = form
        self._width = width

    @property
    def columns(self) -> int:
        """Number of cells that are written."""
        return sum(row.segments.width for row in self.rows)

    def render_segments(self, console: Console) -> str:
        """Textual: the output for the terminal."""
        system = console._color_system or ColorSystem.TRUECOLOR
        writer = FrameWriter(system, self._width, self._form)
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
        rows = self.region_rows(self.size.region)
        return MinimalUpdate(PaintedRow(y, 0, row) for y, row in enumerate(rows))

    may_lay_out = False
    """Whether to lay out even while a screen is opened."""

    def reflow(self, parent: Widget, size: Size) -> ReflowResult:
        """Textual: lay out, which happens several times while a screen is mounted and shown."""
        if self.may_lay_out or not is_opening(parent):
            return super().reflow(parent, size)
        parent._layout_required = parent._layout_required or size != self.size
        return ReflowResult(set(), set(), set())

    def render_update(
        self,
        full: bool = False,  # noqa: FBT001, FBT002 - Textual's signature
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,  # noqa: FBT001, FBT002 - as above
    ) -> RenderableType | None:
        """Textual: what is to be sent; nothing while a screen is opened, after which all is."""
        if not full and (self.root is None or is_opening(self.root)):
            return None
        return super().render_update(full, screen_stack, simplify)

    def region_rows(self, region: Region) -> list[RowSegments]:
        """The rows of a region, as they look now."""
        painted = sorted(self._paint([region]), key=lambda row: row[:2])
        return [
            RowSegments.joined(row.segments for row in rows)
            for _, rows in groupby(painted, key=attrgetter("y"))
        ]

    def _paint(self, changed: Iterable[Region]) -> Iterator[PaintedRow]:
        """Paint regions from the front widget to the back, until every column is covered."""
        uncovered: dict[int, list[ColumnSpan]] = {}
        for y, start, stop in self._regions_to_spans(changed):
            uncovered.setdefault(y, []).append((start, stop))
        for widget, (region, clip) in self.visible_widgets.items():
            if not uncovered:
                return
            area = region.intersection(clip)
            wanted = {y: _within(uncovered[y], area) for y in area.line_range if y in uncovered}
            for top, height in _runs([y for y, spans in wanted.items() if spans]):
                spans = [span for y in range(top, top + height) for span in wanted[y]]
                left, right = min(start for start, _ in spans), max(stop for _, stop in spans)
                part = Region(left - region.x, top - region.y, right - left, height)
                for y, segments in enumerate(_rows(widget, part), top):
                    for start, stop in wanted[y]:
                        cut = segments.crop(start - left, stop - left)
                        yield PaintedRow(y, start, cut.fitted(stop - start))
                    uncovered[y] = _without(uncovered[y], area)
                    if not uncovered[y]:
                        del uncovered[y]


def is_opening(widget: Widget) -> bool:
    """Whether a screen is being opened, after which everything is painted."""
    return bool(getattr(widget.app, "is_opening", False))


def _rows(widget: Widget, part: Region) -> Iterable[RowSegments]:
    if isinstance(widget, RegionWidget) and (own := widget.region_segments(part)) is not None:
        return own
    if isinstance(widget, ModalScreen):
        under = _under(widget)
        if under is not None:
            return list(_tinted_rows(widget, under.region_rows(part)))
    if part.height > 1 and _is_blank(widget):
        return _blank_rows(widget, part)
    return map(RowSegments.of, widget.render_lines(part))


def _is_blank(widget: Widget) -> bool:
    """Whether a widget paints nothing but its background and its border."""
    kind = type(widget)
    return (
        kind.render in _BLANK_RENDERS
        and kind.render_line is Widget.render_line
        and kind.render_lines is Widget.render_lines
        and isinstance(widget._render(), Blank)
    )


def _blank_rows(widget: Widget, part: Region) -> Iterator[RowSegments]:
    """The rows of a blank widget, of which all look the same but those of a border."""
    styles, last = widget.styles, widget.region.height - 1
    lines = (styles.border.spacing, styles.outline.spacing)
    between: RowSegments | None = None
    for y in part.line_range:
        is_line = any((y == 0 and line.top) or (y == last and line.bottom) for line in lines)
        row = None if is_line else between
        if row is None:
            (strip,) = widget.render_lines(Region(part.x, y, part.width, 1))
            row = RowSegments.of(strip)
        if not is_line:
            between = row
        yield row


def _under(dialog: Screen[Any]) -> MinimalCompositor | None:
    """The compositor of the screen that is seen under a dialog."""
    stack = dialog.app.screen_stack
    place = stack.index(dialog) if dialog in stack else 0
    compositor = stack[place - 1]._compositor if place else None
    is_seen = dialog.styles.background.a < 1
    return compositor if is_seen and isinstance(compositor, MinimalCompositor) else None


def _tinted_rows(dialog: Screen[Any], rows: Iterable[RowSegments]) -> Iterator[RowSegments]:
    tint, background = dialog.styles.background, dialog.background_colors[1]
    filters = dialog.get_line_filters()
    for row in rows:
        segments = [Segment(text, _tinted(style, tint)) for text, style, _ in row.segments]
        for line_filter in filters:
            segments = line_filter.apply(segments, background)
        yield RowSegments(tuple(segments), row.width)


@lru_cache(maxsize=2048)
def _tinted(style: Style | None, tint: Color) -> Style | None:
    """A style of the screen under a dialog, as the dialog shows it.

    Colours of the terminal cannot be mixed: there, all is in its grey, so that what a big dialog
    leaves of words and signs does not look like part of it.
    """
    if tint.a == 0:
        return _GROUND + Style(reverse=bool(style and style.reverse))
    return next(iter(BackgroundScreen.process_segments([Segment("", style)], tint))).style


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
