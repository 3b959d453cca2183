"""Two logs side by side, aligned by their text: times, ids and numbers are ignored.

comparison = await compare_logs(failed.buffer, last_good.buffer)
for row in range(len(comparison)):
    left, right, same = comparison.row(row)     # indexes into the two buffers
"""

import asyncio
import threading
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

import regex

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.compare.diff import DiffBlock, diff
from nodion_tui.monitor.log.compare.normalize import normalize, normalized_lines
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.work_stopped import WorkStopped

MAX_LINES = 200_000
"""Lines of each log that are compared: the last ones, as errors are near the end."""
_WORD = regex.compile(r"\w+|\s+|[^\w\s]")
_MAX_WORDS = 400

Spans = list[tuple[int, int]]


class CompareRow(NamedTuple):
    """One row of two columns."""

    left: int | None
    """Index in the left buffer; None if the right line has no counterpart."""
    right: int | None
    same: bool
    """Whether both lines are equal, normalized."""


class ComparedSide(NamedTuple):
    """The compared lines of one log."""

    indexes: "array[int]"
    """Index in the buffer of each compared line."""
    skipped_lines: int
    """Earlier lines that were not compared: too many, or not in memory."""


class Comparison:
    """The aligned lines of two logs, as rows; the blocks have positions in the two sides."""

    def __init__(
        self, left: ComparedSide, right: ComparedSide, blocks: Sequence[DiffBlock]
    ) -> None:
        self.left = left
        self.right = right
        self._blocks = blocks
        heights = [max(len(block.left), len(block.right)) for block in blocks]
        self._starts = list(accumulate(heights, initial=0))
        self._changes = [
            start for start, block in zip(self._starts, blocks, strict=False) if not block.same
        ]

    def __len__(self) -> int:
        return self._starts[-1]

    @property
    def change_count(self) -> int:
        """Number of differing blocks; 0: no differences."""
        return len(self._changes)

    @property
    def same_lines(self) -> int:
        """Lines that are equal in both."""
        return sum(len(block.left) for block in self._blocks if block.same)

    def row(self, row: int) -> CompareRow:
        """The content of a row.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = bisect_right(self._starts, row) - 1
        block, offset = self._blocks[number], row - self._starts[number]
        return CompareRow(
            _index_at(self.left.indexes, block.left, offset),
            _index_at(self.right.indexes, block.right, offset),
            block.same,
        )

    def next_change(self, row: int) -> int | None:
        """The first row after this one at which a difference begins."""
        position = bisect_right(self._changes, row)
        return self._changes[position] if position < len(self._changes) else None

    def change_number(self, row: int) -> int:
        """Number of the difference at a row, from 1; elsewhere that of the last one before it."""
        return bisect_right(self._changes, row)

    def previous_change(self, row: int) -> int | None:
        """The last row before this one at which a difference begins."""
        position = bisect_left(self._changes, row)
        return self._changes[position - 1] if position else None


async def compare_logs(left: LogBuffer, right: LogBuffer, max_lines: int = MAX_LINES) -> Comparison:
    """Align the lines in memory of two logs, in a thread; cancel it to abort."""
    stop = threading.Event()
    sides = [(buffer.snapshot(), buffer.lines) for buffer in (left, right)]
    try:
        return await asyncio.to_thread(_compare, sides, max_lines, stop.is_set)
    finally:
        stop.set()


def differing_words(left: str, right: str, *, exact: bool = False) -> tuple[Spans, Spans]:
    """The words that differ between two aligned lines, normalized unless `exact`.

    Returns:
        (start, end) of each range on the left, and on the right.
    """
    left_words, right_words = _words(left, exact=exact), _words(right, exact=exact)
    matcher = SequenceMatcher(
        None, [word[2] for word in left_words], [word[2] for word in right_words], autojunk=False
    )
    spans: tuple[Spans, Spans] = ([], [])
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag != "equal":
            if a < a_end:
                spans[0].append((left_words[a][0], left_words[a_end - 1][1]))
            if b < b_end:
                spans[1].append((right_words[b][0], right_words[b_end - 1][1]))
    return spans


def _compare(
    sides: Sequence[tuple[tuple[LogSegment, ...], int]],
    most_lines: int,
    stopped: Callable[[], bool],
) -> Comparison:
    line_numbers: dict[str, int] = {}
    (left, left_lines), (right, right_lines) = (
        _read_side(segments, lines, most_lines, line_numbers, stopped) for segments, lines in sides
    )
    return Comparison(left, right, diff(left_lines, right_lines, stopped))


def _read_side(
    segments: tuple[LogSegment, ...],
    lines: int,
    most_lines: int,
    line_numbers: dict[str, int],
    stopped: Callable[[], bool],
) -> tuple[ComparedSide, "array[int]"]:
    """The last lines, and for each a number that is equal for lines of equal normalized text."""
    indexes, normalized = array("q"), array("q")
    for segment in _last_segments(segments, most_lines):
        if stopped():
            raise WorkStopped
        markers = set(segment.markers)
        for position, text in enumerate(normalized_lines(segment)):
            if position not in markers:
                indexes.append(segment.first + position)
                normalized.append(line_numbers.setdefault(text, len(line_numbers)))
    cut = max(0, len(indexes) - most_lines)
    return ComparedSide(indexes[cut:], lines - len(indexes) + cut), normalized[cut:]


def _last_segments(segments: tuple[LogSegment, ...], most_lines: int) -> list[LogSegment]:
    """As many segments from the end as contain this many lines."""
    chosen: list[LogSegment] = []
    lines = 0
    for segment in reversed(segments):
        if lines >= most_lines:
            break
        chosen.append(segment)
        lines += segment.lines
    return chosen[::-1]


def _index_at(indexes: "array[int]", positions: range, offset: int) -> int | None:
    return indexes[positions.start + offset] if offset < len(positions) else None


def _words(line: str, *, exact: bool) -> list[tuple[int, int, str]]:
    """Start, end and text of each word, normalized unless `exact`.

    The rest of a long line is one word.
    """
    words: list[tuple[int, int, str]] = []
    for token in _WORD.finditer(line):
        if len(words) == _MAX_WORDS:
            words.append((token.start(), len(line), line[token.start() :]))
            break
        word = token.group() if exact else normalize(token.group())
        words.append((token.start(), token.end(), word))
    return words
