"""The rows on screen as values: what of the log, and what is lit in it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from rich.cells import cell_len

from nodion_tui.ui.log.render import time_column as stamps
from nodion_tui.ui.log.render.display_options import TimestampMode
from nodion_tui.ui.log.render.entry_layout import EntryLayout, RowSlice, size_note
from nodion_tui.ui.log.render.line_styles import LogStyles
from nodion_tui.ui.log.render.line_text import LineText
from nodion_tui.ui.log.render.row_painter import GAP, SAME, Highlight, LogRow
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.viewport import LogViewport

Matcher = Callable[[str], Iterable[tuple[int, int]]]
"""Where in a text a pattern matches, as offsets of characters."""

_WHOLE = 4096
"""Columns up to which a line is searched as a whole for what to light."""
_AROUND = 512
"""Of a longer line, columns around the window that are searched."""


@dataclass(slots=True)
class Annotations:
    """What is set upon the lines of a log."""

    started_at: datetime | None = None
    zone: tzinfo | None = None
    """What local time means; None: the zone of this machine."""
    matcher: Matcher | None = None
    selection: Selection | None = None
    bookmarks: set[int] = field(default_factory=set)


def gutter(reader: LogViewport) -> int:
    """Columns before the text: sign, time, and the space after it."""
    stamp = stamps.width(reader.options.timestamps)
    return 1 + (stamp + 1 if stamp else 0)


def rows(reader: LogViewport, marks: Annotations, look: LogStyles) -> list[LogRow]:
    """What is on screen, from the top; fewer than the window's height if there is no more."""
    return [_row(reader, place, marks, look) for place in reader.page()]


def _row(reader: LogViewport, place: EntryRow, marks: Annotations, look: LogStyles) -> LogRow:
    block = reader.blocks.get(place.index)
    spot = block.spot(place.row, reader.wrap)
    start = spot.start or reader.left
    stop = start + reader.width if spot.stop is None else spot.stop
    goes_on = spot.stop is None and spot.line.reaches(stop)
    note = size_note(spot.line, reader.width) if goes_on else ()
    stop -= sum(len(piece.text) for piece in note)
    is_cursor = place.index == reader.cursor and not reader.follow
    return LogRow(
        pieces=(*spot.line.slice(start, stop), *note),
        stamp=_stamp(reader, place, block, marks),
        sign=_sign(reader, place, marks, is_cursor=is_cursor),
        role=block.role,
        cursor=is_cursor,
        lit=tuple(_lit(place.index, spot, (start, stop), marks, look, is_cursor=is_cursor)),
        left="‹" if start and spot.stop is None else "│",
        right="›" if goes_on else "│",
    )


def _stamp(reader: LogViewport, place: EntryRow, block: EntryLayout, marks: Annotations) -> str:
    mode = reader.options.timestamps
    if place.row or not block.is_line:
        return " " * stamps.width(mode)
    started_at = marks.started_at or reader.buffer.started_at
    return stamps.stamp(mode, block.at, started_at, marks.zone)


def _sign(reader: LogViewport, place: EntryRow, marks: Annotations, *, is_cursor: bool) -> str:
    if place.index in marks.bookmarks and not place.row:
        return "◆"
    if is_cursor:
        return "▌"
    if place.row:
        return SAME if reader.options.timestamps is TimestampMode.OFF else " "
    return GAP if reader.shown.follows_a_gap(place.index) else " "


def _lit(
    index: int,
    spot: RowSlice,
    window: tuple[int, int],
    marks: Annotations,
    look: LogStyles,
    *,
    is_cursor: bool,
) -> Iterator[Highlight]:
    start, stop = window
    if marks.matcher:
        style = look.current if is_cursor else look.match
        for left, right in matches(spot.line, start, stop, marks.matcher):
            if left < stop and right > start:
                yield Highlight(max(left - start, 0), min(right, stop) - start, style)
    if marks.selection and (columns := marks.selection.columns(index, spot.number)):
        left, right = max(columns[0], start), min(columns[1], stop)
        if left < right:
            yield Highlight(left - start, right - start, look.selected)


def matches(line: LineText, start: int, stop: int, matcher: Matcher) -> Iterator[tuple[int, int]]:
    """Columns of a line's matches, all of them in a short line, else those near the window."""
    left = 0
    if line.reaches(_WHOLE):
        left, stop = max(0, start - _AROUND), stop + _AROUND
    else:
        stop = _WHOLE
    text = line.text(left, stop)
    for first, last in matcher(text):
        if first < last:
            yield left + _columns(text, first), left + _columns(text, last)


def _columns(text: str, end: int) -> int:
    """Columns of a text's beginning; of ten megabytes of ASCII they need not be looked at."""
    return end if text.isascii() else cell_len(text[:end])
