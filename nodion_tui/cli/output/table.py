"""A table that fits a terminal: columns as wide as their cells, the last one takes what is left."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nodion_tui.model.sanitize import sanitize

COLUMN_GAP = "  "
_LEAST = 12
"""Columns that the last column keeps on a narrow terminal; the line then wraps."""


class TableCell(NamedTuple):
    """One value of a row."""

    text: str
    style: str = ""
    """SGR parameters."""
    align_right: bool = False
    """Numbers stand on the right."""


def layout_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[TableCell]],
    width: int,
    paint: Callable[[str, str], str],
    more: str = "…",
) -> Iterator[str]:
    """The lines of the table; a column in which every cell is empty is left out.

    Args:
        headings: one for each column.
        rows: at least one, each with a cell for every heading.
        width: columns of the terminal.
        paint: puts a text in a look.
        more: what stands where a text was cut.
    """
    cells = [[sanitize(cell.text) for cell in row] for row in rows]
    kept = [n for n in range(len(headings)) if any(row[n] for row in cells)]
    widths = {
        n: max(display_width(headings[n]), *(display_width(row[n]) for row in cells)) for n in kept
    }
    last = kept[-1]
    taken = sum(widths[n] + len(COLUMN_GAP) for n in kept[:-1])
    widths[last] = min(widths[last], max(width - taken, _LEAST))
    aligned = [_pad(headings[n], widths[n], right=rows[0][n].align_right, more=more) for n in kept]
    yield paint(COLUMN_GAP.join(aligned).rstrip(), "2")
    for row, texts in zip(rows, cells, strict=True):
        padded = [_pad(texts[n], widths[n], right=row[n].align_right, more=more) for n in kept]
        padded[-1] = padded[-1].rstrip()
        yield COLUMN_GAP.join(paint(padded[i], row[n].style) for i, n in enumerate(kept))


def display_width(text: str) -> int:
    """How many columns of a terminal a cleaned text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _pad(text: str, width: int, *, right: bool, more: str) -> str:
    text = _cut(text, width, more)
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def _cut(text: str, width: int, more: str) -> str:
    """The text in at most so many columns."""
    if display_width(text) <= width:
        return text
    used = len(more)
    for position, character in enumerate(text):
        used += _width(character)
        if used > width:
            return text[:position] + more
    return text
