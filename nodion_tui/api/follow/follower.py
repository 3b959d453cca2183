"""LogFollower: one run's log from its first line to its last, whatever the connection does.

    history by pages ─▶ stream ──state──▶ proof by pages ─▶ Ended
                         ▲   └─lost─▶ ask the run ──it is over──▲
                         └──── wait ◀────┘

Every line is given out once and in order: the cursor is the id of the last delivered line, every
line is told from its copies by id, and pages close whatever a stream could have left out.
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
from nodion_tui.api.follow.pages import LogPageReader, final_state
from nodion_tui.api.follow.stream_log import logged
from nodion_tui.api.follow.suspend_aware_sleep import ClockPair, MachineSuspended, SuspendAwareSleep
from nodion_tui.api.http.backoff import Backoff
from nodion_tui.api.http.error_responses import retry_hint
from nodion_tui.model.errors import ApiError, NodionError, NotReachable, ResourceNotFound
from nodion_tui.model.line_ids import LineIdSet
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunKey

_SILENT_IN_A_ROW = 2
"""Connections that brought no byte: after these, pages are read instead."""
_PROOFS = 5
"""Attempts at the last page before the log is called incomplete."""


class LogFollower:
    """Iterate over it once, best over `aclosing(follower.events())`; may be cancelled anywhere.

    Args:
        client: asks the service.
        key: of the run.
        after_id: the last line that is held already.
        seen: the ids of all lines that are held already; grows with every line.
        keep_raw: give out each line's JSON as it was sent, too.
        backoff: how long to wait before each attempt.
        timing: silence, ticks.
        sleep: waits; for tests.
        rng: from [0, 1); for tests.
        clock: wall and monotonic time; for tests.
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
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        rng: Callable[[], float] = random.random,
        clock: ClockPair | None = None,
    ) -> None:
        self._place = DeliveryCursor(after_id, seen_ids)
        self._reader = LogPageReader(client, key, self._place, keep_raw)
        self._naps = SuspendAwareSleep(clock, sleep)
        self._backoff = backoff or Backoff()
        self._timing = timing or FollowTiming()
        self._rng = rng
        self._state: FinalState | None = None
        self._paged = False
        self._opened = False
        self._lossless = True
        self._attempt = 0
        self._silent = 0
        self._retry: float | None = None
        self._down_since: float | None = None

    @property
    def last_id(self) -> str | None:
        """Of the last line that was given out."""
        return self._place.last_id

    @property
    def seen_ids(self) -> LineIdSet:
        """The ids of all lines that were given out."""
        return self._place.seen_ids

    def __aiter__(self) -> AsyncIterator[FollowEvent]:
        return self.events()

    async def events(self) -> AsyncGenerator[FollowEvent, None]:
        """What happens, until `Ended`.

        Raises:
            NodionError: going on makes no sense: 401, 403, 404, or a request that is refused.
        """
        while self._state is None:
            loss: NodionError | None = None
            try:
                async with aclosing(self._connected()) as events:
                    async for event in events:
                        yield event
            except NodionError as error:
                loss = error
            if self._state is None:
                async with aclosing(self._after(loss)) as events:
                    async for event in events:
                        yield event
        async with aclosing(self._proof(self._state)) as events:
            async for event in events:
                yield event

    async def _connected(self) -> AsyncGenerator[FollowEvent, None]:
        """The history if it is not in yet, then the stream for as long as it holds."""
        if not self._paged or self._attempt > 1 or self._place.uncertain:
            async with aclosing(self._reader.read_pages()) as events:
                async for event in events:
                    yield event
            if not self._paged:
                self._paged = True
                yield logged(self._reader.key, HistoryRead())
        by_pages = self._silent >= _SILENT_IN_A_ROW
        link = StreamConnection(
            self._reader, self._naps, self._timing, self._opening, reading_pages=by_pages
        )
        try:
            async with aclosing(link.events()) as events:
                async for event in events:
                    yield event
        finally:
            self._state = link.state
            self._retry = self._retry if link.retry is None else link.retry
            if link.received_lines or link.uptime >= self._backoff.reset_after:
                self._attempt = 0
            if link.uptime > self._timing.silence or (by_pages and not link.reading_pages):
                self._silent = 0

    def _opening(self) -> Iterator[StreamOpened]:
        """That the log is being read again, if that is news."""
        if self._opened and self._down_since is None:
            return
        outage = None if self._down_since is None else self._naps.now() - self._down_since
        resumed, self._opened, self._down_since = self._opened, True, None
        lossless, self._lossless = self._place.lossless or not self._lossless, self._place.lossless
        opened = StreamOpened(resumed, outage if resumed else None, lossless)
        yield logged(self._reader.key, opened)

    async def _after(self, loss: NodionError | None) -> AsyncGenerator[FollowEvent, None]:
        """What is done about the end of a connection that did not tell how the run ended."""
        if isinstance(loss, StreamSilent) and self._silent >= _SILENT_IN_A_ROW:
            return  # pages are being read: that the stream is silent still is no news
        if self._down_since is None:
            self._down_since = self._naps.now()
        if isinstance(loss, MachineSuspended):
            self._attempt = 0
            yield logged(self._reader.key, StreamLost(loss.detail, 0.0, 1), loss)
            return
        if gone := self._cursor_gone(loss):
            self._place.drop_cursor()
        elif loss is not None and not loss.retryable:
            raise loss
        self._attempt += 1
        self._silent += isinstance(loss, StreamSilent)
        if gone and self._attempt == 1:
            yield LogNotice("the service no longer knows the last line: reading all of them again")
        else:
            async with aclosing(self._retry_after(loss)) as events:
                async for event in events:
                    yield event

    async def _retry_after(self, loss: NodionError | None) -> AsyncGenerator[FollowEvent, None]:
        """Ask the run, for it may be over, and wait; where to ask first is of no use, after it."""
        hint = None if loss is None else retry_hint(loss)
        delay = self._backoff.delay(self._attempt, self._rng(), hint, self._retry)
        lost = StreamLost(_reason(loss), delay, self._attempt)
        if calm := _is_calm(loss):
            for event in await self._ask():
                yield event
            if self._state is not None:
                return
        yield logged(self._reader.key, lost, loss)
        if isinstance(loss, StreamSilent) and self._silent == _SILENT_IN_A_ROW:
            yield LogNotice("the stream stays silent: reading by pages until it speaks")
        reachable = hint is None and not isinstance(loss, NotReachable)
        if reachable and not calm:
            for event in await self._ask():
                yield event
        if self._state is None and not await self._naps.sleep(delay) and not reachable:
            for event in await self._ask():
                yield event

    async def _ask(self) -> Sequence[RunUpdate]:
        """The run as it is now: over, or not. An answer that fails leaves that open.

        Raises:
            NodionError: going on makes no sense.
        """
        try:
            run = await self._reader.fetch_run()
        except NodionError as error:
            if not error.retryable:
                raise
            return ()
        self._state = final_state(run)
        return (RunUpdate(run),)

    async def _proof(self, state: FinalState) -> AsyncGenerator[FollowEvent, None]:
        """The last page, which shows that no line is missing."""
        complete = False
        for attempt in range(1, _PROOFS + 1):
            try:
                async with aclosing(self._reader.read_pages()) as events:
                    async for event in events:
                        yield event
            except NodionError as error:
                if self._cursor_gone(error):
                    self._place.drop_cursor()
                    continue
                if not error.retryable or attempt == _PROOFS:
                    yield LogNotice(f"the end of the log could not be checked: {error.detail}")
                    break
                delay = self._backoff.delay(attempt, self._rng(), retry_hint(error))
                yield logged(self._reader.key, StreamLost(_reason(error), delay, attempt), error)
                await self._naps.sleep(delay)
            else:
                complete = self._place.page_proves_complete and self._place.lossless
                break
        if not self._paged:
            yield HistoryRead()
        yield logged(self._reader.key, RunEnded(state, complete))

    def _cursor_gone(self, loss: NodionError | None) -> bool:
        return (
            isinstance(loss, ResourceNotFound)
            and loss.status == 410
            and self._place.after_id is not None
        )


def _is_calm(loss: NodionError | None) -> bool:
    """The connection ended in good order, as it may at the end of a run."""
    no_content = isinstance(loss, ApiError) and loss.status == 204
    return loss is None or no_content or isinstance(loss, StreamError)


def _reason(loss: NodionError | None) -> str:
    return "the stream ended without a final state" if loss is None else loss.detail
