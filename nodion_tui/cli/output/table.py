"""Lays out a table for a terminal: the last column is cut to the remaining width."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from nodion_tui.model.text.sanitize import sanitize

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
    """Yields the lines of a table for a terminal; columns without any text are omitted.

    Each row has a cell per heading, and there is at least one. `styled` applies a style to a text.
    """
    from rich.cells import cell_len  # noqa: PLC0415  # for a terminal only

    cells = [[sanitize(cell.text) for cell in row] for row in rows]
    columns = [n for n in range(len(headings)) if any(row[n] for row in cells)]
    widths = {n: max(cell_len(headings[n]), *(cell_len(row[n]) for row in cells)) for n in columns}
    last = columns[-1]
    used_width = sum(widths[n] + len(COLUMN_GAP) for n in columns[:-1])
    widths[last] = min(widths[last], max(width - used_width, _MIN_LAST_WIDTH))
    aligned = [
        _fit(headings[n], widths[n], right=rows[0][n].align_right, ellipsis=ellipsis)
        for n in columns
    ]
    yield styled(COLUMN_GAP.join(aligned).rstrip(), "2")
    for row, texts in zip(rows, cells, strict=True):
        padded = [
            _fit(texts[n], widths[n], right=row[n].align_right, ellipsis=ellipsis) for n in columns
        ]
        padded[-1] = padded[-1].rstrip()
        yield COLUMN_GAP.join(styled(padded[i], row[n].style) for i, n in enumerate(columns))


def _fit(text: str, width: int, *, right: bool, ellipsis: str) -> str:
    """Pads or truncates a sanitized text to a width in terminal columns."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415  # for a terminal only

    if cell_len(text) > width:
        text = set_cell_size(text, width - len(ellipsis)) + ellipsis
    return " " * (width - cell_len(text)) + text if right else set_cell_size(text, width)
