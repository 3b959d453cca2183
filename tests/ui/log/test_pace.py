import asyncio

from textual.app import App
from textual.widget import Widget

from nodion_tui.ui.log.pace import Pace


async def test_no_touch_is_left_without_a_beat_however_short_the_wait() -> None:
    app = App[None]()
    async with app.run_test() as pilot:
        owner = Widget()
        await app.mount(owner)
        painted = asyncio.Event()

        def paint() -> int:
            painted.set()
            return 0

        pace = Pace(owner, paint)
        for delay in (1e-7, 1e-6, 1e-5, 1e-4) * 25:
            painted.clear()
            pace.rest(delay)
            pace.touch()
            await asyncio.wait_for(painted.wait(), 2)
        await pilot.pause()


async def test_a_flood_is_painted_in_steps_and_its_end_is_not_forgotten() -> None:
    app = App[None]()
    async with app.run_test():
        owner = Widget()
        await app.mount(owner)
        seen: list[int] = []
        news = 0

        def paint() -> int:
            seen.append(news)
            return 0

        pace = Pace(owner, paint)
        for _ in range(1000):
            news += 1
            pace.touch()
        assert seen == [1]
        async with asyncio.timeout(2):
            while seen[-1] < 1000:  # noqa: ASYNC110 - what is painted tells nobody
                await asyncio.sleep(0.01)
        assert seen == [1, 1000]


class Typist(App[None]):
    typing = False


async def test_a_frame_waits_for_a_key_on_its_way_but_not_for_long() -> None:
    app = Typist()
    async with app.run_test():
        owner = Widget()
        await app.mount(owner)
        seen: list[str] = []
        news = "before"

        def paint() -> int:
            seen.append(news)
            return 0

        pace = Pace(owner, paint)
        pace.touch()
        app.typing, news = True, "meanwhile"
        pace.rest(0)
        pace.touch()
        assert seen == ["before"]
        async with asyncio.timeout(2):
            while len(seen) < 2:  # noqa: ASYNC110 - what is painted tells nobody
                await asyncio.sleep(0.01)
        assert seen == ["before", "meanwhile"]


async def test_what_waited_for_a_key_is_painted_after_it() -> None:
    app = Typist()
    async with app.run_test():
        owner = Widget()
        await app.mount(owner)
        painted = asyncio.Event()

        def paint() -> int:
            painted.set()
            return 0

        pace = Pace(owner, paint)
        app.typing = True
        pace._painted_at = float("inf")
        pace.touch()
        assert not painted.is_set()
        app.typing = False
        await asyncio.wait_for(painted.wait(), 2)
