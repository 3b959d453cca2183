"""One run's log as it is read: what the service sends goes into the buffer, and who looks is told.

A session may be left and come back to at any time; it asks only for what it does not have. Every
loss, return and end becomes a mark in the log.
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
    FollowEvent,
    Heartbeat,
    HistoryRead,
    LogNotice,
    NewLines,
    RunEnded,
    RunUpdate,
    StreamLost,
    StreamOpened,
)
from nodion_tui.model.errors import NodionError
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log import state as logstate
from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES, EntryKind, LogBuffer
from nodion_tui.monitor.log.source import LogSource
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.log.throttle import Throttle, Timers

if TYPE_CHECKING:
    from nodion_tui.model.log_line import FinalState, LogLine

_logger = logging.getLogger(__name__)
FLUSHES_PER_SECOND = 20
_WHILE_LOADING = 4
"""Of a log that is being read from its start nobody reads along: a flush in so many is enough."""
_SLICE = 0.008
"""Seconds of work in a row before keys and repaints get their turn."""

Subscriber = Callable[[LogState], None]


class LogSession:
    """The log of one run.

    Args:
        key: which run.
        source: where its lines come from.
        max_bytes: memory that it may take, ids included.
        on_run: told the run as the service has it when the reading brings it up.
        on_end: told how the run ended when its stream says so.
        on_first: told that the run has begun to write.
        on_flush: called before the subscribers are.
        per_second: how often subscribers are told at most.
        clock: monotonic seconds.
        timers: as in `Pulse`.
    """

    def __init__(
        self,
        key: RunKey,
        source: LogSource,
        *,
        max_bytes: int = DEFAULT_MAX_BYTES,
        on_run: Callable[[Run], None] | None = None,
        on_end: "Callable[[RunKey, FinalState], None] | None" = None,
        on_first_line: Callable[[RunKey], None] | None = None,
        on_flush: "Callable[[LogSession], None] | None" = None,
        per_second: float = FLUSHES_PER_SECOND,
        clock: Callable[[], float] = time.monotonic,
        timers: Timers | None = None,
    ) -> None:
        self.key = key
        self.buffer = LogBuffer(max_bytes)
        self.state = LogState()
        """How it stands; replaced, never changed."""
        self._source = source
        self._seen = LineIdSet()
        self._on_run = on_run
        self._on_end = on_end
        self._on_first = on_first_line
        self._on_flush = on_flush
        self._clock = clock
        self._pulse = Throttle(per_second, timers)
        self._subscribers: list[Subscriber] = []
        self._readers = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def bytes_held(self) -> int:
        """Memory that it takes, in bytes, ids included."""
        return self.buffer.bytes_held + self._seen.bytes_held

    @property
    def in_use(self) -> bool:
        """Whether somebody reads it or is told of it."""
        return bool(self._readers or self._subscribers)

    def seconds_since_event(self) -> float | None:
        """Seconds since the service was last heard; None if it has not been heard yet."""
        heard = self.state.last_event_at
        return None if heard is None else max(0.0, self._clock() - heard)

    def seconds_until_retry(self) -> float | None:
        """Seconds until the next attempt to reconnect; None if none is waited for."""
        at = self.state.retry_at
        return None if at is None else max(0.0, at - self._clock())

    def subscribe(self, subscriber: Subscriber) -> Callable[[], None]:
        """Be told of the state, at most 20 times a second, whenever entries or state are new.

        Returns:
            What ends it.
        """
        self._subscribers.append(subscriber)

        def unsubscribe() -> None:
            if subscriber in self._subscribers:
                self._subscribers.remove(subscriber)

        return unsubscribe

    async def run(self) -> None:
        """Read the log until its end; cancel it to leave, call it again to go on.

        Several may wait for the same session: it is read once, and left when the last one leaves.
        Errors are not raised but told in the state.
        """
        self._readers += 1
        try:
            while self._task is not None and self._task.cancelling():
                await asyncio.wait((self._task,))
            if self._task is None:
                self._task = asyncio.get_running_loop().create_task(self._read())
                self._task.add_done_callback(self._read_ended)
            await asyncio.shield(self._task)
        finally:
            self._readers -= 1
            if not self._readers and self._task is not None:
                self._task.cancel()

    async def catch_up(self) -> bool:
        """Fetch the next page of what was written since the last line, without a stream.

        Returns:
            Whether there is no more for now; also where somebody reads the log anyway.

        Raises:
            NodionError: the service could not be asked.
        """
        if self._is_being_read() or self.state.complete:
            return True
        lines = (await self._source.page(self.key, self.buffer.last_id)).items
        if self._is_being_read():
            return True  # Somebody began to read it meanwhile, from the same line on.
        is_new = self._seen.add_each([line.id for line in lines], starts_response=True)
        new = list(compress(lines, is_new))
        self.buffer.extend(new)
        self._heard(self.state.phase if new else LogPhase.LIVE)
        return not new

    async def fetch_older(self, index: int | None = None) -> bool:
        """Fetch the dropped part at an index; without one, the part just before what is held.

        Returns:
            Whether it is there again; False if nothing is missing, or if the service has it no
            more.

        Raises:
            NodionError: the service could not be asked.
        """
        missing = self.buffer.dropped_segment(index)
        if missing is None:
            return False
        lines: list[LogLine] = []
        after_id = missing.after_id
        while len(lines) < missing.lines:
            page = (await self._source.page(self.key, after_id)).items
            if not page or page[-1].id == after_id:
                return False
            lines += page
            after_id = page[-1].id
        done = self.buffer.restore(missing, lines[: missing.lines])
        self._change()
        return done

    def _is_being_read(self) -> bool:
        return self._task is not None

    async def _read(self) -> None:
        if self.state.complete:
            return
        if self.state.phase is not LogPhase.LOADING:
            # A beat for nothing would hold up the first lines by a twentieth of a second.
            self._change(phase=LogPhase.LOADING, error=None)
        self._log_reading("log_opened")
        events = self._source.follow(self.key, self.buffer.last_id, self._seen)
        slice_end = self._clock() + _SLICE
        try:
            async with aclosing(events):
                async for event in events:
                    self._take(event)
                    if self._clock() > slice_end:
                        await asyncio.sleep(0)
                        slice_end = self._clock() + _SLICE
        except NodionError as error:
            text = f"{error.title}: {error.detail}" if error.detail else error.title
            self.buffer.update_marker(EntryKind.NOTICE, text)
            # What led there refers to this session, which would refer to itself by it.
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

    def _take(self, event: FollowEvent) -> None:
        match event:
            case NewLines(lines=lines, live=live):
                if not self.buffer.lines and self._on_first is not None:
                    self._on_first(self.key)
                self.buffer.extend(lines)
                self._heard(LogPhase.LIVE if live else self.state.phase)
            case Heartbeat():
                # No news for a screen: how long ago that was is asked for there.
                self.state = replace(self.state, last_event_at=self._clock())
            case LogNotice(text=text):
                self.buffer.append_marker(EntryKind.NOTICE, text)
                self._change()
            case RunUpdate(run=run):
                self._heard(self.state.phase)
                if self._on_run is not None:
                    self._on_run(run)
            case _:
                self._turn(event)

    def _turn(self, event: HistoryRead | StreamOpened | StreamLost | RunEnded) -> None:
        """What changes the phase."""
        match event:
            case HistoryRead():
                self._heard(LogPhase.LIVE)
            case StreamOpened(lossless=lossless):
                self._opened(lossless=lossless)
            case StreamLost():
                self._lost(event)
            case RunEnded():
                self._end(event)

    def _opened(self, *, lossless: bool) -> None:
        if self.state.phase is not LogPhase.RECONNECTING:
            self._heard(self.state.phase)
            return
        self.buffer.append_marker(EntryKind.RESUMED, logstate.resumed_text(lossless=lossless))
        self.state = replace(
            self.state,
            reconnects=self.state.reconnects + 1,
            gaps=self.state.gaps + (not lossless),
        )
        self._heard(LogPhase.LIVE)

    def _lost(self, event: StreamLost) -> None:
        text = logstate.reconnecting_text(event.retry_in, event.reason)
        self.buffer.update_marker(EntryKind.LOST, text)
        self._change(
            phase=LogPhase.RECONNECTING,
            retry_at=self._clock() + event.retry_in,
            attempt=event.attempt,
            reason=event.reason,
        )

    def _end(self, event: RunEnded) -> None:
        text = logstate.ended_text(event.state, self.buffer.lines, complete=event.complete)
        self.buffer.update_marker(EntryKind.ENDED, text, event.state.completed_at)
        self.state = replace(self.state, complete=event.complete, final=event.state)
        self._heard(LogPhase.ENDED)
        if self._on_end is not None:
            self._on_end(self.key, event.state)

    def _heard(self, phase: LogPhase) -> None:
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
        self._pulse.schedule(
            self._flush, _WHILE_LOADING if self.state.phase is LogPhase.LOADING else 1
        )

    def _flush(self) -> None:
        if self._on_flush is not None:
            self._on_flush(self)
        for subscriber in tuple(self._subscribers):
            subscriber(self.state)
