"""LogFollower: follows a run's log from its first to its last line across connection losses.

    history pages ─▶ stream ──state──▶ late lines of a stop ─▶ proof page ─▶ RunEnded
                      ▲   └─lost─▶ fetch run ──ended──▲
                      └─ back-off ◀───┘

Every line is delivered once and in order: the cursor is the id of the last delivered line,
duplicates are detected by id, and pages fill any gap that a stream may leave.
"""

import asyncio
import random
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import aclosing

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.connection import FollowTiming, StreamConnection, StreamSilent
from nodion_tui.api.follow.cursor import DeliveryCursor
from nodion_tui.api.follow.events import (
    FollowEvent,
    HistoryRead,
    LogNotice,
    RunEnded,
    RunUpdate,
    StreamLost,
    StreamOpened,
)
from nodion_tui.api.follow.interpreter import StreamError
from nodion_tui.api.follow.late_lines import LateLines, seconds_of_late_lines
from nodion_tui.api.follow.pages import LogPageReader, final_state
from nodion_tui.api.follow.stream_log import logged
from nodion_tui.api.follow.suspend_aware_sleep import ClockPair, MachineSuspended, SuspendAwareSleep
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import ApiError, NodionError, NotReachable, ResourceNotFound
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunKey

_MAX_SILENT = 2
"""Consecutive connections without a byte after which pages are polled instead."""
_PROOF_ATTEMPTS = 5
"""Attempts at the last page before the log is reported as incomplete."""


class LogFollower:
    """Yields the events of one run's log. Iterate once, best over `aclosing(follower.events())`.

    May be cancelled at any point.

    Args:
        client: sends the requests.
        key: the run.
        after_id: cursor; the last line that the caller has.
        seen_ids: the ids of all lines that the caller has; updated with every line.
        keep_raw: add the original JSON of each line.
        backoff: delays between attempts.
        timing: time-outs and intervals.
        reader: makes what reads pages and the run, from the cursor; None reads all pages.
        sleep: replaces `asyncio.sleep` in tests.
        rng: random source in [0, 1); for tests.
        clock: wall clock and monotonic clock; for tests.
    """

    def __init__(
        self,
        client: NodionClient,
        key: RunKey,
        *,
        after_id: str | None = None,
        seen_ids: LineIdSet | None = None,
        keep_raw: bool = False,
        backoff: Backoff | None = None,
        timing: FollowTiming | None = None,
        reader: Callable[[DeliveryCursor], LogPageReader] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rng: Callable[[], float] = random.random,
        clock: ClockPair | None = None,
    ) -> None:
        self._cursor = DeliveryCursor(after_id, seen_ids)
        self._reader = (
            reader(self._cursor) if reader else LogPageReader(client, key, self._cursor, keep_raw)
        )
        self._sleep = SuspendAwareSleep(clock, sleep)
        self._backoff = backoff or Backoff()
        self._timing = timing or FollowTiming()
        self._rng = rng
        self._state: FinalState | None = None
        self._history_read = False
        self._opened = False
        self._lossless = True
        self._attempt = 0
        self._silent_count = 0
        self._retry: float | None = None
        self._down_since: float | None = None

    def __aiter__(self) -> AsyncIterator[FollowEvent]:
        return self.events()

    async def events(self) -> AsyncGenerator[FollowEvent, None]:
        """Yields events up to `RunEnded`.

        Raises:
            NodionError: a permanent error: 401, 403, 404, or a rejected request.
        """
        while self._state is None:
            loss: NodionError | None = None
            try:
                async with aclosing(self._connect()) as events:
                    async for event in events:
                        yield event
            except NodionError as error:
                loss = error
            if self._state is None:
                async with aclosing(self._handle_loss(loss)) as events:
                    async for event in events:
                        yield event
        server_now, grace = self._reader.client.server_now(), self._timing.stop_grace
        late_seconds = seconds_of_late_lines(self._state, server_now, grace)
        late_lines = LateLines(self._reader, self._sleep, self._report_opened)
        async with aclosing(late_lines.events(late_seconds)) as events:
            async for event in events:
                yield event
        async with aclosing(self._prove_complete(self._state)) as events:
            async for event in events:
                yield event

    async def _connect(self) -> AsyncGenerator[FollowEvent, None]:
        """Reads the history if it is incomplete, then the stream until the connection ends."""
        if not self._history_read or self._attempt > 1 or self._cursor.uncertain:
            async with aclosing(self._reader.read_pages()) as events:
                async for event in events:
                    yield event
            if not self._history_read:
                self._history_read = True
                yield logged(self._reader.key, HistoryRead())
        await self._reader.before_stream()
        reading_pages = self._silent_count >= _MAX_SILENT
        connection = StreamConnection(
            self._reader,
            self._sleep,
            self._timing,
            self._report_opened,
            reading_pages=reading_pages,
        )
        try:
            async with aclosing(connection.events()) as events:
                async for event in events:
                    yield event
        finally:
            self._state = connection.state
            self._retry = self._retry if connection.retry is None else connection.retry
            if connection.received_lines or connection.uptime >= self._backoff.reset_after:
                self._attempt = 0
            if connection.uptime > self._timing.silence or (
                reading_pages and not connection.reading_pages
            ):
                self._silent_count = 0

    def _report_opened(self) -> Iterator[StreamOpened]:
        """Yields `StreamOpened` if the stream was down or never open."""
        if self._opened and self._down_since is None:
            return
        outage = None if self._down_since is None else self._sleep.now() - self._down_since
        resumed, self._opened, self._down_since = self._opened, True, None
        lossless, self._lossless = (
            self._cursor.lossless or not self._lossless,
            self._cursor.lossless,
        )
        opened = StreamOpened(resumed, outage if resumed else None, lossless)
        yield logged(self._reader.key, opened)

    async def _handle_loss(self, loss: NodionError | None) -> AsyncGenerator[FollowEvent, None]:
        """Handles the end of a connection without a final state."""
        if isinstance(loss, StreamSilent) and self._silent_count >= _MAX_SILENT:
            return  # pages are polled already, so a silent stream is expected
        if self._down_since is None:
            self._down_since = self._sleep.now()
        if isinstance(loss, MachineSuspended):
            self._attempt = 0
            yield logged(self._reader.key, StreamLost(loss.detail, 0.0, 1), loss)
            return
        if expired := self._cursor_expired(loss):
            self._cursor.drop_cursor()
        elif loss is not None and not loss.retryable:
            raise loss
        self._attempt += 1
        self._silent_count += isinstance(loss, StreamSilent)
        if expired and self._attempt == 1:
            yield LogNotice(
                "the service no longer knows the last line: reading the whole log again"
            )
        else:
            async with aclosing(self._back_off(loss)) as events:
                async for event in events:
                    yield event

    async def _back_off(self, loss: NodionError | None) -> AsyncGenerator[FollowEvent, None]:
        """Fetches the run, which may have ended, and waits; in reverse order if unreachable."""
        hint = None if loss is None else loss.retry_after
        delay = self._backoff.delay(self._attempt, self._rng(), hint, self._retry)
        lost = StreamLost(_reason(loss), delay, self._attempt)
        if orderly := _is_orderly(loss):
            for event in await self._fetch_run():
                yield event
            if self._state is not None:
                return
        yield logged(self._reader.key, lost, loss)
        if isinstance(loss, StreamSilent) and self._silent_count == _MAX_SILENT:
            yield LogNotice("the stream is silent: polling log pages instead")
        reachable = hint is None and not isinstance(loss, NotReachable)
        if reachable and not orderly:
            for event in await self._fetch_run():
                yield event
        if self._state is None and not await self._sleep.sleep(delay) and not reachable:
            for event in await self._fetch_run():
                yield event

    async def _fetch_run(self) -> Sequence[RunUpdate]:
        """Fetches the run to learn whether it has ended; ignores transient errors.

        Raises:
            NodionError: a permanent error.
        """
        try:
            run = await self._reader.fetch_run()
        except NodionError as error:
            if not error.retryable:
                raise
            return ()
        self._state = final_state(run)
        return (RunUpdate(run),)

    async def _prove_complete(self, state: FinalState) -> AsyncGenerator[FollowEvent, None]:
        """Reads the last page, which proves that no line is missing."""
        cursor, complete, listed_rows, unproved = self._cursor, False, 0, ""
        for attempt in range(1, _PROOF_ATTEMPTS + 1):
            if cursor.has_unread_event:
                # Only the whole log tells whether the event was one of its lines.
                cursor.after_id, listed_rows = None, cursor.listed_rows
            try:
                async with aclosing(self._reader.read_pages()) as events:
                    async for event in events:
                        yield event
            except NodionError as error:
                if self._cursor_expired(error):
                    self._cursor.drop_cursor()
                    continue
                if not error.retryable or attempt == _PROOF_ATTEMPTS:
                    unproved = error.detail if error.retryable else ""
                    text = f"the end of the log could not be verified: {error.detail}"
                    yield LogNotice(text, of_end=error.retryable)
                    break
                delay = self._backoff.delay(attempt, self._rng(), error.retry_after)
                yield logged(self._reader.key, StreamLost(_reason(error), delay, attempt), error)
                await self._sleep.sleep(delay)
            else:
                lists_all = cursor.listed_rows - listed_rows >= max(len(cursor.seen_ids), 1)
                complete = cursor.proves_complete and (lists_all or not cursor.has_unread_event)
                break
        if not self._history_read:
            yield HistoryRead()
        yield logged(self._reader.key, RunEnded(state, complete, unproved))

    def _cursor_expired(self, loss: NodionError | None) -> bool:
        return (
            isinstance(loss, ResourceNotFound)
            and loss.status == 410
            and self._cursor.after_id is not None
        )


def _is_orderly(loss: NodionError | None) -> bool:
    """Whether the connection was closed in an orderly way, as at the end of a run."""
    no_content = isinstance(loss, ApiError) and loss.status == 204
    return loss is None or no_content or isinstance(loss, StreamError)


def _reason(loss: NodionError | None) -> str:
    return "the stream ended without a final state" if loss is None else loss.detail
