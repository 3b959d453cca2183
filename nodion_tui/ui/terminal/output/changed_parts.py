"""Which columns of a row differ from what the terminal shows there.

A widget repaints the whole of a cell of a list, of which one digit is new: `00:41` after `00:40`.
curses compares rows as well, but owns the whole screen and its input.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, compress
from operator import ne

from rich.segment import Segment
from rich.style import Style

from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments, is_narrow

_MAX_GAP = 4
"""Equal columns that are written between others: to move over them takes as many bytes."""
_MAX_CHANGED = 1 / 3
"""Share of changed columns above which all between the first and the last is written."""
_NO_STYLE = Style()


def changed_parts(wanted: PaintedRow, shown: RowSegments | None) -> Sequence[PaintedRow]:
    """The parts of a row that have to be written, from left to right.

    Args:
        wanted: the row.
        shown: what the terminal shows in its columns; None: not known.
    """
    y, x, new = wanted
    if shown is None or shown.width != new.width:
        return (wanted,)
    texts = shown.text, new.text
    if not all(map(is_narrow, texts)):
        # A character may be wider than a column: half of it cannot be written.
        start, stop = _differing_ends(shown, new)
        return (PaintedRow(y, x + start, new.crop(start, stop)),) if start < stop else ()
    columns = _changed_columns(*texts, _restyled(shown.segments, new.segments))
    if len(columns) > new.width * _MAX_CHANGED:
        spans = [(columns[0], columns[-1] + 1)]
    else:
        spans = list(_spans(columns))
    return [PaintedRow(y, x + start, _cut(new.segments, start, stop)) for start, stop in spans]


def _changed_columns(shown: str, wanted: str, restyled: Iterable[tuple[int, int]]) -> list[int]:
    """The columns that differ in text or style, of texts whose characters all take one column."""
    columns = list(compress(range(len(wanted)), map(ne, shown, wanted)))
    spans = [range(*span) for span in restyled]
    return sorted({*columns, *chain.from_iterable(spans)}) if spans else columns


def _cut(segments: Sequence[Segment], start: int, stop: int) -> RowSegments:
    """Columns of segments whose characters all take one column."""
    cut: list[Segment] = []
    begin = 0
    for segment in segments:
        if begin >= stop:
            break
        end = begin + len(segment.text)
        if end > start:
            text = segment.text[max(start - begin, 0) : stop - begin]
            cut.append(Segment(text, segment.style))
        begin = end
    return RowSegments(tuple(cut), stop - start)


def _restyled(shown: Sequence[Segment], wanted: Sequence[Segment]) -> Iterator[tuple[int, int]]:
    """The columns whose styles differ: first, and after the last."""
    old_ends, new_ends = _ends(shown), _ends(wanted)
    start = 0
    old_end, old = next(old_ends, (0, _NO_STYLE))
    new_end, new = next(new_ends, (0, _NO_STYLE))
    while start < min(old_end, new_end):
        stop = min(old_end, new_end)
        if old is not new and old != new:
            yield start, stop
        if old_end == stop:
            old_end, old = next(old_ends, (0, _NO_STYLE))
        if new_end == stop:
            new_end, new = next(new_ends, (0, _NO_STYLE))
        start = stop


def _ends(segments: Sequence[Segment]) -> Iterator[tuple[int, Style]]:
    """The column after each segment that has text, and its style."""
    end = 0
    for text, style, _ in segments:
        if text:
            end += len(text)
            yield end, style or _NO_STYLE


def _spans(columns: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Columns as spans, with small gaps between them filled: first, and after the last."""
    if not columns:
        return
    start = previous = columns[0]
    for column in columns[1:]:
        if column - previous > _MAX_GAP + 1:
            yield start, previous + 1
            start = column
        previous = column
    yield start, previous + 1


def _differing_ends(shown: RowSegments, wanted: RowSegments) -> tuple[int, int]:
    """The column of the first segment that differs, and the column after the last one."""
    if shown == wanted:
        return 0, 0
    start = _alike(shown, wanted)
    stop = wanted.width - _alike(shown, wanted, from_end=True)
    return (start, stop) if start < stop else (0, wanted.width)


def _alike(one: RowSegments, other: RowSegments, *, from_end: bool = False) -> int:
    """Columns of the segments that are equal at one end."""
    step = -1 if from_end else 1
    columns = 0
    for left, right in zip(one.segments[::step], other.segments[::step], strict=False):
        if left != right:
            break
        columns += left.cell_length
    return columns
