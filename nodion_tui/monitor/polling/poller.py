"""Poller: asks for the lists that the schedule names, and takes errors as they come."""

import asyncio
import logging
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from nodion_tui.model.errors import (
    ConnectionLost,
    KeyRejected,
    NodionError,
    NotReachable,
    ServerError,
    TooManyRequests,
)
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.suspend_detector import SuspendDetector
from nodion_tui.monitor.polling.schedule import RUNNERS_SECONDS, PollSchedule
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.monitor.runs.known_runs import utc_now

if TYPE_CHECKING:
    from nodion_tui.api.client import NodionClient
    from nodion_tui.api.http.backoff import Backoff
    from nodion_tui.monitor.runs.store import RunStore

MAX_CONCURRENT = 4
_logger = logging.getLogger(__name__)
"""Requests under way at the same time."""
KEY_RETRY_SECONDS = 30.0
"""A rejected key is tried again this often: it may be renewed on the other side."""
SUSPEND_CHECK_SECONDS = 5.0
"""How often is looked whether the machine slept."""
_EVERYWHERE = (NotReachable, ConnectionLost, ServerError, TooManyRequests, KeyRejected)
"""Errors that say something about the service rather than about one list."""


@dataclass(frozen=True, slots=True)
class Outage:
    """Why nothing is being asked just now."""

    error: NodionError
    since: datetime
    """Wall clock, when it began."""
    retry_at: float
    """When it is tried again, on the monotonic clock."""


class Poller:
    """Keeps a RunStore fresh within a budget of requests a minute.

    Args:
        runs: where answers go.
        client: gives whom to ask (it is made late).
        backoff: how long to wait after errors.
        per_minute: requests a minute that are never exceeded.
        clock: monotonic, in seconds.
        sleep: waits so many seconds.
        luck: a number from [0, 1) for the jitter.
        utcnow: wall clock, aware.
        wall: wall clock, in seconds, which goes on while the machine sleeps.
    """

    def __init__(
        self,
        runs: "RunStore",
        client: "Callable[[], NodionClient]",
        backoff: "Backoff",
        *,
        per_minute: int = 60,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        random_source: Callable[[], float] = random.random,
        utcnow: Callable[[], datetime] = utc_now,
        wall_clock: Callable[[], float] = time.time,
    ) -> None:
        self._runs = runs
        self._client = client
        self._backoff = backoff
        self._clock = clock
        self._sleep = sleep
        self._luck = random_source
        self._utcnow = utcnow
        self._wall = wall_clock
        self._watch = SuspendDetector(wall_clock(), clock())
        self._schedule = PollSchedule(per_minute, clock())
        self.per_minute = per_minute
        """Requests a minute that are never exceeded."""
        self._selected: frozenset[str] = frozenset()
        self._stir = asyncio.Event()
        self._underway = 0
        self._failures = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._gave = False
        self.paused = False
        """Whether polling rests; `resume` ends it."""
        self.outage: Outage | None = None
        """Why nothing is being asked just now; None where all is well."""

    def set_selected(self, runner_ids: Iterable[str]) -> None:
        """Say whose lists are under the cursor: they are asked for first."""
        self._selected = frozenset(runner_ids)
        self._prefer()
        self._stir.set()

    def refresh(self, targets: Iterable[str]) -> None:
        """Ask for these lists next, as soon as the budget allows."""
        self._schedule.make_due(targets)
        self._stir.set()

    def expected_interval(self, target: str) -> float:
        """Seconds between two answers about a list, as long as all goes well."""
        return self._schedule.expected_interval(target)

    @property
    def selected(self) -> frozenset[str]:
        """Whose lists are under the cursor."""
        return self._selected

    def pause(self) -> None:
        """Ask for nothing until `resume`."""
        self.paused = True
        _logger.info("polling state=paused")

    def resume(self) -> None:
        """Go on, with what is on screen first: everything is old."""
        self.paused = False
        _logger.info("polling state=resumed")
        self.refresh((RUNNER_LIST, *(runner.id for runner in self._runs.runners)))

    async def acquire_request(self) -> None:
        """Wait until a request of somebody else fits into the budget, and count it.

        While several wait for their turns, every other request is theirs.
        """
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        self._stir.set()
        await turn

    async def run(self) -> None:
        """Poll until cancelled."""
        unsubscribe = self._runs.subscribe(self._on_changes)
        try:
            async with asyncio.TaskGroup() as asking:
                while True:
                    await self._step(asking)
        finally:
            unsubscribe()

    async def _step(self, asking: asyncio.TaskGroup) -> None:
        self._stir.clear()
        self._look_for_sleep()
        # Where there is trouble, one request is enough to find out whether it is over.
        if self.paused or self._underway >= (1 if self.outage else MAX_CONCURRENT):
            await self._stir.wait()
            return
        if self._gave_a_turn():
            return
        now = self._clock()
        target, wait = self._schedule.next_target(now)
        held = self._schedule.seconds_until_allowed(now)
        self._gave = self._gave and held > 0
        if target is None:
            await self._rest(held if self._waiting else wait)
            return
        self._schedule.request_sent(target, self._clock())
        self._underway += 1
        asking.create_task(self._ask(target))

    def _look_for_sleep(self) -> None:
        """After a sleep everything is old, and waiting for an outage of before makes no sense."""
        slept = self._watch.check(self._wall(), self._clock())
        if slept:
            _logger.info("suspended seconds=%.0f", slept)
            self._runs.add_suspend_time(slept)
            self._schedule.make_due((RUNNER_LIST, *(runner.id for runner in self._runs.runners)))

    def _gave_a_turn(self) -> bool:
        """Let somebody else send a request, unless that was so just before."""
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()  # It was cancelled.
        now = self._clock()
        if self._gave or not self._waiting or self._schedule.seconds_until_allowed(now) > 0:
            return False
        self._schedule.consume(now)
        self._waiting.popleft().set_result(None)
        self._gave = True
        return True

    async def _rest(self, seconds: float) -> None:
        """Wait so long, or until something changes."""
        stirred = asyncio.ensure_future(self._stir.wait())
        slept = asyncio.ensure_future(self._sleep(min(seconds, SUSPEND_CHECK_SECONDS)))
        try:
            await asyncio.wait((stirred, slept), return_when=asyncio.FIRST_COMPLETED)
        finally:
            stirred.cancel()
            slept.cancel()

    async def _ask(self, target: str) -> None:
        try:
            await self._fetch(target)
        except NodionError as error:
            _log_poll(target, error)
            self._failed(target, error)
        else:
            _log_poll(target)
            self._recovered(target)
        finally:
            self._underway -= 1
            self._stir.set()

    async def _fetch(self, target: str) -> None:
        if target == RUNNER_LIST:
            self._runs.apply_runners(await self._client().list_runners())
            return
        asked_at = self._clock()
        listing = await self._client().list_runs(target)
        if self._runs.runner(target) is not None:
            self._runs.apply_runs(target, listing, requested_at=asked_at)

    def _recovered(self, target: str) -> None:
        self._failures = 0
        self.outage = None
        self._schedule.request_succeeded(target)

    def _failed(self, target: str, error: NodionError) -> None:
        failures = self._schedule.request_failed(target)
        if isinstance(error, _EVERYWHERE):
            self._hold(error)
        else:
            pause = RUNNERS_SECONDS if target == RUNNER_LIST else self._delay(error, failures)
            self._schedule.postpone(target, self._clock() + pause)
        if target == RUNNER_LIST:
            self._runs.runner_list_failed(error)
        else:
            self._runs.list_failed(target, error)

    def _hold(self, error: NodionError) -> None:
        now = self._clock()
        if self.outage and now < self.outage.retry_at:
            return  # A request that left before the trouble: it is no further failure.
        self._failures += 1
        retry_at = now + self._delay(error, self._failures)
        self._schedule.pause_until(retry_at, mandatory=_retry_after(error) is not None)
        since = self.outage.since if self.outage else self._utcnow()
        self.outage = Outage(error, since, retry_at)
        _logger.info(
            "polling state=held retry_in=%.1f error=%s", retry_at - now, type(error).__name__
        )

    def _delay(self, error: NodionError, failures: int) -> float:
        if isinstance(error, KeyRejected):
            return KEY_RETRY_SECONDS
        return self._backoff.delay(failures, self._luck(), _retry_after(error))

    def _on_changes(self, changes: Changes) -> None:
        if changes.runners_changed:
            self._schedule.set_runners(runner.id for runner in self._runs.runners)
        if changes.runners_changed or changes.runs or changes.removed:
            self._prefer()
            self._stir.set()

    def _prefer(self) -> None:
        running = {key.runner_id for key in self._runs.active}
        self._schedule.set_preferred(selected=self._selected, running=running)


def _log_poll(target: str, error: NodionError | None = None) -> None:
    if _logger.isEnabledFor(logging.DEBUG):
        runner = None if target == RUNNER_LIST else loggable_id(target)
        name = type(error).__name__ if error else None
        _logger.debug(
            "poll list=%s runner=%s error=%s", "runs" if runner else "runners", runner, name
        )


def _retry_after(error: NodionError) -> float | None:
    return error.retry_after if isinstance(error, TooManyRequests | ServerError) else None
