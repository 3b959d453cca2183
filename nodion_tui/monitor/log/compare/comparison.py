"""Two logs side by side, aligned by what they say: times, ids and numbers play no part.

comparison = await compare(failed.buffer, last_good.buffer)
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
from nodion_tui.monitor.log.search.background_scan import WorkStopped
from nodion_tui.monitor.log.segment import LogSegment

MAX_LINES = 200_000
"""Lines of each log that are compared: the last so many, for that is where it went wrong."""
_TOKENS = regex.compile(r"\w+|\s+|[^\w\s]")
_MOST_TOKENS = 400

Spans = list[tuple[int, int]]


class CompareRow(NamedTuple):
    """One row of two columns."""

    left: int | None
    """Index in the left buffer; None where there is nothing to set beside the right line."""
    right: int | None
    same: bool
    """Whether both say the same, masked."""


class ComparedSide(NamedTuple):
    """What was compared of one log."""

    indexes: "array[int]"
    """Index in the buffer of each line compared."""
    skipped_lines: int
    """Lines before them that were not compared, being too many or not held."""


class Comparison:
    """The aligned lines of two logs, as rows.

    Args:
        left: what was compared of the left log.
        right: and of the right one.
        blocks: how their lines are aligned, by position in the sides.
    """

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
        """How many stretches differ; 0: the logs say the same."""
        return len(self._changes)

    @property
    def same_lines(self) -> int:
        """Lines that are the same in both."""
        return sum(len(block.left) for block in self._blocks if block.same)

    def row(self, row: int) -> CompareRow:
        """What stands in a row.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= row < len(self):
            raise IndexError(row)
        number = bisect_right(self._starts, row) - 1
        block, offset = self._blocks[number], row - self._starts[number]
        return CompareRow(
            _at(self.left.indexes, block.left, offset),
            _at(self.right.indexes, block.right, offset),
            block.same,
        )

    def next_change(self, row: int) -> int | None:
        """The first row after this one at which a difference begins."""
        place = bisect_right(self._changes, row)
        return self._changes[place] if place < len(self._changes) else None

    def change_number(self, row: int) -> int:
        """Which difference a row is in, from 1; elsewhere which is the last one before it."""
        return bisect_right(self._changes, row)

    def previous_change(self, row: int) -> int | None:
        """The last row before this one at which a difference begins."""
        place = bisect_left(self._changes, row)
        return self._changes[place - 1] if place else None


async def compare_logs(left: LogBuffer, right: LogBuffer, max_lines: int = MAX_LINES) -> Comparison:
    """Align what is held of two logs now, in a thread; cancel it to give up."""
    stop = threading.Event()
    sides = [(buffer.snapshot(), buffer.lines) for buffer in (left, right)]
    try:
        return await asyncio.to_thread(_compare, sides, max_lines, stop.is_set)
    finally:
        stop.set()


def differing_words(left: str, right: str) -> tuple[Spans, Spans]:
    """What to light in two different lines set side by side: the words that differ, masked.

    Returns:
        (start, end) of each stretch on the left, and on the right.
    """
    lefts, rights = _words(left), _words(right)
    matcher = SequenceMatcher(None, [w[2] for w in lefts], [w[2] for w in rights], autojunk=False)
    spans: tuple[Spans, Spans] = ([], [])
    for tag, a, a_end, b, b_end in matcher.get_opcodes():
        if tag != "equal":
            if a < a_end:
                spans[0].append((lefts[a][0], lefts[a_end - 1][1]))
            if b < b_end:
                spans[1].append((rights[b][0], rights[b_end - 1][1]))
    return spans


def _compare(
    sides: Sequence[tuple[tuple[LogSegment, ...], int]],
    most_lines: int,
    stopped: Callable[[], bool],
) -> Comparison:
    known: dict[str, int] = {}
    (left, left_says), (right, right_says) = (
        _read(segments, lines, most_lines, known, stopped) for segments, lines in sides
    )
    return Comparison(left, right, diff(left_says, right_says, stopped))


def _read(
    segments: tuple[LogSegment, ...],
    lines: int,
    most_lines: int,
    known: dict[str, int],
    stopped: Callable[[], bool],
) -> tuple[ComparedSide, "array[int]"]:
    """The last lines, and for each a number that is the same for lines that say the same."""
    indexes, says = array("q"), array("q")
    for segment in _last(segments, most_lines):
        if stopped():
            raise WorkStopped
        marks = set(segment.marks)
        for position, text in enumerate(normalized_lines(segment)):
            if position not in marks:
                indexes.append(segment.first + position)
                says.append(known.setdefault(text, len(known)))
    cut = max(0, len(indexes) - most_lines)
    return ComparedSide(indexes[cut:], lines - len(indexes) + cut), says[cut:]


def _last(segments: tuple[LogSegment, ...], most_lines: int) -> list[LogSegment]:
    """As many segments from the end as hold so many lines."""
    chosen: list[LogSegment] = []
    lines = 0
    for segment in reversed(segments):
        if lines >= most_lines:
            break
        chosen.append(segment)
        lines += segment.lines
    return chosen[::-1]


def _at(indexes: "array[int]", span: range, offset: int) -> int | None:
    return indexes[span.start + offset] if offset < len(span) else None


def _words(line: str) -> list[tuple[int, int, str]]:
    """Start, end and masked text of each word; the rest of a long line is one word."""
    words: list[tuple[int, int, str]] = []
    for found in _TOKENS.finditer(line):
        if len(words) == _MOST_TOKENS:
            words.append((found.start(), len(line), line[found.start() :]))
            break
        words.append((found.start(), found.end(), normalize(found.group())))
    return words
