"""Lays out a table for a terminal: the last column is cut to the remaining width."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nodion_tui.model.sanitize import sanitize

COLUMN_GAP = "  "
_MIN_LAST_WIDTH = 12
"""Minimum width of the last column; on a narrower terminal the line wraps."""


class TableCell(NamedTuple):
    """Cell of a table: text, style and alignment."""

    text: str
    style: str = ""
    """SGR parameters."""
    align_right: bool = False
    """Right-aligned, for numbers."""


def layout_table(
    headings: Sequence[str],
    rows: Sequence[Sequence[TableCell]],
    width: int,
    styled: Callable[[str, str], str],
    ellipsis: str = "…",
) -> Iterator[str]:
    """Yields the lines of the table; columns without any text are omitted.

    Args:
        headings: one per column.
        rows: at least one, each with a cell per heading.
        width: width of the terminal.
        styled: applies a style to a text.
        ellipsis: replaces the end of a truncated text.
    """
    cells = [[sanitize(cell.text) for cell in row] for row in rows]
    columns = [n for n in range(len(headings)) if any(row[n] for row in cells)]
    widths = {
        n: max(display_width(headings[n]), *(display_width(row[n]) for row in cells))
        for n in columns
    }
    last = columns[-1]
    used_width = sum(widths[n] + len(COLUMN_GAP) for n in columns[:-1])
    widths[last] = min(widths[last], max(width - used_width, _MIN_LAST_WIDTH))
    aligned = [
        _pad(headings[n], widths[n], right=rows[0][n].align_right, ellipsis=ellipsis)
        for n in columns
    ]
    yield styled(COLUMN_GAP.join(aligned).rstrip(), "2")
    for row, texts in zip(rows, cells, strict=True):
        padded = [
            _pad(texts[n], widths[n], right=row[n].align_right, ellipsis=ellipsis) for n in columns
        ]
        padded[-1] = padded[-1].rstrip()
        yield COLUMN_GAP.join(styled(padded[i], row[n].style) for i, n in enumerate(columns))


def display_width(text: str) -> int:
    """Display width of a sanitized text in terminal columns."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _pad(text: str, width: int, *, right: bool, ellipsis: str) -> str:
    text = _truncate(text, width, ellipsis)
    space = " " * (width - display_width(text))
    return space + text if right else text + space


def _truncate(text: str, width: int, ellipsis: str) -> str:
    """Truncates a text to a display width."""
    if display_width(text) <= width:
        return text
    used = len(ellipsis)
    for position, character in enumerate(text):
        used += _width(character)
        if used > width:
            return text[:position] + ellipsis
    return text
