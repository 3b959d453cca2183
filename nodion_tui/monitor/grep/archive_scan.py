"""Searches archived logs in threads: a few megabytes in each turn, of one log or of many."""

import threading
from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.archive.blocks import BLOCK_BYTES
from nodion_tui.monitor.grep.hits import LogHits
from nodion_tui.monitor.log.search.query import Matcher
from nodion_tui.monitor.log.search.scan import scan_segment
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.work_stopped import WorkStopped

if TYPE_CHECKING:
    from nodion_tui.monitor.archive.log_archive import ArchivedLog, LogArchive

TURN_BYTES = 8 * BLOCK_BYTES
"""Text that a thread searches in a turn, so that all threads have work and results come soon."""


class LogPart(NamedTuple):
    """Some blocks of a log."""

    log: "ArchivedLog"
    blocks: range
    part_count: int
    """Number of parts of the log."""


def turns(logs: "Sequence[ArchivedLog]") -> Iterator[list[LogPart]]:
    """The logs cut and joined to turns, in order."""
    turn: list[LogPart] = []
    size = 0
    for log in logs:
        step = TURN_BYTES // BLOCK_BYTES
        count = max(1, -(-log.blocks // step))
        for first in range(0, max(log.blocks, 1), step):
            blocks = range(first, min(first + step, log.blocks))
            part_size = log.text_bytes * len(blocks) // max(log.blocks, 1)
            if turn and size + part_size > TURN_BYTES:
                yield turn
                turn, size = [], 0
            turn.append(LogPart(log, blocks, count))
            size += part_size
    if turn:
        yield turn


def scan_turn(
    archive: "LogArchive",
    parts: Sequence[LogPart],
    matchers: Sequence[Matcher],
    stop: threading.Event,
) -> "list[list[array[int]]]":
    """In a thread: for each part and each matcher the indexes of the matching lines.

    Raises:
        ArchiveFault: the archive or a log cannot be read.
        PatternTooSlow: a pattern takes too long on one line.
        WorkStopped: `stop` is set.
    """
    with archive.reader() as read:
        return [scan_segments(read(part.log, part.blocks), matchers, stop) for part in parts]


def scan_segments(
    segments: Iterator[LogSegment] | Sequence[LogSegment],
    matchers: Sequence[Matcher],
    stop: threading.Event,
) -> "list[array[int]]":
    """In a thread: for each matcher the indexes of the matching lines; raises as `scan_turn`."""
    found = [array("q") for _ in matchers]
    for segment in segments:
        if stop.is_set():
            raise WorkStopped
        for indexes, matcher in zip(found, matchers, strict=True):
            positions = scan_segment(segment, (matcher,), stop.is_set)
            indexes.extend([segment.first + position for position in positions])
    return found


class JoinedParts:
    """Joins the parts of logs, whatever order they come in.

    Args:
        add: called with each log of which all parts are there.
        add_unreadable: called with each log of which a part cannot be read.
    """

    def __init__(
        self, add: Callable[[LogHits], None], add_unreadable: Callable[[RunKey], None]
    ) -> None:
        self._add = add
        self._add_unreadable = add_unreadable
        self._parts: dict[RunKey, dict[int, list[array[int]] | None]] = {}

    def add(self, part: LogPart, indexes: "list[array[int]] | None") -> None:
        """Add a part; None if it cannot be read."""
        log = part.log
        parts = self._parts.setdefault(log.key, {})
        parts[part.blocks.start] = indexes
        if len(parts) < part.part_count:
            return
        del self._parts[log.key]
        in_order = [parts[first] for first in sorted(parts)]
        whole = [found for found in in_order if found is not None]
        if len(whole) < len(in_order):
            self._add_unreadable(log.key)
            return
        joined = [array("q") for _ in whole[0]]
        for found in whole:
            for each, more in zip(joined, found, strict=True):
                each.extend(more)
        self._add(LogHits(log.key, log.lines, joined))
