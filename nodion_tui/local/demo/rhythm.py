"""The present of the demo: runs that are triggered one after the other, and really executed."""

import asyncio
import contextlib
from collections.abc import Sequence
from itertools import cycle
from typing import NamedTuple, Self

from nodion_tui.local.demo.shop_runners import SHOP_RUNNERS
from nodion_tui.local.demo_jobs.shop import FAILURE_VARIABLE
from nodion_tui.local.execution.engine import Engine
from nodion_tui.local.storage.store_faults import StoreUnavailable
from nodion_tui.model.trigger import EnvVariable, TriggerRequest

PAUSE_SECONDS = 5.0
"""Time between the first two triggers after the opening."""
SLOWER_SECONDS = 0.05
"""Added to each further pause: after a night a demo has a thousand runs, not ten thousand."""


class _Trigger(NamedTuple):
    job: str
    failure: str = ""
    turn: int = 0
    """Selects among the arguments of the runner's schedule."""


OPENING: Sequence[_Trigger] = (
    _Trigger("webhooks", "storage"),
    _Trigger("thumbnails"),
    _Trigger("queue"),
)
"""At the start, in this order: one fails after some three seconds, the others outlast ten.

The last one is the run that a dashboard selects first: its log has something of everything."""
ROUND: Sequence[_Trigger] = (
    _Trigger("thumbnails"),
    _Trigger("webhooks"),
    _Trigger("thumbnails"),
    _Trigger("webhooks", turn=1),
    _Trigger("thumbnails", "lock"),
    _Trigger("webhooks"),
    _Trigger("queue"),
    _Trigger("webhooks", "storage"),
)
"""What follows, over and over."""


class DemoRhythm:
    """`async with DemoRhythm(engine):` keeps something happening until the block exits."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._runners = {runner.job: runner for runner in SHOP_RUNNERS}
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        for trigger in OPENING:
            await self._trigger(trigger)
        self._task = asyncio.create_task(self._continue())
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _continue(self) -> None:
        for number, trigger in enumerate(cycle(ROUND)):
            await asyncio.sleep(PAUSE_SECONDS + number * SLOWER_SECONDS)
            await self._trigger(trigger)

    async def _trigger(self, trigger: _Trigger) -> None:
        """Trigger a run; on a full disk none, as the engine tells by itself."""
        runner = self._runners[trigger.job]
        variables = (EnvVariable(FAILURE_VARIABLE, trigger.failure),) if trigger.failure else ()
        with contextlib.suppress(StoreUnavailable):
            request = TriggerRequest(
                argv=runner.argv(trigger.turn) or None, env_variables=variables
            )
            await self._engine.trigger(runner.spec, request)
