"""A window on a log: which rows are in it, and how to get from one row to another.

Places are kept as indexes of the buffer, which never change, so lines that arrive or are dropped
move nothing. Walking costs what is walked over, however long the log is.
"""

import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.render.entry_layout import RowSlice
from nodion_tui.ui.log.render.layout_cache import LayoutCache
from nodion_tui.ui.log.viewport.visible_entries import VisibleEntries

_PATIENCE = 0.2
"""Seconds that the lines on screen are read ahead to find the end of the longest."""


@dataclass(frozen=True, order=True, slots=True)
class EntryRow:
    """A row of an entry."""

    index: int
    row: int = 0


class RowWindow:
    """`height` rows of `width` columns on a log, from the place `top` on."""

    def __init__(self, buffer: LogBuffer, options: DisplayOptions | None = None) -> None:
        self.buffer = buffer
        self.shown = VisibleEntries(buffer)
        self.blocks = LayoutCache(buffer)
        self.options = options or DisplayOptions()
        self.blocks.use(self.options)
        self.height = 1
        self.width = 80
        self.top = EntryRow(buffer.first)
        self.left = 0
        """Columns scrolled sideways; always 0 when wrapped."""

    @property
    def wrap(self) -> int | None:
        """Columns of a wrapped row; None where lines go on beyond the window."""
        return max(self.width, 2) if self.options.wrap else None

    @property
    def at_end(self) -> bool:
        """Whether the newest row is on screen."""
        return self.top >= self.last_top()

    def page(self) -> list[EntryRow]:
        """The rows on screen, from the top; fewer than `height` at the end of a short log."""
        return list(islice(self._down(self.top), self.height))

    def offset_of(self, index: int) -> int | None:
        """The row on screen where an entry begins; None where it is not on screen."""
        for offset, place in enumerate(self.page()):
            if place.index == index:
                return offset
        return None

    def thumb(self) -> range:
        """The rows of the frame that show which part of the log is on screen; none if all is."""
        count = len(self.shown)
        page = self.page()
        if not page or (self.top == EntryRow(self.shown.at(0)) and self.at_end):
            return range(0)
        first, last = self.shown.position(page[0].index), self.shown.position(page[-1].index)
        size = max(1, round(self.height * (last - first + 1) / count))
        room = self.height - size
        if self.at_end:
            return range(room, self.height)
        start = min(round(room * first / max(count - (last - first + 1), 1)), max(room - 1, 0))
        return range(start, start + size)

    def scroll_columns(self, columns: int) -> None:
        """Scroll to the right, or to the left; not further than what is on screen reaches."""
        if self.options.wrap:
            return
        if columns > 0 and not self._reaches(self.left + self.width + columns - 1):
            widest = max((self.spot(place).line.width for place in self.page()), default=0)
            self.left = max(self.left, widest - self.width)
        else:
            self.left = max(0, self.left + columns)

    def show_columns(self, left: int, right: int) -> None:
        """Scroll sideways if these columns are not on screen; back to the first ones if it can."""
        if right <= self.width:
            self.left = 0
        elif left < self.left or right > self.left + self.width:
            self.left = max(0, left - self.width // 3)

    def to_line_end(self) -> None:
        """Scroll sideways to where the longest line on screen ends, as far as it can be read."""
        if not self.options.wrap:
            deadline = time.monotonic() + _PATIENCE
            lines = [self.spot(place).line for place in self.page()]
            widest = max(
                (line.width_within(deadline - time.monotonic()) for line in lines), default=0
            )
            self.left = max(0, widest - self.width)

    def spot(self, place: EntryRow) -> RowSlice:
        """What a row shows."""
        return self.blocks.get(place.index).spot(place.row, self.wrap)

    def _reaches(self, column: int) -> bool:
        return any(self.spot(place).line.reaches(column) for place in self.page())

    def nearest(self, index: int) -> int:
        """The entry itself if it is shown, else the next one, else the last."""
        return self.shown.at(min(self.shown.position(index), len(self.shown) - 1))

    def valid(self, place: EntryRow) -> EntryRow:
        """The place itself, or the nearest one that there is."""
        index = self.nearest(place.index)
        if index != place.index:
            return EntryRow(index)
        return EntryRow(index, min(place.row, self.blocks.height(index, self.wrap) - 1))

    def last_top(self) -> EntryRow:
        """The top of the last full window."""
        if not len(self.shown):
            return self.top
        index = self.shown.at(len(self.shown) - 1)
        bottom = EntryRow(index, self.blocks.height(index, self.wrap) - 1)
        return self.above(bottom, self.height - 1)

    def _down(self, place: EntryRow) -> Iterator[EntryRow]:
        """The rows from a place on."""
        row = place.row
        for position in range(self.shown.position(place.index), len(self.shown)):
            index = self.shown.at(position)
            for each in range(row, self.blocks.height(index, self.wrap)):
                yield EntryRow(index, each)
            row = 0

    def above(self, place: EntryRow, rows: int) -> EntryRow:
        """The place so many rows further up, or the first one."""
        index, row = place.index, place.row
        position = self.shown.position(index)
        while rows > row:
            if not position:
                return EntryRow(index)
            rows -= row + 1
            position -= 1
            index = self.shown.at(position)
            row = self.blocks.height(index, self.wrap) - 1
        return EntryRow(index, row - rows)

    def below(self, place: EntryRow, rows: int) -> EntryRow:
        """The place so many rows further down, or the last one."""
        return deque(islice(self._down(place), rows + 1), maxlen=1).pop()
