"""Converts places in a line's shown text into columns of the screen, and back."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rich.cells import cell_len, split_graphemes

from nodion_tui.model.text.sanitize import sanitize

_PERHAPS_WIDE = re.compile("[\u1100-\U0010ffff]")
"""No character before Hangul has two columns."""


class CellRun(NamedTuple):
    """Shown text in adjacent columns."""

    text: str
    left: int
    """First column."""
    right: int
    """Column after the last."""
    single: bool
    """Whether each character has one column."""


class TextColumns:
    """The shown text of some columns of a line; characters that are partly within are whole.

    Args:
        runs: adjacent, from left to right.
        start: first column.
        end: column after the last.
    """

    def __init__(self, runs: Sequence[CellRun], start: int, end: int) -> None:
        self._runs = [part for run in runs if (part := _within(run, start, end)).text]
        self._offsets: list[int] = []
        """The offset after each run."""
        length = 0
        for run in self._runs:
            length += len(run.text)
            self._offsets.append(length)
        self.text = "".join(run.text for run in self._runs)

    @property
    def span(self) -> tuple[int, int]:
        """The first column, and the column after the last; equal without text."""
        return (self._runs[0].left, self._runs[-1].right) if self._runs else (0, 0)

    def column(self, offset: int) -> int:
        """The column of the character at an offset in the text; at its end the column after it."""
        number = bisect_right(self._offsets, offset)
        if number == len(self._runs):
            return self.span[1]
        run = self._runs[number]
        inside = offset - (self._offsets[number - 1] if number else 0)
        return run.left + (inside if run.single else _drawn_width(run.text[:inside]))


def perhaps_wide(text: str) -> bool:
    """Whether a character of a text may have two columns; a quick check."""
    return _PERHAPS_WIDE.search(text) is not None


def _within(run: CellRun, start: int, end: int) -> CellRun:
    """The part of a run that touches the columns from `start` to `end`."""
    if start <= run.left and run.right <= end:
        return run
    if run.single:
        left, right = max(start, run.left), min(end, run.right)
        return CellRun(run.text[left - run.left : right - run.left], left, right, single=True)
    if run.text == "\t":
        return run
    clusters = list(_clusters(run))
    rights = [cluster.right for cluster in clusters]
    first = bisect_right(rights, start)
    stop = bisect_left([cluster.left for cluster in clusters], end)
    touched = clusters[first:stop]
    text = "".join(cluster.text for cluster in touched)
    left = touched[0].left if touched else run.right
    return CellRun(text, left, touched[-1].right if touched else left, single=False)


def _clusters(run: CellRun) -> Iterator[CellRun]:
    """The grapheme clusters of a run."""
    left = run.left
    for start, stop, _ in split_graphemes(run.text)[0]:
        text = run.text[start:stop]
        right = left + _drawn_width(text)
        yield CellRun(text, left, right, single=False)
        left = right


def _drawn_width(text: str) -> int:
    """The columns of a text as it is drawn."""
    return cell_len(sanitize(text))
