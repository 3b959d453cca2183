"""Starts many runs, one request after the other, each sent once.

One at a time, so that of each lost answer the new runs can be told from those of the other
requests. A request is never repeated by itself; `retry` is for a person, and takes only those that
surely did not start.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import TypeVar

from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import (
    BadRequest,
    ConfigError,
    ConnectionLost,
    NodionError,
    NotAllowed,
    NotReachable,
    ReadOnly,
    ResourceNotFound,
    TooManyRequests,
)
from nodion_tui.model.run import RunKey
from nodion_tui.monitor.many.planned_start import PlannedStart, StartOutcome, StartState
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.run_control import RunControl
from nodion_tui.monitor.runs.unknown_outcome import TriggerOutcomeUnknown

T = TypeVar("T")

MAX_UNKNOWN_IN_A_ROW = 5
"""Answers lost one after the other, after which the series ends: the service is not well."""
_HOPELESS = (NotAllowed, NotReachable, ConfigError, ReadOnly)
"""Errors that every further request would meet as well."""


async def _at_once() -> None:
    """Every request may be sent at once."""


async def _never() -> None:
    """Wait until something changes."""
    await asyncio.Event().wait()


class StartSeries:
    """The starts, and what became of each.

    Args:
        starts: in the order in which they are sent.
        control: sends them.
        runs: the known runs, which tell of ends.
        at_most: number of these runs that may be active at once; None: any.
        acquire: waits until the next request fits into the budget.
        look: one look for runs that have ended, while the series waits for one; may take a while.
        on_change: called for each step, with the index of the start.
        backoff: the pause after a 429 that names none.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        starts: Sequence[PlannedStart],
        control: RunControl,
        runs: KnownRuns,
        *,
        at_most: int | None = None,
        acquire: Callable[[], Awaitable[None]] = _at_once,
        look: Callable[[], Awaitable[None]] = _never,
        on_change: Callable[[int], None] = lambda _: None,
        backoff: Backoff | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.starts = tuple(starts)
        self.outcomes = [StartOutcome() for _ in starts]
        """What became of each start."""
        self.on_change = on_change
        self._control = control
        self._runs = runs
        self._at_most = at_most
        self._acquire = acquire
        self._look = look
        self._backoff = backoff or Backoff()
        self._clock = clock
        self._stopped = asyncio.Event()
        self._changed = asyncio.Event()
        self._paused_until = 0.0
        self._refusals = self._unknown_in_a_row = 0
        self._pointless: set[object] = set()
        self._is_waiting_for_room = False

    @property
    def is_done(self) -> bool:
        """Whether nothing is sent any more."""
        return not {StartState.WAITING, StartState.SENDING} & {each.state for each in self.outcomes}

    @property
    def hold(self) -> str:
        """Why the next start waits, in words; empty if it does not."""
        seconds = self._paused_until - self._clock()
        if self.is_done or self._stopped.is_set():
            return ""
        if seconds > 0:
            return f"too many requests: the next one is sent in {seconds:.0f} s"
        if self._is_waiting_for_room:
            return f"{self._active_count()} active, at most {self._at_most} at a time"
        return ""

    def stop(self) -> None:
        """Send no more; a request that is under way is not withdrawn."""
        self._stopped.set()
        self._leave_out()

    def retry(self) -> int:
        """Let `run` send those that surely did not start once more; returns how many."""
        again = [index for index, each in enumerate(self.outcomes) if each.may_be_sent_again]
        for index in again:
            self._set(index, StartOutcome())
        self._unknown_in_a_row = 0
        self._pointless.clear()
        return len(again)

    async def run(self) -> None:
        """Send what is waiting, one after the other, until the last one or `stop`."""
        self._stopped.clear()
        unsubscribe = self._runs.subscribe(lambda _: self._changed.set())
        try:
            for index, outcome in enumerate(self.outcomes):
                if outcome.state is not StartState.WAITING or self._is_pointless(index):
                    continue
                if not await self._may_send():
                    break
                if await self._send(index):
                    break
        finally:
            unsubscribe()
            self._leave_out()

    def _leave_out(self) -> None:
        """What is not sent by now is not sent any more."""
        for index, outcome in enumerate(self.outcomes):
            if outcome.state is StartState.WAITING:
                self._set(index, StartOutcome(StartState.LEFT_OUT))

    async def check_unknown(self) -> None:
        """List the runs again that may be those of unknown outcomes; they stay unknown."""
        for index, outcome in enumerate(self.outcomes):
            if outcome.unknown is not None:
                await self._list_again(index, outcome.unknown)

    async def _may_send(self) -> bool:
        """Wait until the next request may be sent; False: it is not to be sent any more."""
        pause = self._paused_until - self._clock()
        if pause > 0 and not await self._unless_stopped(asyncio.sleep(pause)):
            return False
        if not await self._unless_stopped(self._wait_for_room()):
            return False
        return await self._unless_stopped(self._acquire())

    async def _unless_stopped(self, work: Awaitable[None]) -> bool:
        """Wait for something; returns False once the series is stopped."""
        task = asyncio.ensure_future(work)
        stopped = asyncio.ensure_future(self._stopped.wait())
        try:
            await asyncio.wait((task, stopped), return_when=asyncio.FIRST_COMPLETED)
            if self._stopped.is_set():
                return False
            task.result()
            return True
        finally:
            for each in (task, stopped):
                each.cancel()
            with suppress(asyncio.CancelledError, NodionError):
                await task

    async def _send(self, index: int) -> bool:
        """Send one request, once; returns whether the series ends with it."""
        start = self.starts[index]
        try:
            sent = self._control.prepare(start.runner_id, start.request)
        except RuntimeError:  # the profile was left: its client is gone
            return True
        self._set(index, StartOutcome(StartState.SENDING))
        outcome = StartOutcome(StartState.UNKNOWN)  # if this is cancelled before the answer
        try:
            outcome = StartOutcome(StartState.STARTED, run=await self._control.send(sent))
        except TriggerOutcomeUnknown as unknown:
            outcome = StartOutcome(StartState.UNKNOWN, unknown=self._without_ours(unknown))
        except NodionError as error:
            lost = isinstance(error, ConnectionLost)
            state = StartState.UNKNOWN if lost else StartState.REFUSED
            outcome = StartOutcome(state, error=error)
            self._learn_from(start, error)
        finally:
            self._set(index, outcome)
        if outcome.state is StartState.STARTED:
            self._refusals = 0
        is_unknown = outcome.state is StartState.UNKNOWN
        self._unknown_in_a_row = self._unknown_in_a_row + 1 if is_unknown else 0
        is_hopeless = isinstance(outcome.error, _HOPELESS)
        return is_hopeless or self._unknown_in_a_row >= MAX_UNKNOWN_IN_A_ROW

    def _is_pointless(self, index: int) -> bool:
        """Whether the same request was refused before, or its runner does not exist."""
        start = self.starts[index]
        return not self._pointless.isdisjoint({start.runner_id, (start.runner_id, start.request)})

    def _learn_from(self, start: PlannedStart, error: NodionError) -> None:
        """Send nothing that would be refused as well, and nothing before its time."""
        if isinstance(error, ResourceNotFound):
            self._pointless.add(start.runner_id)
        elif isinstance(error, BadRequest):
            self._pointless.add((start.runner_id, start.request))
        elif isinstance(error, TooManyRequests):
            self._refusals += 1
            luck = random.random()  # noqa: S311 - jitter
            pause = self._backoff.delay(self._refusals, luck, error.retry_after)
            self._paused_until = self._clock() + pause

    async def _wait_for_room(self) -> None:
        """Wait until fewer than `at_most` of these runs are active."""
        if self._at_most is None:
            return
        try:
            while self._active_count() >= self._at_most:
                self._is_waiting_for_room = True
                self._changed.clear()
                await self._look_or_change()
                for index, outcome in enumerate(self.outcomes):
                    if outcome.unknown is not None and not outcome.unknown.listed:
                        await self._list_again(index, outcome.unknown)
        finally:
            self._is_waiting_for_room = False

    async def _look_or_change(self) -> None:
        works = [asyncio.ensure_future(self._look()), asyncio.ensure_future(self._changed.wait())]
        try:
            done, _ = await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
            for each in done:
                each.result()
        finally:
            for each in works:
                each.cancel()

    def _active_count(self) -> int:
        """How many of these runs have not ended, as far as is known.

        Of an unknown outcome, a new run that matches counts; where the runs could not be listed,
        the start counts itself.
        """
        keys = self._started_keys()
        unlisted = 0
        for outcome in self.outcomes:
            if outcome.unknown is not None:
                unlisted += not outcome.unknown.listed
                keys |= {each.run.key for each in outcome.unknown.candidates if each.matches}
        return unlisted + len(keys & self._runs.active)

    async def _list_again(self, index: int, unknown: TriggerOutcomeUnknown) -> None:
        listed = await self._control.find_candidates(unknown.sent, unknown.detail)
        listed = self._without_ours(listed)
        self._set(index, StartOutcome(StartState.UNKNOWN, unknown=listed))

    def _without_ours(self, unknown: TriggerOutcomeUnknown) -> TriggerOutcomeUnknown:
        """The candidates without runs that other starts of this series are known to have."""
        ours = self._started_keys()
        candidates = tuple(each for each in unknown.candidates if each.run.key not in ours)
        return TriggerOutcomeUnknown(
            unknown.detail, unknown.sent, candidates, listed=unknown.listed
        )

    def _started_keys(self) -> set[RunKey]:
        return {outcome.run.key for outcome in self.outcomes if outcome.run is not None}

    def _set(self, index: int, outcome: StartOutcome) -> None:
        self.outcomes[index] = outcome
        self.on_change(index)
