"""Builds the visible rows of a log as values: text, sign, timestamp and highlights."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo

from nodion_tui.model.text.signs import MARK_SIGN, MARK_UNDER_CURSOR_SIGN
from nodion_tui.monitor.log.shown_log import Renumbering
from nodion_tui.ui.log.render.display_options import TimestampMode
from nodion_tui.ui.log.render.entry_layout import EntryLayout, RowSlice, length_note
from nodion_tui.ui.log.render.line_styles import LogStyles
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole
from nodion_tui.ui.log.render.row_painter import (
    CONTINUATION_SIGN,
    CURSOR_SIGN,
    GAP_SIGN,
    LATE_SIGN,
    PATTERN_SIGN,
    Highlight,
    LogRow,
)
from nodion_tui.ui.log.render.time_column import MILLISECOND_COLUMNS, TimeColumn
from nodion_tui.ui.log.viewport.day_rows import DAY_ROW
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.selection import Selection
from nodion_tui.ui.log.viewport.time_references import time_before, time_of_mark
from nodion_tui.ui.log.viewport.viewport import LogViewport

Matcher = Callable[[str], Iterable[tuple[int, int]]]
"""Returns the matches of a pattern in a shown text, as character offsets."""

NOT_PUBLIC_SIGN = "◇"
"""Sign of a line of another `log_level` than the documented one."""
CUT_SIGN = "›"
"""In the last column of a row whose text goes on beyond it."""
_WHOLE_LINE = 4096
"""Columns up to which a whole line is searched for matches."""
_SEARCH_MARGIN = 512
"""Columns around the window that are searched in a longer line."""


@dataclass(slots=True)
class Annotations:
    """What a person looks for and selects in a log while it is shown."""

    started_at: datetime | None = None
    zone: tzinfo | None = None
    """Time zone for local time; None: the zone of this machine."""
    matcher: Matcher | None = None
    selection: Selection | None = None

    def renumber(self, renumbering: Renumbering) -> None:
        """Stay at the same entries, which have other indexes now."""
        if self.selection is not None:
            self.selection = self.selection.renumbered(renumbering)


def gutter_width(viewport: LogViewport) -> int:
    """Columns left of the text: sign, timestamp and the space after it, and label."""
    stamp = viewport.days.column.width
    return 1 + (stamp + 1 if stamp else 0) + viewport.labels.width


def time_column(viewport: LogViewport, annotations: Annotations, columns: int) -> TimeColumn:
    """The timestamps of a log that is shown in this many columns."""
    return TimeColumn(
        mode=viewport.options.timestamps,
        zone=annotations.zone,
        started_at=annotations.started_at or viewport.buffer.started_at,
        newest_at=viewport.buffer.newest_at,
        milliseconds=columns >= MILLISECOND_COLUMNS,
    )


def text_column(viewport: LogViewport) -> int:
    """The widget's column where the text of lines begins."""
    return 1 + gutter_width(viewport)


def screen_rows(viewport: LogViewport, annotations: Annotations, styles: LogStyles) -> list[LogRow]:
    """The rows on screen, from the top; fewer than the window's height for a short log."""
    return [_row(viewport, entry_row, annotations, styles) for entry_row in viewport.visible_rows()]


def note_row(viewport: LogViewport, text: str) -> LogRow:
    """A row with a dim text in place of a line."""
    return LogRow(
        segments=(LineSegment(text, role=TextRole.FAINT),),
        timestamp=" " * viewport.days.column.width,
    )


def _row(
    viewport: LogViewport, entry_row: EntryRow, annotations: Annotations, styles: LogStyles
) -> LogRow:
    layout = viewport.layouts.get(entry_row.index)
    if entry_row.row == DAY_ROW:
        return _day_row(viewport, layout)
    row_slice = layout.row_slice(entry_row.row, viewport.wrap)
    start = row_slice.start or viewport.first_column
    stop = start + viewport.width if row_slice.stop is None else row_slice.stop
    is_cut_off = row_slice.stop is None and row_slice.line.reaches(stop)
    length_text = length_note(row_slice.line, viewport.width) if is_cut_off else ()
    if is_cut_off:
        # In the text, not in the border: there the scroll bar's thumb would hide it.
        length_text = (*length_text, LineSegment(CUT_SIGN, role=TextRole.FAINT))
    stop = max(start, stop - sum(len(segment.text) for segment in length_text))
    is_cursor = entry_row.index == viewport.cursor and not viewport.follow
    return LogRow(
        segments=(*row_slice.line.slice(start, stop), *length_text),
        label=viewport.labels.label(entry_row.index, entry_row.row),
        timestamp=_timestamp(viewport, entry_row, layout),
        sign=_sign(viewport, entry_row, layout, is_cursor=is_cursor),
        role=TextRole.FAINT if is_not_public(viewport, entry_row.index) else layout.role,
        look=layout.look,
        is_cursor=is_cursor,
        highlights=tuple(
            _highlights(
                entry_row.index, row_slice, (start, stop), annotations, styles, is_cursor=is_cursor
            )
        ),
        left_border="‹" if start and row_slice.stop is None else "│",
    )


def is_not_public(viewport: LogViewport, index: int) -> bool:
    """Whether a line has another `log_level` than the documented one."""
    return bool(viewport.buffer.service_levels.at(index))


def _day_row(viewport: LogViewport, layout: EntryLayout) -> LogRow:
    day = viewport.days.column.day(layout.at)
    text = f"── {day:%a %Y-%m-%d} ──" if day else ""
    return LogRow(
        segments=(LineSegment(text, role=TextRole.NOTE),),
        timestamp=" " * viewport.days.column.width,
    )


def _timestamp(viewport: LogViewport, entry_row: EntryRow, layout: EntryLayout) -> str:
    column, index = viewport.days.column, entry_row.index
    if not layout.is_line or entry_row.row:
        return column.text(None)
    reference = None
    if column.mode is TimestampMode.BEFORE:
        reference = time_before(viewport.buffer, viewport.entries, index)
    elif column.mode is TimestampMode.MARK:
        reference = time_of_mark(viewport.buffer, viewport.buffer.bookmarks, index)
    return column.text(layout.at, reference)


def _sign(
    viewport: LogViewport,
    entry_row: EntryRow,
    layout: EntryLayout,
    *,
    is_cursor: bool,
) -> str:
    if entry_row.index in viewport.buffer.bookmarks and not entry_row.row:
        return MARK_UNDER_CURSOR_SIGN if is_cursor else MARK_SIGN
    if is_cursor:
        return CURSOR_SIGN
    if entry_row.row:
        return " " if viewport.days.column.width else CONTINUATION_SIGN
    return _line_sign(viewport, entry_row.index, layout)


def _line_sign(viewport: LogViewport, index: int, layout: EntryLayout) -> str:
    """The sign of what a line is, where it is neither marked nor under the cursor."""
    if viewport.labels.is_late(index):
        return LATE_SIGN
    if layout.look and "muted" not in layout.look:
        return PATTERN_SIGN
    if is_not_public(viewport, index):
        return NOT_PUBLIC_SIGN
    return GAP_SIGN if viewport.entries.has_gap_before(index) else " "


def _highlights(
    index: int,
    row_slice: RowSlice,
    window: tuple[int, int],
    annotations: Annotations,
    styles: LogStyles,
    *,
    is_cursor: bool,
) -> Iterator[Highlight]:
    start, stop = window
    if annotations.matcher:
        style = styles.current if is_cursor else styles.match
        for left, right in match_columns(row_slice.line, start, stop, annotations.matcher):
            if left < stop and right > start:
                yield Highlight(max(left - start, 0), min(right, stop) - start, style)
    if annotations.selection and (
        columns := annotations.selection.line_columns(index, row_slice.line_index)
    ):
        left, right = max(columns[0], start), min(columns[1], stop)
        if left < right:
            left, right = row_slice.line.whole_columns(left, right)
            yield Highlight(max(left - start, 0), min(right, stop) - start, styles.selected)


def match_columns(
    line: LineText, start: int, stop: int, matcher: Matcher
) -> Iterator[tuple[int, int]]:
    """Columns of a line's matches: all in a short line, else those near the window."""
    left = 0
    if line.reaches(_WHOLE_LINE):
        left, stop = max(0, start - _SEARCH_MARGIN), stop + _SEARCH_MARGIN
    else:
        stop = _WHOLE_LINE
    columns = line.columns(left, stop)
    for first, last in matcher(columns.text):
        if first < last:
            yield columns.column(first), columns.column(last)
