"""The app in this process, on a real service, to measure single operations.

Ticks and polls are stopped and triggered explicitly, so that nothing else runs in between.
"""

import itertools
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from textual.pilot import Pilot

from nodion_tui.api.client import RUN_DECODER
from nodion_tui.api.decode.listing_cache import ListingCache
from nodion_tui.api.follow.events import NewLines
from nodion_tui.config import Profile, Secret
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.pane import LogPane
from tests.bench.fleet import Fleet, Plan, list_of
from tests.bench.loglike import pages
from tests.bench.service import service
from tests.support.counting import CountedApp, counted_app, settled, stop_ticking

FEW = 5
"""Repetitions for counting calls, which differ only by caching."""


@dataclass(frozen=True)
class Cost:
    """Cost of an operation.

    Calls are the median; time is the lower quartile, as other programs use the machine, too.
    """

    calls: float
    """Calls of the product's functions."""
    acting: float
    """CPU milliseconds of the operation and the wait for its end, which is most of it."""
    waiting: float
    """CPU milliseconds of such a wait alone."""

    @property
    def ms(self) -> float:
        """CPU milliseconds of the operation."""
        return max(0.0, self.acting - self.waiting)

    def least(self, other: "Cost") -> "Cost":
        """The least of two rounds, in each figure.

        Not the lesser difference: that is of the round in which the wait alone was disturbed most.
        """
        return Cost(
            min(self.calls, other.calls),
            min(self.acting, other.acting),
            min(self.waiting, other.waiting),
        )


@dataclass(frozen=True)
class Scene:
    """The app, and operations on it."""

    app: CountedApp
    pilot: Pilot[None]
    fleet: Fleet
    cache: ListingCache = field(default_factory=ListingCache)
    seconds: Iterator[int] = field(default_factory=partial(itertools.count, 1))
    """How far the clock is ahead after each tick."""

    @property
    def monitor(self) -> Monitor:
        """The monitor of the app."""
        assert self.app.watcher.monitor is not None
        return self.app.watcher.monitor

    @property
    def log(self) -> LogPane:
        """The log pane."""
        assert self.app.dashboard.log_slot.pane is not None
        return self.app.dashboard.log_slot.pane

    @property
    def session(self) -> LogSession:
        """The log session that is shown."""
        assert isinstance(self.log.session, LogSession)
        return self.log.session

    @property
    def owner(self) -> str:
        """Id of the first runner."""
        return self.monitor.runs.runners[0].id

    def answer(self) -> bytes:
        """The next answer of the service with the runs of the first runner."""
        return self.fleet.body(list_of(self.owner), "")

    def decode(self, body: bytes) -> Listing[Run]:
        """Decode an answer as the client does."""
        return self.cache.decode(
            self.owner, body, RUN_DECODER, partial(RunRecord.run_of, runner_id=self.owner)
        )

    async def poll(self, listing: Listing[Run]) -> None:
        """Apply an answer and paint the changes."""
        self.monitor.runs.apply_runs(self.owner, listing)
        await self.settled()

    async def append(self, lines: NewLines) -> None:
        """Add lines to the log and paint them."""
        self.session._handle(lines)
        await self.settled()

    async def tick(self) -> None:
        """Tick the screen a second later: most ticks of a fast loop would change nothing."""
        clock = self.monitor.accounts.first.client()._clock
        clock.local_time = partial(_time_in, next(self.seconds))
        self.app.dashboard.tick()
        await self.settled()

    async def press(self, key: str) -> None:
        """Press a key and wait until its effect is painted."""
        await self.pilot.press(key)
        await self.settled()

    async def settled(self) -> None:
        """Wait until all pending changes are painted."""
        await settled(self.app, self.pilot)

    async def cost(self, act: Callable[[], Awaitable[None]], times: int) -> Cost:
        """Cost of an operation that can be repeated a few more than `times`."""
        # Alternating, so that changes of the CPU speed affect both.
        rests, uses = zip(
            *[(await _used(self.settled), await _used(act)) for _ in range(times)], strict=True
        )
        calls = []
        for _ in range(FEW):
            with self.app.counted() as work:
                await act()
            calls.append(work.total)
        return Cost(statistics.median(calls), _typical(uses), _typical(rests))


def _time_in(seconds: int) -> float:
    return time.time() + seconds


async def _used(act: Callable[[], Awaitable[None]]) -> float:
    """CPU time in milliseconds."""
    began = time.process_time()
    await act()
    return (time.process_time() - began) * 1000


def _typical(used: Sequence[float]) -> float:
    """The lower quartile, which excludes most interruptions."""
    return statistics.quantiles(used, n=4)[0]


@asynccontextmanager
async def scene(plan: Plan, lines: int = 0) -> AsyncIterator[Scene]:
    """The dashboard after it has loaded all data and settled.

    Args:
        plan: data of the service.
        lines: additional lines of the log of the newest run.
    """
    with service(plan) as served:
        profile = Profile(name="bench", api_url=served.url, key=Secret("none"))
        limits: dict[str, Any] = {"requests_per_minute": 100_000, "max_log_bytes": 2**34}
        async with counted_app(profile, **limits) as (app, pilot):
            made = Scene(app, pilot, Fleet(msgspec.structs.replace(plan, lines=0)))
            await _loaded(made, plan)
            made.monitor.poller.pause()
            stop_ticking(app)
            for page in pages(lines):
                made.session._handle(NewLines(page, live=True))
            await made.settled()
            yield made


async def _loaded(made: Scene, plan: Plan) -> None:
    def is_loaded() -> bool:
        known = made.app.watcher.monitor
        held = len(known.runs.all_runs()) if known else 0
        log = made.app.dashboard.log_slot.pane
        return held == plan.runners * plan.runs and log is not None and log.session is not None

    while not is_loaded():
        await made.pilot.pause(0.05)
    while made.session.state.last_event_at is None:
        await made.pilot.pause(0.05)
    await made.settled()
