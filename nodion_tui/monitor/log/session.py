"""One run's log session: reads the service's events into the buffer and notifies subscribers.

A session may be left and resumed at any time; it fetches only what it does not have. Every lost
connection, reconnect and end is appended to the log as a marker.
"""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import aclosing
from itertools import compress
from typing import TYPE_CHECKING

from msgspec.structs import replace

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    Heartbeat,
    HistoryRead,
    LogNotice,
    NewLines,
    RunEnded,
    RunUpdate,
    StateReceived,
    StreamLost,
    StreamOpened,
)
from nodion_tui.model.errors import NodionError
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.log_line import FinalState, ids_of
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import RunKey
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.log import state as logstate
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES, EntryKind, LogBuffer
from nodion_tui.monitor.log.finished_log import FinishedLog, FinishedLogs, run_as_ended
from nodion_tui.monitor.log.patterns.runner_patterns import NO_PATTERNS, PatternsAt, RunnerPatterns
from nodion_tui.monitor.log.session_hooks import NO_HOOKS, LogHooks, ignore
from nodion_tui.monitor.log.shown_log import Renumbering
from nodion_tui.monitor.log.source import LogSource, read_segment
from nodion_tui.monitor.log.state import LogPhase, LogState, ended_text
from nodion_tui.monitor.log.throttle import Throttle, Timers

if TYPE_CHECKING:
    from nodion_tui.monitor.log.retention import DroppedSegment

_logger = logging.getLogger(__name__)
FLUSHES_PER_SECOND = 20
_INTERVALS = {LogPhase.LOADING: 4, LogPhase.ENDED: 0}
"""While the log is being loaded, only every fourth update is sent: nobody reads along. The end
comes once and is not delayed. In other phases 1."""
_SLICE_SECONDS = 0.008
"""Seconds of work in a row before the event loop handles keys and redraws."""

Subscriber = Callable[[LogState], None]


class LogSession:
    """The log of one run.

    Args:
        key: which run.
        source: where its lines come from.
        hooks: whom it tells what it reads.
        max_bytes: memory limit, line ids included.
        patterns: line patterns of the run's runner.
        archive: keeps finished logs on disk; None: nothing does.
        per_second: maximum rate of updates.
        clock: monotonic seconds.
        timers: as in `Throttle`.
    """

    def __init__(
        self,
        key: RunKey,
        source: LogSource,
        *,
        hooks: "LogHooks[LogSession]" = NO_HOOKS,
        max_bytes: int = DEFAULT_MAX_BYTES,
        patterns: RunnerPatterns = NO_PATTERNS,
        archive: FinishedLogs | None = None,
        per_second: float = FLUSHES_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
        timers: Timers | None = None,
    ) -> None:
        self.key = key
        self.buffer = LogBuffer(max_bytes)
        self.patterns = patterns
        """Which of its lines are lit, and are stops."""
        self.state = LogState()
        """The current state; replaced, never changed."""
        self._source = source
        self._seen = LineIdSet()
        self._hooks = hooks
        self._archive = archive
        self._clock = clock
        self._resumed_lossless = True
        self._end_proved = False
        self._throttle = Throttle(per_second, timers)
        self._subscribers = Subscribers[LogState]()
        self._lines_before_loss = 0
        self._reader_count = 0
        self.open_count = 0
        """How often it is read as a log that a person has opened."""
        self._task: asyncio.Task[None] | None = None

    @property
    def bytes_held(self) -> int:
        """Memory used, in bytes, line ids included."""
        return self.buffer.bytes_held + self._seen.bytes_held

    @property
    def in_use(self) -> bool:
        """Whether the session has readers or subscribers."""
        return bool(self._reader_count or self._subscribers)

    @property
    def has_readers(self) -> bool:
        """Whether the log is being streamed."""
        return self._reader_count > 0

    def seconds_since_event(self) -> float | None:
        """Seconds since the last event of the service; None if there was none yet."""
        last_event_at = self.state.last_event_at
        return None if last_event_at is None else max(0.0, self._clock() - last_event_at)

    def seconds_until_retry(self) -> float | None:
        """Seconds until the next reconnect; None if none is scheduled."""
        retry_at = self.state.retry_at
        return None if retry_at is None else max(0.0, retry_at - self._clock())

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Call `subscriber` when entries or state change, at most 20 times a second.

        Returns:
            The function that unsubscribes.
        """
        return self._subscribers.subscribe(subscriber)

    @property
    def patterns_at(self) -> PatternsAt:
        """Returns the line patterns that apply to an entry: those of the runner."""
        patterns = self.patterns
        # Does not refer to the session, which what shows the log must not keep alive.
        return lambda _: patterns

    def subscribe_renumbering(self, _: Callable[[Renumbering], None]) -> Callable[[], None]:
        """Never calls: the entries of a run's log keep their indexes."""
        return ignore

    async def run(self, *, is_open: bool = True) -> None:
        """Read the log until its end; cancel it to leave, call it again to resume.

        Several callers may share a session: the log is read once, until the last one leaves.
        Errors are not raised but set in the state.

        Args:
            is_open: whether a person has opened the log, which is streamed whatever the budget of
                streams; False for a caller that was granted its stream.
        """
        self._reader_count += 1
        self.open_count += is_open
        self._hooks.on_reading(self)
        try:
            while self._task is not None and self._task.cancelling():
                await asyncio.wait((self._task,))
            if self._task is None:
                self._task = asyncio.get_running_loop().create_task(self._read())
                self._task.add_done_callback(self._read_ended)
            await asyncio.shield(self._task)
        finally:
            self._reader_count -= 1
            self.open_count -= is_open
            if not self._reader_count and self._task is not None:
                self._task.cancel()
            self._hooks.on_reading(self)

    async def catch_up(self) -> bool:
        """Fetch the next page of lines after the last one, without a stream.

        Returns:
            Whether there is no more for now; also True if the log is being streamed.

        Raises:
            NodionError: the request failed.
        """
        if self._is_being_read() or self.state.complete:
            return True
        page = await self._source.page(self.key, self.buffer.last_id)
        lines = page.items
        if self._is_being_read():
            return True  # A reader started meanwhile, from the same line on.
        new_lines = [*compress(lines, self._seen.add_each(ids_of(lines), starts_response=True))]
        self._hooks.on_lines(self.key, new_lines)
        self.buffer.extend(new_lines)
        if page.bad_count and new_lines:
            self.state = replace(self.state, unreadable=self.state.unreadable + page.bad_count)
        ends_at_last = not lines or lines[-1].id == self.buffer.last_id
        self._end_proved = not new_lines and ends_at_last and not page.bad_count
        self._event_received(self.state.phase if new_lines else LogPhase.LIVE)
        return not new_lines

    def end(self, final: FinalState, *, complete: bool) -> None:
        """The run has ended, and `catch_up` has read the last page, unless somebody else reads on.

        Args:
            final: how it ended.
            complete: whether no line can come any more.
        """
        if not (self._is_being_read() or self.state.complete):
            proved = self._end_proved and not self.state.gaps
            self._run_ended(RunEnded(final, complete and proved))

    async def fetch_older(self, index: int | None = None) -> bool:
        """Fetch the dropped segment at an index; without one, the one before the first retained.

        Returns:
            Whether it was restored; False if nothing is missing, or the service has it no more.

        Raises:
            NodionError: the request failed.
        """
        missing = self.buffer.dropped_segment(index)
        if missing is None:
            return False
        if self.state.from_archive and self._archive is not None:
            return await self._read_again(missing, self._archive)
        lines = await read_segment(self._source, self.key, missing)
        if lines is None:
            return False
        restored = self.buffer.restore(missing, lines)
        self._change()
        return restored

    async def read_archived(self) -> bool:
        """Read the log from the archive, without a request; False if it is not there."""
        if self.buffer.end or self._archive is None:
            return False
        log = await self._archive.read(self.key)
        if log is None or self.buffer.end:
            return False
        self.buffer.adopt(log.segments, log.last_id)
        self.state = replace(self.state, from_archive=True)
        self._run_ended(RunEnded(log.final, complete=True))
        return True

    async def _read_again(self, missing: "DroppedSegment", archive: FinishedLogs) -> bool:
        log = await archive.read(self.key)
        segments = () if log is None else log.segments
        found = [segment for segment in segments if segment.first == missing.first]
        restored = bool(found) and self.buffer.put_back(missing, found[0])
        self._change()
        return restored

    def _is_being_read(self) -> bool:
        return self._task is not None

    async def _read(self) -> None:
        if self.state.complete or await self.read_archived():
            return
        if self.state.phase is not LogPhase.LOADING:
            # An update without news would delay the first lines by a twentieth of a second.
            self._change(phase=LogPhase.LOADING, error=None)
        self._log_reading("log_opened")
        events = self._source.follow(self.key, self.buffer.last_id, self._seen)
        slice_end = self._clock() + _SLICE_SECONDS
        try:
            async with aclosing(events):
                async for event in events:
                    self._handle(event)
                    if self._clock() > slice_end:
                        await asyncio.sleep(0)
                        slice_end = self._clock() + _SLICE_SECONDS
        except NodionError as error:
            texts = (error.title, error.detail_beside(error.title))
            self.buffer.update_marker(EntryKind.NOTICE, ": ".join(filter(None, texts)))
            # The traceback refers to this session: keeping it would create a reference cycle.
            self._change(phase=LogPhase.FAILED, error=error.with_traceback(None), retry_at=None)

    def _read_ended(self, task: asyncio.Task[None]) -> None:
        if self._task is task:
            self._task = None
        self._log_reading("log_left")

    def _log_reading(self, event: str) -> None:
        if _logger.isEnabledFor(logging.INFO):
            run, state = loggable_id(self.key.run_id), self.state
            counts = (state.lines, state.reconnects, state.gaps)
            form = "%s run=%s phase=%s lines=%d reconnects=%d gaps=%d"
            _logger.info(form, event, run, state.phase.value, *counts)

    def _handle(self, event: FollowEvent) -> None:
        match event:
            case NewLines(lines=lines, live=live):
                if not self.buffer.lines:
                    self._hooks.on_first_line(self.key)
                self._hooks.on_lines(self.key, lines)
                self.buffer.extend(lines)
                self._event_received(LogPhase.LIVE if live else self.state.phase)
            case Heartbeat():
                # Not published: screens compute the time since the last event themselves.
                self.state = replace(self.state, last_event_at=self._clock())
            case LogNotice(text=text, line_missing=line_missing, of_end=False):
                self.buffer.append_marker(EntryKind.NOTICE, text)
                self._change(unreadable=self.state.unreadable + line_missing)
            case RunUpdate(run=run):
                self._event_received(self.state.phase)
                self._hooks.on_run(run)
            case StateReceived(state=final):
                self._hooks.on_end(self.key, final)
            case HistoryRead():
                self._event_received(LogPhase.LIVE)
            case RunEnded():
                self._run_ended(event)
            case _:
                self._handle_connection(event)

    def _handle_connection(self, event: FollowEvent) -> None:
        match event:
            case StreamOpened(lossless=lossless):
                self._stream_opened(lossless=lossless)
            case CaughtUp():
                self._caught_up()
            case StreamLost():
                self._stream_lost(event)

    def _stream_opened(self, *, lossless: bool) -> None:
        if self.state.phase is not LogPhase.RECONNECTING:
            self._event_received(self.state.phase)
            return
        self._resumed_lossless = lossless
        gaps = self.state.gaps + (not lossless)
        self.state = replace(self.state, reconnects=self.state.reconnects + 1, gaps=gaps)
        self._event_received(LogPhase.CATCHING_UP)

    def _caught_up(self) -> None:
        if self.state.phase is not LogPhase.CATCHING_UP:
            return
        missed = self.buffer.lines - self._lines_before_loss
        text = logstate.resumed_text(missed, lossless=self._resumed_lossless)
        self.buffer.append_marker(EntryKind.RESUMED, text)
        self._event_received(LogPhase.LIVE)

    def _stream_lost(self, event: StreamLost) -> None:
        if self.state.phase not in {LogPhase.RECONNECTING, LogPhase.CATCHING_UP}:
            self._lines_before_loss = self.buffer.lines
        text = logstate.interrupted_text(event.reason)
        self.buffer.update_marker(EntryKind.LOST, text)
        self._change(
            phase=LogPhase.RECONNECTING,
            retry_at=self._clock() + event.retry_in,
            attempt=event.attempt,
            reason=event.reason,
        )

    def _run_ended(self, event: RunEnded) -> None:
        complete = event.complete and not self.state.unreadable
        runner, lines = self._hooks.runner_of(self.key.runner_id), self.buffer.lines
        why = event.unproved
        text = ended_text(event.state, lines, complete=complete, unproved=why, runner=runner)
        self.buffer.update_marker(EntryKind.ENDED, text, event.state.completed_at)
        self.state = replace(self.state, complete=complete, unproved=bool(why), final=event.state)
        if complete:
            self._seen = LineIdSet()  # No line comes any more that could be a duplicate.
        self._event_received(LogPhase.ENDED)
        self._hooks.on_end(self.key, event.state)
        self._keep(event.state)

    def _keep(self, final: FinalState) -> None:
        """Hand a log of which nothing is missing to the archive."""
        state, archive = self.state, self._archive
        if archive is not None and state.complete and not (state.from_archive or state.dropped):
            run = run_as_ended(self._hooks.run_of(self.key), self.key, final)
            archive.keep(FinishedLog.of(run, self.buffer))

    def _event_received(self, phase: LogPhase) -> None:
        waiting = phase is LogPhase.RECONNECTING
        self._change(
            phase=phase,
            last_event_at=self._clock(),
            retry_at=self.state.retry_at if waiting else None,
            attempt=self.state.attempt if waiting else 0,
            reason=self.state.reason if waiting else "",
        )

    def _change(self, **changes: object) -> None:
        self.buffer.reserve(self._seen.bytes_held)
        self.state = replace(
            self.state, lines=self.buffer.lines, dropped=self.buffer.dropped, **changes
        )
        self._throttle.schedule(self._flush, _INTERVALS.get(self.state.phase, 1))

    def _flush(self) -> None:
        self._hooks.on_flush(self)
        self._subscribers.notify(self.state)
