"""What two runs executed, as rows above their compared logs."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from nodion_tui.model.run_difference import RunComparison, RunDifference
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.paint.styled_row import StyledText, row_text, wrap_row

_CONTEXT = 12
"""Characters before the first difference that are kept of a long common beginning."""

_INDENT = "   "
"""Before a row in which a text goes on."""


class ExecutedRow(NamedTuple):
    """One row: two halves that differ, or a text across both."""

    left: str | None = None
    right: str | None = None
    text: str = ""


def executed_rows(comparison: RunComparison) -> Sequence[ExecutedRow]:
    """The differences, what is equal in one row, and what is not known."""
    return (
        ExecutedRow(text="── what was run ──"),
        *map(_difference, comparison.differences),
        *_texts(comparison),
        ExecutedRow(text="── logs ──"),
    )


def wrapped_rows(rows: Sequence[ExecutedRow], columns: int) -> Sequence[ExecutedRow]:
    """The rows in this many columns: a text across both halves goes on in the next row."""
    return [part for row in rows for part in _wrapped(row, columns)]


def _wrapped(row: ExecutedRow, columns: int) -> Iterator[ExecutedRow]:
    if not row.text or columns <= len(_INDENT):
        yield row
        return
    begin = ""
    for line in wrap_row((StyledText(sanitize(row.text)),), columns - len(_INDENT)):
        yield ExecutedRow(text=begin + row_text(line))
        begin = _INDENT


def _difference(difference: RunDifference) -> ExecutedRow:
    name, older, newer = difference
    if older is not None and newer is not None:
        older, newer = _shortened(older, newer)
    return ExecutedRow(
        None if older is None else f"{name}: {older}", None if newer is None else f"{name}: {newer}"
    )


def _texts(comparison: RunComparison) -> Iterator[ExecutedRow]:
    if comparison.equal:
        yield ExecutedRow(text=f" equal: {', '.join(comparison.equal)}")
    for note in comparison.notes:
        yield ExecutedRow(text=f" {note}")


def _shortened(older: str, newer: str) -> tuple[str, str]:
    """Both without most of a long common beginning, so that a half shows what differs."""
    pairs = enumerate(zip(older, newer, strict=False))
    start = next((at for at, (old, new) in pairs if old != new), min(len(older), len(newer)))
    start -= _CONTEXT
    if start <= _CONTEXT or older == newer:
        return older, newer
    return f"…{older[start:]}", f"…{newer[start:]}"
