"""Holds running runs by a quiet stream each, so that their end is known at once."""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from nodion_tui.api.follow.byte_allowance import TooMuchOutput
from nodion_tui.model.errors import NodionError
from nodion_tui.model.loggable import loggable_id
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.streams.quiet_source import QuietSource
from nodion_tui.monitor.streams.quiet_stream import QuietStream, StreamFailed, StreamListener
from nodion_tui.monitor.streams.stream_budget import StreamBudget, StreamPriority

_logger = logging.getLogger(__name__)

RETRY_SECONDS = 60.0
"""Pause after a stream has failed; it doubles up to `MAX_RETRY_SECONDS`."""
MAX_RETRY_SECONDS = 600.0
GRACE_SECONDS = 1.0
"""Time from when a run is seen to go on until it is held: a log that is opened at once has the only
stream of its run, and a run of a moment costs no request."""


class NotStreamed(StrEnum):
    """Why a running run has no stream; its list is polled."""

    BUDGET = "all streams are in use"
    LONG = "its log is too long to be read for its end"
    FAILED = "its stream fails; it is tried again"


class _GivenUp(msgspec.Struct):
    reason: NotStreamed
    failures: int = 0
    until: float = math.inf
    """Monotonic time of the next attempt."""


class StreamNeeds(Protocol):
    """What quiet streams ask about a run."""

    def is_read(self, key: RunKey) -> bool:
        """Whether its log is being streamed anyway."""
        ...

    def is_on_screen(self, key: RunKey) -> bool:
        """Whether its row is on the screen."""
        ...

    def usual_end(self, run: Run) -> datetime | None:
        """When it ends usually; None if that is unknown."""
        ...


class QuietStreams:
    """Opens and closes quiet streams as runs start and end, within the budget of streams.

    Args:
        runs: tell which runs are running.
        source: opens streams.
        budget: grants them.
        listener: is told what they bring.
        needs: tells which runs need none, and which need one first.
        clock: monotonic, in seconds.
    """

    def __init__(
        self,
        runs: KnownRuns,
        source: QuietSource,
        budget: StreamBudget,
        *,
        listener: StreamListener,
        needs: StreamNeeds,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._runs = runs
        self._source = source
        self._budget = budget
        self._share = budget.share(self.wake)
        self._listener = listener
        self._needs = needs
        self._clock = clock
        self._changed = asyncio.Event()
        self._streams: dict[RunKey, QuietStream] = {}
        self._tasks: dict[RunKey, asyncio.Task[None]] = {}
        self._given_up: dict[RunKey, _GivenUp] = {}
        self._last_ids: dict[RunKey, str] = {}
        self._usual_ends: dict[RunKey, float] = {}
        self._seen_at: dict[RunKey, float] = {}
        self.paused = False
        """Whether nothing is streamed, as nobody looks; call `wake` after a change."""
        self.bytes_received = 0
        """Bytes of the streams that have been closed; `bytes_total` has all."""

    @property
    def bytes_total(self) -> int:
        """Bytes that quiet streams have brought so far."""
        return self.bytes_received + sum(each.allowance.used for each in self._streams.values())

    @property
    def held(self) -> Collection[RunKey]:
        """The runs whose end is told by their streams."""
        return [key for key, stream in self._streams.items() if stream.is_held]

    @property
    def long_keys(self) -> Collection[RunKey]:
        """The runs that are left to polling as there is too much to read."""
        return [key for key, each in self._given_up.items() if each.reason is NotStreamed.LONG]

    def is_held(self, key: RunKey) -> bool:
        """Whether the end of a run is told by its stream."""
        stream = self._streams.get(key)
        return stream is not None and stream.is_held

    def not_streamed(self, key: RunKey) -> NotStreamed | None:
        """Why a run is left to polling; None if it is not."""
        if key in self._share.granted or self._needs.is_read(key):
            return None
        if (given_up := self._given_up.get(key)) is not None:
            return given_up.reason
        return NotStreamed.BUDGET if key in self._share.wanted else None

    def all_not_streamed(self) -> Mapping[RunKey, NotStreamed]:
        """The running runs that are left to polling, and why."""
        keys = (*self._given_up, *self._share.wanted)
        reasons = ((key, self.not_streamed(key)) for key in keys)
        return {key: reason for key, reason in reasons if reason is not None}

    def wake(self) -> None:
        """Look anew at what is to be streamed."""
        self._changed.set()

    def log_read(self, key: RunKey, last_id: str) -> None:
        """The log of a run has been read up to a line: nothing before it need be read again."""
        self._last_ids[key] = last_id
        self._given_up.pop(key, None)
        self.wake()

    async def run(self) -> None:
        """Hold runs until cancelled."""
        unsubscribe = self._runs.subscribe(self._on_changes)
        try:
            async with asyncio.TaskGroup() as group:
                while True:
                    self._changed.clear()
                    self._update(group)
                    await self._rest()
        finally:
            unsubscribe()
            self._share.close()

    async def _rest(self) -> None:
        """Wait for a change, or until a stream is to be opened or tried again."""
        now = self._clock()
        held_from = (seen_at + GRACE_SECONDS for seen_at in self._seen_at.values())
        times = [*(each.until for each in self._given_up.values()), *filter(now.__lt__, held_from)]
        next_at = min(times, default=math.inf)
        seconds = None if math.isinf(next_at) else max(0.0, next_at - now)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._changed.wait()

    def _on_changes(self, changes: Changes) -> None:
        gone = set(changes.removed)
        for key in changes.runs:
            run = self._runs.run(key)
            if run is None or run.is_final:
                gone.add(key)
        for key in gone:
            for memory in (self._given_up, self._last_ids, self._usual_ends, self._seen_at):
                memory.pop(key, None)
        if changes.runs or changes.removed or changes.runners_changed:
            self.wake()

    def _update(self, group: asyncio.TaskGroup) -> None:
        self._share.want({} if self.paused else self._wanted())
        for key in [key for key in self._tasks if key not in self._share.granted]:
            self._tasks.pop(key).cancel()
            self._close(key)
        for key in self._share.granted - self._tasks.keys():
            stream = QuietStream(key, self._source, self._listener, self._last_ids.get(key))
            self._streams[key] = stream
            self._tasks[key] = group.create_task(self._hold(stream))

    def _wanted(self) -> dict[RunKey, StreamPriority]:
        """The running runs to hold, those first that need it most."""
        now = self._clock()
        runs = [
            run
            for key in self._runs.active
            if (run := self._runs.run(key)) is not None
            and run.status != RunStatus.PENDING
            and self._is_tried(key, now)
            and not self._needs.is_read(key)
        ]
        if len(runs) > self._budget.streams:
            runs.sort(key=self._usual_end)
        on_screen, rest = StreamPriority.ON_SCREEN, StreamPriority.REST
        return {run.key: on_screen if self._needs.is_on_screen(run.key) else rest for run in runs}

    def _is_tried(self, key: RunKey, now: float) -> bool:
        if now < self._seen_at.setdefault(key, now) + GRACE_SECONDS:
            return False
        given_up = self._given_up.get(key)
        return given_up is None or given_up.until <= now

    def _usual_end(self, run: Run) -> float:
        """When a run ends usually, the earliest first; where nothing is usual, when it started."""
        if run.key not in self._usual_ends:
            usual = self._needs.usual_end(run) or run.started_at or run.created_at
            self._usual_ends[run.key] = usual.timestamp() if usual else math.inf
        return self._usual_ends[run.key]

    async def _hold(self, stream: QuietStream) -> None:
        key, given_up = stream.key, None
        try:
            await stream.run()
        except TooMuchOutput:
            given_up = _GivenUp(NotStreamed.LONG)
        except (StreamFailed, NodionError) as error:
            given_up = self._failed(key, error)
        except Exception as error:  # a fault here must end neither polling nor the app
            _logger.exception("quiet stream run=%s", loggable_id(key.run_id))
            given_up = self._failed(key, error)
        if stream.allowance.used and given_up and given_up.failures:
            given_up.failures = 1
        if self._tasks.get(key) is asyncio.current_task():
            del self._tasks[key]
            self._end(key, given_up)

    def _failed(self, key: RunKey, error: Exception) -> _GivenUp:
        previous = self._given_up.get(key)
        failures = previous.failures + 1 if previous else 1
        pause = min(RETRY_SECONDS * 2 ** (failures - 1), MAX_RETRY_SECONDS)
        _logger.info(
            "quiet stream run=%s retry_in=%.0f error=%s",
            loggable_id(key.run_id),
            pause,
            type(error).__name__,
        )
        return _GivenUp(NotStreamed.FAILED, failures, self._clock() + pause)

    def _end(self, key: RunKey, given_up: _GivenUp | None) -> None:
        """A stream has ended by itself: with its run, or because it is given up."""
        self._close(key)
        run = self._runs.run(key)
        if run is not None and not run.is_final:
            # A stream that ended without the end of its run is a failed one as well.
            self._given_up[key] = given_up or self._failed(key, StreamFailed("it ended"))
        self._listener.held_changed(key)
        self.wake()

    def _close(self, key: RunKey) -> None:
        stream = self._streams.pop(key)
        self.bytes_received += stream.allowance.used
        if stream.after_id is not None:
            self._last_ids[key] = stream.after_id
