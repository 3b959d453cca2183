"""One connection of a follower: from the request to its loss, or to the end of the run."""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nodion_tui.api.follow.events import (
    FollowEvent,
    Heartbeat,
    LogNotice,
    NewLines,
    RunUpdate,
    StreamOpened,
)
from nodion_tui.api.follow.interpreter import EventBatch, EventInterpreter, UnreadableLine
from nodion_tui.api.follow.pages import LogPageReader, final_state
from nodion_tui.api.follow.suspend_aware_sleep import MachineSuspended, SuspendAwareSleep
from nodion_tui.api.http.stream import LogStream
from nodion_tui.model.errors import ConnectionLost, NodionError

if TYPE_CHECKING:
    from nodion_tui.model.log_line import FinalState


@dataclass(frozen=True, slots=True)
class FollowTiming:
    """Seconds."""

    silence: float = 45.0
    """Without a byte: the connection is taken for dead. Pings come every 15 s."""
    tick: float = 2.0
    """How often the clocks are compared: after a sleep the log is live again within 3 s."""
    page_interval: float = 5.0
    """How often pages are asked for where a stream is silent."""
    late_line_wait: float = 1.0
    """After `state`: how long late lines are waited for if the stream does not close."""


class StreamSilent(ConnectionLost):
    """Not a byte came for `Timing.silence`."""


class StreamConnection:
    """Brings the events of one connection; what became of it stands in its attributes."""

    def __init__(
        self,
        reader: LogPageReader,
        naps: SuspendAwareSleep,
        timing: FollowTiming,
        opened: Callable[[], Iterator[StreamOpened]],
        *,
        reading_pages: bool,
    ) -> None:
        self._reader = reader
        self._naps = naps
        self._timing = timing
        self._opened = opened
        self._meaning = EventInterpreter(reader.cursor, keep_raw=reader.keep_raw)
        self._opened_at: float | None = None
        self._arrived = 0
        self._quiet = 0.0
        self._paged_at = float("-inf")
        self._pages_help = True
        self.reading_pages = reading_pages
        """Pages are asked for while the stream is silent; off as soon as a byte comes."""
        self.state: FinalState | None = None
        """How the run ended, if that was told."""
        self.received_lines = False
        self.uptime = 0.0
        """Seconds from the opening to the last byte."""
        self.retry: float | None = None
        """Seconds of the last `retry:` field."""

    async def events(self) -> AsyncGenerator[FollowEvent, None]:
        """Everything until the connection ends; see `state` for whether the run did.

        Raises:
            NodionError: the connection could not be made, broke or fell silent.
        """
        reader = self._reader
        async with reader.client.stream_logs(*reader.key, reader.cursor.after_id) as stream:
            try:
                async with aclosing(self._until_state(stream)) as events:
                    async for event in events:
                        self.received_lines = self.received_lines or isinstance(event, NewLines)
                        yield event
            except NodionError:
                if self._meaning.state is None:
                    raise
            finally:
                self.retry = stream.retry
                self.state = self._meaning.state or self.state

    async def _until_state(self, stream: LogStream) -> AsyncGenerator[FollowEvent, None]:
        self._naps.was_suspended()
        batch: EventBatch | None = ()
        while batch is not None and self.state is None and self._meaning.state is None:
            heard = self._arrived
            batch = await self._next(stream)
            if self._arrived > heard and not batch:
                yield Heartbeat()
            async with aclosing(self._by_pages(stream)) as events:
                async for event in events:
                    yield event
            async with aclosing(self._events_of(batch or ())) as events:
                async for event in events:
                    yield event
        until = self._naps.now() + self._timing.late_line_wait
        while batch is not None and (left := until - self._naps.now()) > 0:
            batch = await stream.take(left)
            async with aclosing(self._events_of(batch or ())) as events:
                async for event in events:
                    yield event

    async def _events_of(self, batch: EventBatch) -> AsyncGenerator[FollowEvent, None]:
        """A batch's events; a line that cannot be read is looked for in the pages."""
        for event in self._meaning.interpret(batch):
            if not isinstance(event, UnreadableLine):
                yield event
                continue
            found = False
            if self._pages_help:
                async with aclosing(self._reader.read_pages()) as events:
                    async for instead in events:
                        found = found or isinstance(instead, NewLines)
                        yield instead
                self._pages_help = found
            if not found:
                yield LogNotice(f"a line could not be read: {event.problem}")

    async def _next(self, stream: LogStream) -> EventBatch | None:
        """The next batch, or none after a tick; the watch over silence and sleep."""
        began = self._naps.now()
        batch = await stream.take(self._timing.tick)
        if self._naps.was_suspended():
            raise MachineSuspended("this machine was asleep")
        now = self._naps.now()
        if stream.bytes_received > self._arrived:
            self._arrived = stream.bytes_received
            self._quiet = 0.0
            self.uptime = 0.0 if self._opened_at is None else now - self._opened_at
        elif batch is not None:
            # Only time that was spent waiting counts: a late tick is our fault, not the server's.
            self._quiet += min(now - began, self._timing.tick)
            if self._quiet > self._timing.silence - self._timing.tick / 2:
                raise StreamSilent(f"not a byte for {self._timing.silence:.0f} s")
        return batch

    async def _by_pages(self, stream: LogStream) -> AsyncGenerator[FollowEvent, None]:
        """Pages once when the stream opens, and every few seconds while it is known to be silent.

        At the opening because a stream need not begin where the pages had ended.
        """
        opening = stream.is_open and self._opened_at is None
        if opening:
            self._opened_at = self._naps.now()
            for news in self._opened():
                yield news
        if self.reading_pages and self._arrived:
            self.reading_pages = False
            yield LogNotice("the stream is live again")
        due = self.reading_pages and self._naps.now() - self._paged_at >= self._timing.page_interval
        if due:
            self._paged_at = self._naps.now()
            run = await self._reader.fetch_run()
            yield RunUpdate(run)
            self.state = final_state(run)
            for news in self._opened():
                yield news
        if opening or due:
            async with aclosing(self._reader.read_pages()) as events:
                async for event in events:
                    yield event
