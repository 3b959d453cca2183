"""The logs of the wall are read while it is on the screen."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.wall.membership import FeedMode, WallMembership
from nodion_tui.ui.wall.tile_text import FeedState
from nodion_tui.ui.wall.wall_reader import WallReader
from tests.support.hostile import until
from tests.support.running import running, wait_for_change


async def writing_run(client: NodionClient, runner: str) -> Run:
    """A running run that has written a line."""
    run = await client.trigger(runner, TriggerRequest())
    while not (await client.get_logs(*run.key)).items:
        pass
    return await client.get_run(*run.key)


class Reading:
    """A reader of the wall of one running run."""

    def __init__(self, monitor: Monitor, run: Run, streams: int) -> None:
        monitor.runs.apply_run(run)
        self.key = run.key
        self.wall = WallMembership(streams=streams)
        self.wall.update([run], monitor.runs.run, 0.0)
        self.wall.set_visible([run.key])
        self.reader = WallReader(self.wall, monitor)
        self.session = monitor.logs.get(run.key)

    async def has_lines(self) -> None:
        await wait_for_change(self.session.subscribe, lambda: self.session.state.lines > 0)


@asynccontextmanager
async def reading(
    profile: Profile, client: NodionClient, runner: str, *, streams: int
) -> AsyncIterator[Reading]:
    monitor = Monitor(profile)
    async with running(monitor):
        await until(lambda: monitor.started)
        shown = Reading(monitor, await writing_run(client, runner), streams)
        yield shown
        shown.reader.stop()


async def test_a_log_is_streamed_until_reading_stops(
    profile: Profile, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    async with reading(profile, client, runner_id("Until stopped"), streams=1) as shown:
        assert not shown.session.in_use
        shown.reader.start()
        shown.reader.start()
        await shown.has_lines()
        stats = shown.reader.stats(0, 1)
        assert (stats.running, stats.streamed, stats.polled, stats.failure) == (1, 1, 0, "")
        assert shown.reader.feed_state(shown.key) == FeedState(FeedMode.STREAM)
        final = Run(id=shown.key.run_id, runner_id=shown.key.runner_id, status="succeeded")
        shown.wall.update((), lambda _key: final, now=1.0)
        stats = shown.reader.stats(0, 1)
        assert (stats.running, stats.ended, stats.streamed) == (0, 1, 0), "its rest is still read"
        shown.reader.stop()
        await until(lambda: not shown.session.in_use)


async def test_a_log_without_a_stream_is_polled(
    profile: Profile, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    async with reading(profile, client, runner_id("Until stopped"), streams=0) as shown:
        assert shown.reader.feed_state(shown.key) == FeedState(FeedMode.POLL)
        shown.reader.start()
        await shown.has_lines()
        assert shown.reader.feed_state(shown.key) == FeedState(FeedMode.POLL, 15.0)
        stats = shown.reader.stats(0, 1)
        assert (stats.streamed, stats.polled, stats.poll_seconds) == (0, 1, 15.0)


async def test_a_mode_that_changed_is_taken_in_when_woken(
    profile: Profile, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    async with reading(profile, client, runner_id("Until stopped"), streams=1) as shown:
        shown.reader.start()
        await shown.has_lines()
        shown.wall.set_visible([])
        shown.reader.wake()
        await until(lambda: not shown.session.in_use)
        assert shown.reader.stats(0, 0).streamed == 0


async def test_an_internal_error_is_told_and_forgotten_at_the_next_start() -> None:
    monitor = Monitor(Profile())  # not started: it has no client to read with
    shown = Reading(monitor, Run(id="1", runner_id="a", status="running"), streams=1)
    shown.reader.start()
    await until(lambda: "log reader stopped" in shown.reader.stats(0, 1).failure)
    shown.reader.start()
    assert shown.reader.stats(0, 1).failure, "reading has ended, until the wall is left"
    shown.reader.stop()
    assert not shown.reader.stats(0, 1).failure
