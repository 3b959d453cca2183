"""Poller: fetches the lists that the schedule selects, and handles errors."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

import msgspec

from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import (
    ConnectionLost,
    KeyRejected,
    NodionError,
    NotReachable,
    ServerError,
    TooManyRequests,
)
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.runner import unknown_runner
from nodion_tui.model.suspend_detector import SuspendDetector
from nodion_tui.monitor.polling.schedule import RUNNERS_SECONDS, PollSchedule
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from nodion_tui.monitor.runs.known_runs import utc_now

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.model.run import RunKey
    from nodion_tui.monitor.runs.account_runs import AccountRuns
    from nodion_tui.monitor.runs.known_runs import KnownRuns

_logger = logging.getLogger(__name__)

MAX_CONCURRENT = 4
"""Concurrent requests."""
FIRST_CONCURRENT = 8
"""Concurrent requests while every list is read for the first time."""
KEY_RETRY_SECONDS = 30.0
"""Retry interval after a rejected key: it may be renewed on the server."""
SUSPEND_CHECK_SECONDS = 5.0
"""Interval of the check for a suspend of the machine."""
_SERVICE_ERRORS = (NotReachable, ConnectionLost, ServerError, TooManyRequests, KeyRejected)
"""Errors of the service rather than of one list."""


class Outage(msgspec.Struct, frozen=True):
    """Why polling is waiting."""

    error: NodionError
    since: datetime
    """When the service last answered, on the wall clock; if it never did, the first failure."""
    retry_at: float
    """Time of the next attempt, on the monotonic clock."""


class StreamedRuns(Protocol):
    """The runs whose end is told by a stream, so that their lists need not be polled for it."""

    paused: bool
    """Whether nothing is streamed."""

    def is_held(self, key: "RunKey") -> bool:
        """Whether the end of a run is told by its stream."""
        ...

    @property
    def long_keys(self) -> "Collection[RunKey]":
        """Runs without a stream whose lists come before those of other running runs."""
        ...

    def wake(self) -> None:
        """React to a change of `paused`."""
        ...


class PendingCall(Protocol):
    """A call that has not been made yet."""

    def cancel(self) -> object:
        """Do not make it."""
        ...


def call_later(seconds: float, call: Callable[[], None]) -> PendingCall:
    """Call a function in this many seconds: no task, unlike `asyncio.sleep` beside an event."""
    return asyncio.get_running_loop().call_later(seconds, call)


class Poller:
    """Keeps the known runs fresh within a request budget.

    Args:
        runs: take the responses.
        client: returns the client (it is created late).
        backoff: back-off policy after errors.
        per_minute: maximum requests per minute.
        is_budgeted: False: `per_minute` only sets the rhythm, as for an engine on this machine.
        expected: returns what is expected of a runner, by its id, in seconds from now.
        clock: monotonic, in seconds.
        call_later: calls a function in this many seconds, unless it is cancelled.
        random_source: a number from [0, 1) for the jitter.
        utcnow: wall clock, aware.
        wall_clock: wall clock, in seconds, which continues during a suspend.
    """

    def __init__(
        self,
        runs: "KnownRuns | AccountRuns",
        client: "Callable[[], NodionClient]",
        backoff: Backoff,
        *,
        per_minute: int = 60,
        is_budgeted: bool = True,
        expected: Callable[[str], ExpectedRuns | None] = unknown_runner,
        clock: Callable[[], float] = time.monotonic,
        call_later: Callable[[float, Callable[[], None]], PendingCall] = call_later,
        random_source: Callable[[], float] = random.random,
        utcnow: Callable[[], datetime] = utc_now,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._runs = runs
        self._client = client
        self._backoff = backoff
        self._clock = clock
        self._call_later = call_later
        self._luck = random_source
        self._utcnow = utcnow
        self._wall = wall_clock
        self._suspend_watch = SuspendDetector(wall_clock(), clock())
        self._schedule = PollSchedule(per_minute, clock(), is_budgeted=is_budgeted)
        self._schedule.read_all_first()
        self._expected = expected
        self.per_minute = per_minute
        """Maximum requests per minute."""
        self.selected: frozenset[str] = frozenset()
        """The runners under the cursor."""
        self._streams: StreamedRuns | None = None
        self._wake_up = asyncio.Event()
        self._in_flight = 0
        self._failures = 0
        self._answered_at: datetime | None = None
        self._waiters: deque[asyncio.Future[None]] = deque()
        self._granted_last = False
        self.paused = False
        """Whether polling is paused; `resume` ends it."""
        self.outage: Outage | None = None
        """Why polling is waiting; None while the service is reachable."""

    def set_selected(self, runner_ids: Iterable[str]) -> None:
        """Set the runners under the cursor: their lists are polled first."""
        self.selected = frozenset(runner_ids)
        self._prefer()
        self._wake_up.set()

    def use_streams(self, streams: StreamedRuns) -> None:
        """Prefer only lists with a running run that these streams do not hold; pause them, too."""
        self._streams = streams

    def update_preferred(self) -> None:
        """React to a change of what streams hold."""
        self._prefer()
        self._wake_up.set()

    def refresh(self, targets: Iterable[str]) -> None:
        """Poll these lists next, as soon as the budget allows."""
        self._schedule.make_due(targets)
        self._wake_up.set()

    def ask_now(self, targets: Iterable[str]) -> None:
        """Poll these lists at once, also while paused: somebody asked for them.

        They may run ahead of the budget, which later polls pay back. A time that the service has
        set is kept.
        """
        self._schedule.ask_now(targets)
        self._wake_up.set()

    def read_first(self, runner_ids: Iterable[str]) -> None:
        """Read the lists of these runners first of all, at the start."""
        self._schedule.first_reading.prefer(runner_ids)

    @property
    def asked_by_hand(self) -> AbstractSet[str]:
        """The lists of `ask_now` that have not answered yet."""
        return self._schedule.asked_by_hand

    def expected_interval(self, target: str) -> float:
        """Seconds between two responses of a list, without errors."""
        return self._schedule.expected_interval(target)

    def pause(self) -> None:
        """Poll nothing until `resume`."""
        self._set_paused(paused=True)
        _logger.info("polling state=paused")

    def resume(self) -> None:
        """Resume polling; every list is due."""
        self._set_paused(paused=False)
        _logger.info("polling state=resumed")
        self.refresh((RUNNER_LIST, *(runner.id for runner in self._runs.runners)))

    async def acquire_request(self) -> None:
        """Wait until a request of another caller fits into the budget, and count it.

        While callers are waiting, every second request is theirs.
        """
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiters.append(granted)
        self._wake_up.set()
        await granted

    async def run(self) -> None:
        """Poll until cancelled."""
        unsubscribe = self._runs.subscribe(self._on_changes)
        try:
            async with asyncio.TaskGroup() as tasks:
                while True:
                    await self._step(tasks)
        finally:
            unsubscribe()

    async def _step(self, tasks: asyncio.TaskGroup) -> None:
        self._wake_up.clear()
        self._check_suspend()
        # During an outage, one request is enough to find out whether it is over.
        is_paused = self.paused and not self.asked_by_hand
        if is_paused or self._in_flight >= self._max_concurrent:
            await self._wake_up.wait()
            return
        if self._grant_request():
            return
        now = self._clock()
        target, delay = self._schedule.next_target(now, only_by_hand=self.paused)
        budget_wait = self._schedule.seconds_until_allowed(now)
        self._granted_last = self._granted_last and budget_wait > 0
        if target is None:
            await self._rest(budget_wait if self._waiters else delay)
            return
        self._schedule.request_sent(target, self._clock())
        self._in_flight += 1
        tasks.create_task(self._poll(target))

    @property
    def _max_concurrent(self) -> int:
        if self.outage:
            return 1
        return MAX_CONCURRENT if self._schedule.first_reading.is_over else FIRST_CONCURRENT

    def _check_suspend(self) -> None:
        """After a suspend all lists are old, and a previous back-off no longer applies."""
        suspended = self._suspend_watch.check(self._wall(), self._clock())
        if suspended:
            _logger.info("suspended seconds=%.0f", suspended)
            self._runs.add_suspend_time(suspended)
            self._schedule.make_due((RUNNER_LIST, *(runner.id for runner in self._runs.runners)))

    def _grant_request(self) -> bool:
        """Grant a request to a waiting caller, unless the last one was granted too."""
        while self._waiters and self._waiters[0].done():
            self._waiters.popleft()  # It was cancelled.
        now = self._clock()
        if self._granted_last or not self._waiters or self._schedule.seconds_until_allowed(now) > 0:
            return False
        self._schedule.consume(now)
        self._waiters.popleft().set_result(None)
        self._granted_last = True
        return True

    async def _rest(self, seconds: float) -> None:
        """Wait this long, or until something changes."""
        timer = self._call_later(min(seconds, SUSPEND_CHECK_SECONDS), self._wake_up.set)
        try:
            await self._wake_up.wait()
        finally:
            timer.cancel()

    async def _poll(self, target: str) -> None:
        try:
            await self._fetch(target)
        except NodionError as error:
            _log_poll(target, error)
            self._request_failed(target, error)
        else:
            _log_poll(target)
            self._request_succeeded(target)
        finally:
            self._in_flight -= 1
            self._wake_up.set()

    async def _fetch(self, target: str) -> None:
        if target == RUNNER_LIST:
            self._runs.apply_runners(await self._client().list_runners())
            return
        asked_at = self._clock()
        listing = await self._client().list_runs(target)
        if self._runs.runner(target) is not None:
            self._runs.apply_runs(target, listing, requested_at=asked_at)

    def _request_succeeded(self, target: str) -> None:
        self._failures = 0
        self.outage = None
        self._answered_at = self._utcnow()
        self._schedule.request_succeeded(target)
        expected = None if target == RUNNER_LIST else self._expected(target)
        if expected is not None:
            self._schedule.expect(target, expected.at(self._clock()))

    def _request_failed(self, target: str, error: NodionError) -> None:
        failures = self._schedule.request_failed(target)
        if isinstance(error, _SERVICE_ERRORS):
            self._record_outage(error)
        else:
            self._answered_at = self._utcnow()
            pause = RUNNERS_SECONDS if target == RUNNER_LIST else self._delay(error, failures)
            self._schedule.postpone(target, self._clock() + pause)
        if target == RUNNER_LIST:
            self._runs.runner_list_failed(error)
        else:
            self._runs.list_failed(target, error)

    def _record_outage(self, error: NodionError) -> None:
        now = self._clock()
        if self.outage and now < self.outage.retry_at:
            return  # The request was sent before the outage: not a further failure.
        self._failures += 1
        retry_at = now + self._delay(error, self._failures)
        self._schedule.pause_until(retry_at, mandatory=error.retry_after is not None)
        if isinstance(error, TooManyRequests):
            self._schedule.first_reading.end()
        since = self.outage.since if self.outage else self._answered_at or self._utcnow()
        self.outage = Outage(error, since, retry_at)
        _logger.info(
            "polling state=held retry_in=%.1f error=%s", retry_at - now, type(error).__name__
        )

    def _delay(self, error: NodionError, failures: int) -> float:
        if isinstance(error, KeyRejected):
            return KEY_RETRY_SECONDS
        return self._backoff.delay(failures, self._luck(), error.retry_after)

    def _on_changes(self, changes: Changes) -> None:
        if changes.runners_changed:
            self._schedule.set_runners(runner.id for runner in self._runs.runners)
        if changes.runners_changed or changes.runs or changes.removed:
            self._prefer()
            self._wake_up.set()

    def _set_paused(self, *, paused: bool) -> None:
        self.paused = paused
        if self._streams is not None:
            self._streams.paused = paused
            self._streams.wake()

    def _prefer(self) -> None:
        streams = self._streams
        running = {
            key.runner_id
            for key in self._runs.active
            if streams is None or not streams.is_held(key)
        }
        long_ids = {key.runner_id for key in streams.long_keys} if streams else set()
        self._schedule.set_preferred(
            selected=self.selected, running=running, first=long_ids & running
        )


def _log_poll(target: str, error: NodionError | None = None) -> None:
    if _logger.isEnabledFor(logging.DEBUG):
        runner = None if target == RUNNER_LIST else loggable_id(target)
        name = type(error).__name__ if error else None
        _logger.debug(
            "poll list=%s runner=%s error=%s", "runs" if runner else "runners", runner, name
        )
