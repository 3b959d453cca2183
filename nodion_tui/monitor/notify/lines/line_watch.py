"""Holds the patterns that tell against all live lines, off the event loop.

Where a batch of lines arrives, each pattern that the run has not matched yet looks for a text that
its matches contain, which takes a tenth of a microsecond a line. Only lines that may match are held
against the expression, in a thread, and that thread rests longer than it works.
"""

import asyncio
import logging
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import RunKey
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log.patterns.pattern_book import PatternBook
from nodion_tui.monitor.notify.lines.line_match import LineMatch, pattern_digest
from nodion_tui.monitor.notify.lines.minute_limit import MinuteLimit
from nodion_tui.monitor.notify.lines.watched_run import WatchedRun
from nodion_tui.monitor.storage.told_lines import ToldLines

if TYPE_CHECKING:
    from nodion_tui.monitor.log.patterns.compiled_pattern import CompiledPattern
    from nodion_tui.monitor.notify.lines.line_scan import Candidates, ScanResult

_logger = logging.getLogger(__name__)

REST = 3
"""The thread rests this many times as long as it has worked: a quarter of a core at most."""
LEAST_REST = 0.02
"""Seconds; waking the thread has a price, too."""
MAX_SCANNED = 1024 * 1024
"""Characters of lines that are held against patterns at once, and one batch."""
MAX_WAITING = 16 * 1024 * 1024
"""Characters of lines that wait for the thread; further ones are not held against patterns."""
MAX_RUNS = 1000
"""Runs whose patterns are remembered; those that wrote longest ago are forgotten first."""
MAX_TOLD = 10_000
"""Pairs of pattern and run that are not told again, beside those on disk."""


class LineWatch:
    """Tells subscribers the first live line of each run that matches a pattern.

    Args:
        book: the patterns.
        is_read: returns whether a view reads the log of a run.
        server_now: the clock of the service of a runner id.
        told: what was told before this start; None: nothing is kept.
        service_key: returns the key of a run as the service knows it, which is kept.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        book: PatternBook,
        *,
        is_read: Callable[[RunKey], bool],
        server_now: Callable[[str], datetime],
        told: ToldLines | None = None,
        service_key: Callable[[RunKey], RunKey] = lambda key: key,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._book = book
        self._is_read = is_read
        self._server_now = server_now
        self._memory = told
        self._service_key = service_key
        self._clock = clock
        self._runs: OrderedDict[RunKey, WatchedRun] = OrderedDict()
        self._told: dict[tuple[str, RunKey], None] = {}
        self._waiting: deque[Candidates] = deque()
        self._waiting_size = 0
        self._wake = asyncio.Event()
        self._limit = MinuteLimit(clock)
        self._subscribers = Subscribers[LineMatch]()
        self._slow: list[LinePattern] = []
        self.skipped = 0
        """Lines that were not held against patterns, as too many waited."""

    @property
    def is_needed(self) -> bool:
        """Whether any pattern tells."""
        return any(pattern.tells for pattern in self._book.patterns)

    def subscribe(self, subscriber: Callable[[LineMatch], None]) -> Callable[[], None]:
        """Call `subscriber` with each match that is told; returns what unsubscribes."""
        return self._subscribers.subscribe(subscriber)

    def begin_reading(self, key: RunKey) -> None:
        """A view reads the log of a run from now on, if none did before."""
        run = self._run(key)
        if run.read_since is None:
            run.read_since = self._server_now(key.runner_id)

    def take(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """The next live lines of a run."""
        # On demand, as below: without patterns nothing is scanned.
        from nodion_tui.monitor.notify.lines.line_scan import Candidates  # noqa: PLC0415

        run = self._run(key)
        is_read = self._is_read(key)
        if is_read and run.read_since is None:
            run.read_since = self._server_now(key.runner_id)
        for group, size, patterns in run.candidates(lines, is_read=is_read):
            if self._waiting_size + size > MAX_WAITING and self._waiting:
                self.skipped += len(group)
                continue
            self._waiting.append(Candidates(key, group, size, patterns))
            self._waiting_size += size
            self._wake.set()

    def take_slow(self) -> list[LinePattern]:
        """The patterns that were given up for a run since the last call, as they take too long."""
        slow, self._slow = self._slow, []
        return list(dict.fromkeys(slow))

    async def run(self) -> None:
        """Hold what waits against the patterns, until cancelled."""
        while True:
            self._wake.clear()
            while self._waiting:
                await self._scan(self._next())
            for match in self._limit.release():
                self._subscribers.notify(match)
            if not self._waiting:
                await self._rest(self._limit.seconds_until_release())

    async def _rest(self, seconds: float | None) -> None:
        """Wait for lines, or for this time."""
        try:
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        except TimeoutError:
            return

    def _next(self) -> "Candidates":
        """The lines that wait for longest, with those of the same run that follow them."""
        first = self._waiting.popleft()
        lines, size = list(first.lines), first.size
        while self._waiting and size < MAX_SCANNED:
            following = self._waiting[0]
            if (following.key, following.patterns) != (first.key, first.patterns):
                break
            lines += self._waiting.popleft().lines
            size += following.size
        return first._replace(lines=lines, size=size)

    async def _scan(self, candidates: "Candidates") -> None:
        from nodion_tui.monitor.notify.lines.line_scan import scan_candidates  # noqa: PLC0415

        run = self._run(candidates.key)
        self._waiting_size -= candidates.size
        patterns = tuple(each for each in candidates.patterns if run.has(each))
        if not patterns:
            return
        began = self._clock()
        results = await asyncio.to_thread(scan_candidates, candidates._replace(patterns=patterns))
        rest = max(LEAST_REST, REST * (self._clock() - began))
        for result in results:
            await self._conclude(candidates.key, run, result)
        await asyncio.sleep(rest)

    async def _conclude(self, key: RunKey, run: WatchedRun, result: "ScanResult") -> None:
        from nodion_tui.monitor.notify.lines.line_scan import told_text  # noqa: PLC0415

        pattern = result.pattern.pattern
        if result.is_slow and run.drop(result.pattern):
            self._slow.append(pattern)
        if result.line is None or not run.drop(result.pattern):
            return
        if await self._claim(pattern, key):
            at = result.line.created_at or self._server_now(key.runner_id)
            match = LineMatch(pattern, key, told_text(result.line), at)
            if self._limit.passes(match):
                self._subscribers.notify(match)

    async def _claim(self, pattern: LinePattern, key: RunKey) -> bool:
        """Whether nobody has told this pattern of this run; nobody else will."""
        pair = (pattern_digest(pattern), key)
        if pair in self._told:
            return False
        self._told[pair] = None
        if len(self._told) > MAX_TOLD:
            del self._told[next(iter(self._told))]
        if self._memory is None:
            return True
        try:
            at, kept_key = self._server_now(key.runner_id), self._service_key(key)
            return await asyncio.to_thread(self._memory.claim, pair[0], kept_key, at)
        except OSError as error:
            # An alarm that comes twice is better than none.
            form = "told_lines state=unsaved run=%s error=%s"
            _logger.warning(form, loggable_id(key.run_id), type(error).__name__)
            return True

    def _run(self, key: RunKey) -> WatchedRun:
        run = self._runs.get(key)
        if run is None:
            run = self._runs[key] = WatchedRun(self._patterns(key))
            if len(self._runs) > MAX_RUNS:
                self._runs.popitem(last=False)
        else:
            self._runs.move_to_end(key)
        return run

    def _patterns(self, key: RunKey) -> "list[CompiledPattern]":
        return [
            each
            for each in self._book.of(key.runner_id).applicable()
            if each.pattern.tells and (pattern_digest(each.pattern), key) not in self._told
        ]
