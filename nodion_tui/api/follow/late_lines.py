"""Reads what a stopped run still writes after its final state.

A stop is final at once, while the job has time to end: the stream closes with the final state, and
pages return the lines that come after it.
"""

from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from datetime import datetime

import msgspec

from nodion_tui.api.follow.events import CaughtUp, FollowEvent, Heartbeat, RunUpdate, StreamOpened
from nodion_tui.api.follow.pages import LogPageReader
from nodion_tui.api.follow.suspend_aware_sleep import SuspendAwareSleep
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunStatus

_PACE = Backoff(first=0.25, limit=2.0)
"""Interval of the pages, without jitter: most jobs end within a second."""


def seconds_of_late_lines(state: FinalState, now: datetime, grace: float) -> float:
    """How much longer a run may write lines; 0 unless it was stopped while it was running.

    Args:
        state: how it ended.
        now: the server's clock.
        grace: seconds after a stop.
    """
    if state.status != RunStatus.CANCELED or state.started_at is None:
        return 0.0
    elapsed = (now - (state.completed_at or now)).total_seconds()
    return min(max(grace - elapsed, 0.0), grace)


class LateLines(msgspec.Struct, frozen=True):
    """Polls pages for a while.

    Args:
        reader: requests pages and the run.
        sleep: sleeps between them.
        opened: yields `StreamOpened` if pages follow a lost stream.
    """

    reader: LogPageReader
    sleep: SuspendAwareSleep
    opened: Callable[[], Iterator[StreamOpened]]

    async def events(self, seconds: float) -> AsyncGenerator[FollowEvent, None]:
        """Yields the run, and its new lines for a number of seconds.

        It ends earlier with a permanent error, which the last page meets as well.
        """
        for delay in _delays(seconds):
            await self.sleep.sleep(delay)
            try:
                async with aclosing(self._read(with_run=not delay)) as events:
                    async for event in events:
                        yield event
            except NodionError as error:
                if not error.retryable:
                    return

    async def _read(self, *, with_run: bool) -> AsyncGenerator[FollowEvent, None]:
        if with_run:
            yield RunUpdate(await self.reader.fetch_run())
        async with aclosing(self.reader.read_pages()) as events:
            async for event in events:
                yield event
        for opened in self.opened():
            yield opened
            if opened.resumed:
                yield CaughtUp()
        yield Heartbeat()


def _delays(seconds: float) -> Iterator[float]:
    """Yields 0, and then intervals of this sum."""
    attempt, delay = 0, 0.0
    while seconds > 0:
        yield delay
        seconds -= delay
        attempt += 1
        delay = min(_PACE.delay(attempt, 1.0), seconds)
