"""Styled rows as values: texts with styles, fitted to a width, compared by column."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter

import msgspec
from rich.cells import cell_len, chop_cells, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

ColumnSpan = tuple[int, int]
"""First column, column after the last."""
_Cell = tuple[str, str]
_MIN_GAP = 6
"""Fewest equal columns between two spans."""


class StyledText(msgspec.Struct, frozen=True):
    """A text of one style."""

    text: str
    style: str = ""
    """Name in `THEME_STYLES`; empty: the widget's own style."""


StyledRow = tuple[StyledText, ...]


class FittedRow(msgspec.Struct, frozen=True):
    """A row fitted to a width, with everything that determines how it looks."""

    row: StyledRow
    base_styles: tuple[str, ...] = ()
    """Styles under those of all texts, such as that of the cursor."""

    def covering(self, start: int, stop: int) -> tuple["FittedRow", int]:
        """The texts with columns from `start` to `stop` (exclusive), and the first one's column.

        All, if a text is cut that may have combining characters: they are not to be torn off.
        """
        kept: list[StyledText] = []
        first = end = 0
        for part in self.row:
            column, end = end, end + text_width(part.text)
            if end > start:
                if (column < start or end > stop) and not part.text.isascii():
                    return self, 0
                first = first if kept else column
                kept.append(part)
            if end >= stop:
                break
        return FittedRow(tuple(kept), self.base_styles), first

    def segments(self, style_of: Callable[..., Style]) -> list[Segment]:
        """The row as segments; neighbours of the same style become one.

        Args:
            style_of: returns the Rich style of combined styles, lowest first.
        """
        return [
            Segment("".join(part.text for part in parts), style_of(*self.base_styles, style))
            for style, parts in groupby(self.row, key=attrgetter("style"))
        ]


def text_width(text: str) -> int:
    """Columns of a visible text.

    Rich caches the widths of thousands of texts, but times and ages are new each second.
    """
    return len(text) if text.isascii() else cell_len(text)


def row_width(row: Iterable[StyledText]) -> int:
    """Columns of a row."""
    return sum(text_width(part.text) for part in row)


def row_text(row: Iterable[StyledText]) -> str:
    """The text of a row without its styles."""
    return "".join(part.text for part in row)


def truncate(text: str, columns: int) -> str:
    """The text in at most this many columns, with an ellipsis if truncated."""
    if len(text) <= columns and text_width(text) <= columns:
        return text
    if columns <= 0:
        return ""
    return set_cell_size(text, columns - 1).rstrip() + "…"


def truncate_middle(text: str, columns: int) -> str:
    """The text in at most this many columns, with an ellipsis in the middle if truncated."""
    if len(text) <= columns and text_width(text) <= columns:
        return text
    front = (columns + 1) // 2
    tail = text[max(0, len(text) - columns) :]
    while text_width(tail) > columns - front:
        tail = tail[1:]
    return truncate(text, max(front, columns - text_width(tail))) + tail


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """The text in exactly this many columns, aligned left or right."""
    short = truncate(text, columns)
    space = " " * (columns - text_width(short))
    return space + short if right else short + space


def fit_row(row: Iterable[StyledText], columns: int) -> StyledRow:
    """The row in exactly this many columns: cropped, or padded with spaces."""
    fitted: list[StyledText] = []
    free_columns = columns
    for part in row:
        size = text_width(part.text)
        if size > free_columns:
            fitted.append(StyledText(set_cell_size(part.text, free_columns), part.style))
            return tuple(fitted)
        fitted.append(part)
        free_columns -= size
    if free_columns:
        fitted.append(StyledText(" " * free_columns))
    return tuple(fitted)


def wrap_row(row: Iterable[StyledText], columns: int) -> Iterable[StyledRow]:
    """The row wrapped to this many columns, at words where possible."""
    lines: list[list[StyledText]] = [[]]
    free_columns = columns
    for part in row:
        for word in _words(part.text, columns):
            fragment = word
            if text_width(word) > free_columns and lines[-1]:
                lines.append([])
                free_columns, fragment = columns, word.lstrip(" ")
            lines[-1].append(StyledText(fragment, part.style))
            free_columns -= text_width(fragment)
    return map(tuple, lines)


def changed_spans(old: FittedRow, new: FittedRow) -> Sequence[ColumnSpan]:
    """The columns in which rows of equal width differ; none if they are equal.

    Equal columns between two differences belong to a span where there are few of them: to move the
    cursor takes as many bytes.
    """
    if old == new:
        return ()
    if old.base_styles != new.base_styles:
        return ((0, max(row_width(old.row), row_width(new.row))),)
    return _changed(old.row, new.row)


def to_strip(line: FittedRow, style_of: Callable[..., Style]) -> Strip:
    """Convert a row to a strip; for the arguments see `FittedRow.segments`."""
    return Strip(line.segments(style_of), row_width(line.row))


def restyle_span(strip: Strip, span: tuple[int, int], style: Style) -> Strip:
    """The strip with a style over a part of it, such as selected text.

    Args:
        strip: any row.
        span: characters from and to; -1: to the end of the row.
        style: what it adds replaces that of the strip.
    """
    text = strip.text
    start = cell_len(text[: span[0]])
    end = strip.cell_length if span[1] == -1 else max(start, cell_len(text[: span[1]]))
    before, inside, after = Segment.divide(strip, (start, end, strip.cell_length))
    return Strip(
        [*before, *Segment.apply_style(inside, post_style=style), *after], strip.cell_length
    )


def _changed(old: StyledRow, new: StyledRow) -> Sequence[ColumnSpan]:
    equal = _equal_prefix(old, new)
    left = row_width(new[:equal])
    tail = _equal_suffix(old[equal:], new[equal:])
    before, after = _cells(old[equal : len(old) - tail]), _cells(new[equal : len(new) - tail])
    if len(before) != len(after):
        return ((0, left + max(len(before), len(after))),)
    spans: list[ColumnSpan] = []
    for column, (old_part, new_part) in enumerate(zip(before, after, strict=True)):
        if old_part == new_part:
            continue
        start, stop = _whole_characters(before, after, column)
        if spans and left + start - spans[-1][1] < _MIN_GAP:
            spans[-1] = (spans[-1][0], left + stop)
        else:
            spans.append((left + start, left + stop))
    return spans


def _whole_characters(before: Sequence[_Cell], after: Sequence[_Cell], column: int) -> ColumnSpan:
    """The columns of the characters that stand in a column of either row."""
    start, stop = column, column + 1
    while start and not (before[start][0] and after[start][0]):
        start -= 1
    while stop < len(after) and not (before[stop][0] and after[stop][0]):
        stop += 1
    return start, stop


def _words(text: str, columns: int) -> Iterator[str]:
    """The words, each with the space before it; words longer than a line are split."""
    for number, word in enumerate(text.split(" ")):
        if text_width(word) <= columns:
            yield f" {word}" if number else word
        else:
            yield from _split_word(word, columns)


def _split_word(word: str, columns: int) -> Iterator[str]:
    """Split a long word; ids and paths break at a separator near the edge if possible."""
    while text_width(word) > columns and len(word) > 1:
        # A character wider than the line gets its own line and is cropped later.
        part = next(iter(chop_cells(word, columns)), "") or word[0]
        ends = (end for end in range(len(part), len(part) // 2, -1))
        end = next(
            (end for end in ends if word[end - 1] in "-/_" or word[end:][:1] == "-"), len(part)
        )
        yield word[:end]
        word = word[end:]
    yield word


def _equal_prefix(old: StyledRow, new: StyledRow) -> int:
    """Number of equal texts at the start that need no comparison by column.

    All equal ones except the last with a column, as a combining mark after it may differ.
    """
    last = 0
    for position, (old_part, new_part) in enumerate(zip(old, new, strict=False)):
        if old_part != new_part:
            break
        last = position if text_width(old_part.text) else last
    return last


def _equal_suffix(old: StyledRow, new: StyledRow) -> int:
    """Number of equal texts at the end."""
    pairs = zip(reversed(old), reversed(new), strict=False)
    return next(
        (count for count, (one, other) in enumerate(pairs) if one != other),
        min(len(old), len(new)),
    )


def _cells(row: StyledRow) -> list[_Cell]:
    """Text and style of each column; the second column of a wide character is empty.

    The style of a column with combining characters is that of each of them.
    """
    cells: list[_Cell] = []
    for part in row:
        text, style = part.text, part.style
        if text.isascii():
            cells.extend((character, style) for character in text)
            continue
        for character in text:
            size = text_width(character)
            if size:
                cells += [(character, style), ("", style)][:size]
            elif cells:
                base, base_style = cells[-1]
                cells[-1] = (base + character, f"{base_style}\n{style}")
    return cells
