import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App
from textual.widget import Widget

from nodion_tui.ui.log.paint_throttle import FRAMES_PER_SECOND, PaintThrottle


class Typist(App[None]):
    typing = False


class Owner(Widget):
    """Records the state at each paint."""

    def __init__(self) -> None:
        super().__init__()
        self.news: object = None
        self.seen: list[object] = []
        self.painted = asyncio.Event()
        self.pace = PaintThrottle(self, self._paint)

    def _paint(self) -> int:
        self.seen.append(self.news)
        self.painted.set()
        return 0


@asynccontextmanager
async def painting() -> AsyncIterator[tuple[Typist, Owner]]:
    app = Typist()
    async with app.run_test():
        owner = Owner()
        await app.mount(owner)
        yield app, owner


async def test_no_touch_is_left_without_a_beat_however_short_the_wait() -> None:
    async with painting() as (_, owner):
        for delay in (1e-7, 1e-6, 1e-5, 1e-4) * 25:
            owner.painted.clear()
            owner.pace.pause(delay)
            owner.pace.request()
            await asyncio.wait_for(owner.painted.wait(), 2)


async def test_a_flood_is_painted_in_steps_and_its_end_is_not_forgotten() -> None:
    async with painting() as (_, owner):
        for owner.news in range(1, 1001):
            owner.pace.request()
        assert owner.seen == [1]
        owner.painted.clear()
        await asyncio.wait_for(owner.painted.wait(), 2)
        assert owner.seen == [1, 1000]


async def test_a_flood_is_painted_half_as_often_and_its_end_at_once() -> None:
    async with painting() as (_, owner):
        owner.pace.observe(end=31, height=30, follow=True)
        owner.pace.request()
        began = time.monotonic()
        owner.painted.clear()
        owner.pace.request()
        await asyncio.wait_for(owner.painted.wait(), 2)
        assert time.monotonic() - began > 1.5 / FRAMES_PER_SECOND
        owner.painted.clear()
        owner.pace.request()
        waits = [not owner.pace._throttle.is_free]
        owner.pace.release()
        waits.append(not owner.pace._throttle.is_free)
        assert waits == [True, False]
        await asyncio.wait_for(owner.painted.wait(), 2)


async def test_a_frame_waits_for_a_key_on_its_way_but_not_for_long() -> None:
    async with painting() as (app, owner):
        owner.news = "before"
        owner.pace.request()
        app.typing, owner.news = True, "meanwhile"
        owner.pace.pause(0)
        owner.pace.request()
        assert owner.seen == ["before"]
        owner.painted.clear()
        await asyncio.wait_for(owner.painted.wait(), 2)
        assert owner.seen == ["before", "meanwhile"]


async def test_what_waited_for_a_key_is_painted_after_it() -> None:
    async with painting() as (app, owner):
        app.typing = True
        owner.pace._painted_at = float("inf")
        owner.pace.request()
        assert not owner.painted.is_set()
        app.typing = False
        await asyncio.wait_for(owner.painted.wait(), 2)
