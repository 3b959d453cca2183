"""One stream connection of a follower: from the request to its loss or the end of the run."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.api.follow.events import (
    CaughtUp,
    FollowEvent,
    Heartbeat,
    LogNotice,
    NewLines,
    RunUpdate,
    StateReceived,
    StreamOpened,
)
from nodion_tui.api.follow.interpreter import EventInterpreter, UnreadableLine
from nodion_tui.api.follow.pages import LogPageReader, final_state
from nodion_tui.api.follow.suspend_aware_sleep import MachineSuspended, SuspendAwareSleep
from nodion_tui.api.http.sse import EventBatch
from nodion_tui.api.http.stream import LogStream
from nodion_tui.model.errors import ConnectionLost, NodionError

if TYPE_CHECKING:
    from nodion_tui.model.log_line import FinalState


class FollowTiming(msgspec.Struct, frozen=True):
    """Time-outs and intervals of a follower, in seconds."""

    silence: float = 45.0
    """Without a byte for this long, the connection is considered dead. Pings come every 15 s."""
    tick: float = 2.0
    """Interval of the suspend check: after a suspend the log is live again within 3 s."""
    page_interval: float = 5.0
    """Interval of page polling while the stream is silent."""
    late_line_wait: float = 1.0
    """Wait for late lines after `state` if the stream does not close."""
    stop_grace: float = 20.0
    """How long a run may write after it was stopped: its job gets 10 s until it is killed. A swarm
    needs some 3 s to send the stop signal, and up to 5 s to kill."""


class StreamSilent(ConnectionLost):
    """No byte arrived for `FollowTiming.silence`."""


class StreamConnection:
    """Yields the events of one connection; its attributes hold the outcome.

    Args:
        reader: requests pages and the run.
        sleep: monotonic clock with suspend detection.
        timing: time-outs and intervals.
        opened: yields `StreamOpened` if that is news.
        reading_pages: poll pages until the stream sends a byte.
    """

    def __init__(
        self,
        reader: LogPageReader,
        sleep: SuspendAwareSleep,
        timing: FollowTiming,
        opened: Callable[[], Iterator[StreamOpened]],
        *,
        reading_pages: bool,
    ) -> None:
        self._reader = reader
        self._sleep = sleep
        self._timing = timing
        self._opened = opened
        self._interpreter = EventInterpreter(
            reader.cursor, reader.client.error_text, keep_raw=reader.keep_raw
        )
        self._opened_at: float | None = None
        self._received = 0
        self._silent_for = 0.0
        self._pages_read_at = float("-inf")
        self._pages_help = True
        self.reading_pages = reading_pages
        """Pages are polled while the stream is silent; off as soon as a byte arrives."""
        self.state: FinalState | None = None
        """Final state of the run, if it was received."""
        self.received_lines = False
        self.uptime = 0.0
        """Seconds from the opening to the last byte."""
        self.retry: float | None = None
        """Seconds of the last `retry:` field."""

    async def events(self) -> AsyncGenerator[FollowEvent, None]:
        """Yields events until the connection ends; `state` tells whether the run ended.

        Raises:
            NodionError: the connection could not be opened, broke, or fell silent.
        """
        reader = self._reader
        async with reader.client.stream_logs(*reader.key, reader.cursor.after_id) as stream:
            try:
                async with aclosing(self._until_state(stream)) as events:
                    async for event in events:
                        self.received_lines = self.received_lines or isinstance(event, NewLines)
                        yield event
            except NodionError:
                if self._interpreter.state is None:
                    raise
            finally:
                self.retry = stream.retry
                self.state = self._interpreter.state or self.state

    async def _until_state(self, stream: LogStream) -> AsyncGenerator[FollowEvent, None]:
        self._sleep.was_suspended()
        batch: EventBatch | None = ()
        while batch is not None and self.state is None and self._interpreter.state is None:
            received_before = self._received
            batch = await self._next(stream)
            if self._received > received_before and not batch:
                yield Heartbeat()
            async with aclosing(self._read_pages_if_due(stream)) as events:
                async for event in events:
                    yield event
            async with aclosing(self._events_of(batch or ())) as events:
                async for event in events:
                    yield event
        if self._interpreter.state is not None:
            yield StateReceived(self._interpreter.state)
        until = self._sleep.now() + self._timing.late_line_wait
        while batch is not None and (remaining := until - self._sleep.now()) > 0:
            batch = await stream.take(remaining)
            async with aclosing(self._events_of(batch or ())) as events:
                async for event in events:
                    yield event

    async def _events_of(self, batch: EventBatch) -> AsyncGenerator[FollowEvent, None]:
        """Yields a batch's events; an unreadable line is searched for in the pages."""
        for event in self._interpreter.interpret(batch):
            if not isinstance(event, UnreadableLine):
                yield event
                continue
            recovered = False
            if self._pages_help:
                async with aclosing(self._reader.read_pages()) as events:
                    async for page_event in events:
                        recovered = recovered or isinstance(page_event, NewLines)
                        yield page_event
                self._pages_help = recovered
            if not recovered:
                self._reader.cursor.has_unread_event = True
                yield LogNotice(f"unreadable line: {event.problem}")

    async def _next(self, stream: LogStream) -> EventBatch | None:
        """The next batch, empty after a tick; detects silence and suspend."""
        began = self._sleep.now()
        batch = await stream.take(self._timing.tick)
        if self._sleep.was_suspended():
            raise MachineSuspended("this machine was suspended")
        now = self._sleep.now()
        if stream.bytes_received > self._received:
            self._reader.received(stream.bytes_received - self._received)
            self._received = stream.bytes_received
            self._silent_for = 0.0
            self.uptime = 0.0 if self._opened_at is None else now - self._opened_at
        elif batch is not None:
            # Only time spent waiting counts: a late tick is the fault of this process.
            self._silent_for += min(now - began, self._timing.tick)
            if self._silent_for > self._timing.silence - self._timing.tick / 2:
                raise StreamSilent(f"no data for {self._timing.silence:.0f} s")
        return batch

    async def _read_pages_if_due(self, stream: LogStream) -> AsyncGenerator[FollowEvent, None]:
        """Reads pages when the stream opens, and polls them while the stream is known to be silent.

        Pages are read at the opening because a stream may start after the end of the last page.
        """
        opening = stream.is_open and self._opened_at is None
        has_resumed = False
        if opening:
            self._opened_at = self._sleep.now()
            for opened in self._opened():
                has_resumed = opened.resumed
                yield opened
        if self.reading_pages and self._received:
            self.reading_pages = False
            yield LogNotice("the stream is live again")
        due = (
            self.reading_pages
            and self._sleep.now() - self._pages_read_at >= self._timing.page_interval
        )
        if due:
            self._pages_read_at = self._sleep.now()
            run = await self._reader.fetch_run()
            yield RunUpdate(run)
            self.state = final_state(run)
            for opened in self._opened():
                has_resumed = opened.resumed
                yield opened
        if opening or due:
            async with aclosing(self._reader.read_pages()) as events:
                async for event in events:
                    yield event
        if has_resumed:
            yield CaughtUp()
