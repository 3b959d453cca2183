"""Which runs are on the wall, and how each log is read."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.api.client import NodionClient
from nodion_tui.model.run import Run, RunKey, RunRecord
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.wall.feed import WallFeed
from nodion_tui.monitor.wall.membership import FeedMode, WallMembership
from tests.support.brief_stops import shorten_stops

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


def run(number: int, status: str = "running") -> Run:
    created = NOON + timedelta(minutes=number)
    return RunRecord(id=f"run-{number}", runner_id="r", status=status, created_at=created).run


def key(number: int) -> RunKey:
    return RunKey("r", f"run-{number}")


def look(wall: WallMembership, runs: Iterable[Run], now: float = 0.0) -> bool:
    """Update the wall with these runs, all of them on the screen."""
    by_key = {member.key: member for member in runs}
    active = [member for member in by_key.values() if not member.is_final]
    changed = wall.update(active, by_key.get, now)
    wall.set_visible(wall.runs)
    return changed


def keys(*numbers: int) -> tuple[RunKey, ...]:
    return tuple(map(key, numbers))


def streamed(wall: WallMembership) -> set[RunKey]:
    return {run_key for run_key, feed in wall.feeds.items() if feed is FeedMode.STREAM}


def polled(wall: WallMembership) -> set[RunKey]:
    return {run_key for run_key, feed in wall.feeds.items() if feed is FeedMode.POLL}


def test_new_runs_join_at_the_end_and_queued_ones_wait() -> None:
    wall = WallMembership()
    assert look(wall, [run(3), run(1), run(2, "pending")])
    assert wall.runs == keys(1, 3)
    assert look(wall, [run(3), run(1), run(2)])
    assert wall.runs == keys(1, 3, 2)
    assert not look(wall, [run(3), run(1), run(2)])


def test_ended_runs_leave_after_a_grace_period() -> None:
    wall = WallMembership(grace=30)
    look(wall, [run(1), run(2)], now=0)
    look(wall, [run(1, "failed"), run(2)], now=10)
    assert wall.ended == keys(1)
    assert not look(wall, [run(1, "failed"), run(2)], now=39.9)
    assert look(wall, [run(1, "failed"), run(2)], now=40)
    assert wall.runs == keys(2)


def test_ended_runs_do_not_join_and_unlisted_ones_leave_at_once() -> None:
    wall = WallMembership()
    look(wall, [run(1, "succeeded"), run(2)])
    assert wall.runs == keys(2)
    assert look(wall, [])
    assert wall.runs == ()


def test_the_zoomed_run_does_not_leave() -> None:
    wall = WallMembership(grace=30)
    look(wall, [run(1)], now=0)
    ended = {key(1): run(1, "canceled")}
    wall.set_visible(wall.runs, zoomed=key(1))
    wall.update([], ended.get, 10)
    assert not wall.update([], ended.get, 1000)
    wall.set_visible(wall.runs)
    assert wall.update([], ended.get, 1001)


def test_dismissing_removes_only_ended_runs() -> None:
    wall = WallMembership()
    look(wall, [run(1), run(2)])
    look(wall, [run(1, "succeeded"), run(2)])
    assert wall.dismiss_ended()
    assert wall.runs == keys(2)
    assert not wall.dismiss_ended()


def test_a_streamed_run_stays_streamed_and_a_polled_one_takes_a_free_stream() -> None:
    wall = WallMembership(streams=2)
    look(wall, [run(1), run(2), run(3), run(4)])
    assert (streamed(wall), polled(wall)) == (set(keys(1, 2)), set(keys(3, 4)))
    wall.mark_read(key(1))
    assert wall.feeds[key(1)] is FeedMode.IDLE
    assert (streamed(wall), polled(wall)) == (set(keys(2, 3)), {key(4)})


def test_what_the_budget_of_all_streams_does_not_grant_is_polled_until_it_does() -> None:
    free = [key(2)]
    wall = WallMembership(streams=2, granted=lambda keys: [each for each in keys if each in free])
    look(wall, [run(1), run(2), run(3)])
    assert (streamed(wall), polled(wall)) == ({key(2)}, set(keys(1, 3)))
    free.append(key(1))
    wall.assign()
    assert (streamed(wall), polled(wall)) == (set(keys(1, 2)), {key(3)})


def test_the_zoomed_run_is_streamed_whatever_else_is() -> None:
    wall = WallMembership(streams=1)
    look(wall, [run(1), run(2)])
    wall.set_visible(keys(2), zoomed=key(2))
    assert wall.feeds == {key(1): FeedMode.IDLE, key(2): FeedMode.STREAM}


def test_logs_off_the_screen_are_not_read() -> None:
    wall = WallMembership()
    look(wall, [run(1), run(2)])
    wall.set_visible(keys(1))
    assert wall.feeds == {key(1): FeedMode.STREAM, key(2): FeedMode.IDLE}
    wall.set_visible(())
    assert set(wall.feeds.values()) == {FeedMode.IDLE}


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["run", "end", "read", "turn page"]),
        st.integers(0, 11),
        st.floats(0, 60),
    ),
    max_size=60,
)


@given(STEPS, st.integers(0, 4))
def test_streams_stay_within_the_limit_and_every_visible_log_is_read(
    steps: list[tuple[str, int, float]], streams: int
) -> None:
    wall, now = WallMembership(streams=streams, grace=50), 0.0
    runs: dict[RunKey, Run] = {}
    page = range(12)
    for what, number, seconds in steps:
        now += seconds
        match what:
            case "run":
                runs.setdefault(key(number), run(number))
            case "end":
                if key(number) in runs:
                    runs[key(number)] = run(number, "succeeded")
            case "read":
                if key(number) in runs:
                    wall.mark_read(key(number))
            case _:
                page = range(number, 12)
        before = streamed(wall)
        active = [each for each in runs.values() if not each.is_final]
        wall.update(active, runs.get, now)
        on_screen = [each for each in wall.runs if int(each.run_id[4:]) in page]
        wall.set_visible(on_screen)
        assert len(streamed(wall)) <= streams
        assert set(wall.feeds) == set(wall.runs) >= {each.key for each in active}
        read = {each for each, feed in wall.feeds.items() if feed is FeedMode.IDLE}
        assert polled(wall) == set() or len(streamed(wall)) == streams
        assert before & set(on_screen) - read <= streamed(wall)


class Watched:
    """A wall with real logs."""

    def __init__(self, client: NodionClient, streams: int) -> None:
        self.client = client
        self.sessions = LogSessionCache(ClientLogSource(lambda: client))
        self.wall = WallMembership(streams=streams)
        self.turns = 0
        self.feed = WallFeed(
            self.wall, self.sessions.get, self.turn, per_minute=6000, min_poll_seconds=0.05
        )
        self.runs: dict[RunKey, Run] = {}

    async def turn(self, _runner_id: str) -> None:
        self.turns += 1

    async def look(self, *run_keys: RunKey) -> None:
        """Update the wall with these runs, all of them on the screen."""
        self.runs |= {each: await self.client.get_run(*each) for each in run_keys}
        active = [each for each in self.runs.values() if not each.is_final]
        self.wall.update(active, self.runs.get, 0.0)
        self.wall.set_visible(self.wall.runs)
        self.feed.wake()

    @property
    def streaming(self) -> int:
        return sum(session.in_use for session in self.sessions.cached)

    def session(self, of: RunKey) -> LogSession:
        return self.sessions.get(of)

    def last(self, of: RunKey) -> str:
        buffer = self.session(of).buffer
        return buffer.entry(buffer.end - 1).body if buffer.end else ""

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():  # noqa: ASYNC110 - there are several causes
                await asyncio.sleep(0.02)


@asynccontextmanager
async def watching(client: NodionClient, streams: int) -> AsyncIterator[Watched]:
    watched = Watched(client, streams)
    task = asyncio.create_task(watched.feed.run())
    try:
        yield watched
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@pytest.fixture
def started(
    client: NodionClient, runner_id: Callable[[str], str]
) -> Callable[[str], "asyncio.Task[RunKey]"]:
    async def start(name: str) -> RunKey:
        run = await client.trigger(runner_id(name), TriggerRequest())
        while run.started_at is None:
            run = await client.get_run(*run.key)
        return run.key

    return lambda name: asyncio.create_task(start(name))


async def test_one_is_streamed_and_the_other_polled_and_both_tails_grow(
    client: NodionClient,
    started: Callable[[str], "asyncio.Task[RunKey]"],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shorten_stops(monkeypatch)
    first, second = await started("Until stopped"), await started("Until stopped")
    async with watching(client, streams=1) as watched:
        await watched.look(first, second)
        assert (watched.wall.feeds[first], watched.wall.feeds[second]) == (
            FeedMode.STREAM,
            FeedMode.POLL,
        )
        await watched.until(lambda: watched.last(first) == watched.last(second) == "tick")
        assert watched.streaming == 1
        lines = watched.session(second).state.lines
        await watched.until(lambda: watched.session(second).state.lines > lines)
        assert watched.turns >= 2
        await client.stop(*first)
        await client.stop(*second)
        # The stream ends, so it is used to read the other log to its confirmed end.
        await watched.until(lambda: watched.session(first).state.complete)
        await watched.until(lambda: watched.session(second).state.complete)
        await watched.look(first, second)
        assert set(watched.wall.feeds.values()) == {FeedMode.IDLE}


async def test_a_polled_run_that_has_ended_is_read_to_its_end_without_a_stream(
    client: NodionClient, started: Callable[[str], "asyncio.Task[RunKey]"]
) -> None:
    key = await started("Until stopped")
    async with watching(client, streams=0) as watched:
        await watched.look(key)
        await watched.until(lambda: watched.last(key) == "tick")
        await client.stop(*key)
        await watched.look(key)
        await watched.until(lambda: watched.wall.feeds[key] is FeedMode.IDLE)
        logs = await client.get_logs(*key, watched.session(key).buffer.last_id)
        assert logs.items == ()
        assert watched.streaming == 0


async def test_leaving_the_screen_ends_the_stream_and_returning_fetches_new_lines(
    client: NodionClient, started: Callable[[str], "asyncio.Task[RunKey]"]
) -> None:
    key = await started("Until stopped")
    async with watching(client, streams=1) as watched:
        await watched.look(key)
        await watched.until(lambda: watched.last(key) == "tick")
        watched.wall.set_visible(())
        watched.feed.wake()
        await watched.until(lambda: watched.streaming == 0)
        await watched.until(lambda: not watched.session(key).in_use)
        lines = watched.session(key).state.lines
        await watched.look(key)
        await watched.until(lambda: watched.session(key).state.lines > lines)
        buffer = watched.session(key).buffer
        kinds = {entry.kind for entry in buffer.entries(buffer.first, buffer.end)}
        assert kinds == {EntryKind.LINE}


async def test_a_log_that_cannot_be_read_is_reported_and_delays_no_other(
    client: NodionClient, started: Callable[[str], "asyncio.Task[RunKey]"]
) -> None:
    existing = await started("Until stopped")
    missing = RunKey(existing.runner_id, "00000000-0000-0000-0000-000000000000")
    async with watching(client, streams=0) as watched:
        watched.runs[missing] = Run(
            id=missing.run_id, runner_id=missing.runner_id, status="running"
        )
        await watched.look(existing)
        await watched.until(lambda: missing in watched.feed.problems)
        await watched.until(lambda: watched.last(existing) == "tick")


async def no_turn(_runner_id: str) -> None:
    raise AssertionError("nothing is to be asked")


def test_the_polling_interval_grows_with_the_number_of_logs() -> None:
    wall = WallMembership(streams=0)
    sessions = LogSessionCache(ClientLogSource(lambda: pytest.fail("no log is to be read")))
    feed = WallFeed(wall, sessions.get, no_turn, per_minute=60)
    look(wall, map(run, range(2)))
    assert feed.poll_seconds == 15
    look(wall, map(run, range(12)))
    assert feed.poll_seconds == 36
