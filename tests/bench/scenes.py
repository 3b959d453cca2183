"""The app in this process, on a real service, for what can be told of one thing it does.

Its ticks and polls are held: they are done by hand, so that nothing else happens meanwhile.
"""

import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import msgspec
from textual.pilot import Pilot

from nodion_tui.api.client import RUN_DECODER, _owned
from nodion_tui.api.decode.listing_cache import ListingCache
from nodion_tui.api.follow.events import NewLines
from nodion_tui.config import Profile, Secret
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.log.pane import LogPane
from tests.bench.fleet import Fleet, Plan, list_of
from tests.bench.loglike import pages
from tests.bench.service import service
from tests.support.counting import CountedApp, counted_app, settled, stop_ticking

FEW = 5
"""Times that calls are counted: they are the same every time, but for what was cached."""


@dataclass(frozen=True)
class Cost:
    """What one thing takes.

    Calls are the median; time is the better quarter's, for others use the machine, too.
    """

    calls: float
    """Of the product's functions."""
    ms: float
    """Milliseconds of a core, without those that the waiting for its end takes."""


@dataclass(frozen=True)
class Scene:
    """The app, and what can be done with it."""

    app: CountedApp
    pilot: Pilot[None]
    fleet: Fleet
    cache: ListingCache = field(default_factory=ListingCache)

    @property
    def monitor(self) -> Monitor:
        """What the app knows."""
        assert self.app.watcher.monitor is not None
        return self.app.watcher.monitor

    @property
    def log(self) -> LogPane:
        """The pane of the log."""
        assert self.app.dashboard._log is not None
        return self.app.dashboard._log

    @property
    def session(self) -> LogSession:
        """What it shows."""
        assert self.log.session is not None
        return self.log.session

    @property
    def owner(self) -> str:
        """The first runner's id."""
        return self.monitor.runs.runners[0].id

    def answer(self) -> bytes:
        """The service's next answer about the first runner's runs."""
        return self.fleet.body(list_of(self.owner), "")

    def decode(self, body: bytes) -> Listing[Run]:
        """As the client does."""
        return self.cache.decode(
            self.owner, body, RUN_DECODER, partial(_owned, runner_id=self.owner)
        )

    async def poll(self, listing: Listing[Run]) -> None:
        """Take an answer in and paint what it changes."""
        self.monitor.runs.apply_runs(self.owner, listing)
        await self.settled()

    async def append(self, lines: NewLines) -> None:
        """Take lines in and paint them."""
        self.session._handle(lines)
        await self.settled()

    async def tick(self) -> None:
        """A second has passed."""
        self.app.dashboard._tick()
        await self.settled()

    async def press(self, key: str) -> None:
        """Press a key and wait until what it does is painted."""
        await self.pilot.press(key)
        await self.settled()

    async def settled(self) -> None:
        """Wait until all that is under way has been painted."""
        await settled(self.app, self.pilot)

    async def cost(self, act: Callable[[], Awaitable[None]], times: int) -> Cost:
        """What something takes that can be done `times` and a few times more."""
        # In turn, for a core that is faster for a while is so for both.
        rests, uses = zip(
            *[(await _used(self.settled), await _used(act)) for _ in range(times)], strict=True
        )
        calls = []
        for _ in range(FEW):
            with self.app.counted() as work:
                await act()
            calls.append(work.total)
        return Cost(statistics.median(calls), max(0.0, _typical(uses) - _typical(rests)))


async def _used(act: Callable[[], Awaitable[None]]) -> float:
    """Milliseconds of a core."""
    began = time.process_time()
    await act()
    return (time.process_time() - began) * 1000


def _typical(used: Sequence[float]) -> float:
    """What something takes when nothing else comes between: less than that of most times."""
    return statistics.quantiles(used, n=4)[0]


@asynccontextmanager
async def scene(plan: Plan, lines: int = 0) -> AsyncIterator[Scene]:
    """The dashboard when it has read all there is, and has come to rest.

    Args:
        plan: what the service holds.
        lines: of the log of the newest run, on top of what the service sent.
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
        log = made.app.dashboard._log
        return held == plan.runners * plan.runs and log is not None and log.session is not None

    while not is_loaded():
        await made.pilot.pause(0.05)
    while made.session.state.last_event_at is None:
        await made.pilot.pause(0.05)
    await made.settled()
