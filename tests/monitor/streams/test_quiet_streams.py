"""Running runs are held by quiet streams: their end is known when the service knows it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow import byte_allowance
from nodion_tui.config import Profile, Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.streams import quiet_streams
from nodion_tui.monitor.streams.quiet_streams import NotStreamed
from tests.support.faulty_engine import Fault, with_faults
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, event, until
from tests.support.running import running

KEY = RunKey(RUNNER_ID, RUN_ID)


@dataclass
class Refusals:
    """What the engine refuses at present."""

    lists: bool = False
    streams: bool = False
    asked: int = 0
    """Lists that were asked for."""
    pages: int = 0

    def __call__(self, method: str, path: str) -> Fault | None:
        self.asked += method == "GET" and path.endswith("/runs")
        self.pages += path.endswith("/logs")
        is_refused = (self.lists and method == "GET" and path.endswith("/runs")) or (
            self.streams and path.endswith("/stream")
        )
        return Fault(status=503) if is_refused else None


@pytest.fixture
def refusals() -> Refusals:
    return Refusals()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, refusals: Refusals) -> EngineSettings:
    return replace(with_faults(engine_settings, refusals), stop_seconds=0.5)


class Desk:
    """A monitor on the engine, and runs that are started behind its back."""

    def __init__(self, monitor: Monitor, client: NodionClient) -> None:
        self.monitor = monitor
        self.client = client
        self.quiet = monitor.streams.quiet

    async def start(self, command: str = "echo begun; while :; do sleep 0.02; done") -> RunKey:
        """Start a run, and wait until it is known to be running."""
        runner = next(iter((await self.client.list_runners()).items))
        run = await self.client.trigger(runner.id, TriggerRequest(command=command))
        await until(lambda: self.monitor.runs.runner(runner.id) is not None)
        while self.state(run.key) != RunStatus.RUNNING:
            self.monitor.poller.refresh((runner.id,))
            await asyncio.sleep(0.02)
        return run.key

    def state(self, key: RunKey) -> str | None:
        run = self.monitor.runs.run(key)
        return run.status if run else None

    def known(self, key: RunKey) -> Run:
        run = self.monitor.runs.run(key)
        assert run is not None
        return run


@asynccontextmanager
async def desk_of(
    profile: Profile, client: NodionClient, *, streams: int = 24
) -> AsyncIterator[Desk]:
    monitor = Monitor(profile, streams=streams)
    async with running(monitor):
        yield Desk(monitor, client)


async def test_the_end_of_a_held_run_is_told_by_its_stream_alone(
    profile: Profile, client: NodionClient, refusals: Refusals
) -> None:
    async with desk_of(profile, client) as desk:
        key = await desk.start("echo begun; while [ ! -e go ]; do sleep 0.02; done; exit 4")
        await until(lambda: desk.quiet.is_held(key))
        refusals.lists, pages = True, refusals.pages
        await client.stop(*key)
        await until(lambda: desk.known(key).is_final, within=1.0)
        assert desk.state(key) == RunStatus.CANCELED
        assert desk.known(key).completed_at is not None
        assert refusals.pages == pages, "no page is read for an end"
        await until(lambda: not desk.monitor.streams.budget.in_use)


async def test_the_list_of_a_held_run_is_not_preferred_and_its_row_is_fresh_all_the_same(
    profile: Profile, client: NodionClient, refusals: Refusals
) -> None:
    async with desk_of(profile, client) as desk:
        key = await desk.start()
        await until(lambda: desk.quiet.is_held(key))
        assert desk.monitor.poller.expected_interval(key.runner_id) > 5
        refusals.lists = True
        desk.monitor.poller.refresh((key.runner_id,))
        await until(lambda: desk.monitor.runs.freshness(key.runner_id).error is not None)
        assert not desk.monitor.is_stale(desk.known(key))


async def test_over_the_budget_runs_are_polled_and_take_a_stream_that_becomes_free(
    profile: Profile, client: NodionClient
) -> None:
    async with desk_of(profile, client, streams=1) as desk:
        first = await desk.start()
        await until(lambda: desk.quiet.is_held(first))
        second = await desk.start()
        await until(lambda: desk.quiet.not_streamed(second) is NotStreamed.BUDGET)
        assert desk.quiet.all_not_streamed() == {second: NotStreamed.BUDGET}
        desk.monitor.streams.set_on_screen((second,))
        await until(lambda: desk.quiet.is_held(second) and not desk.quiet.is_held(first))
        await client.stop(*second)
        await until(lambda: desk.known(second).is_final and desk.quiet.is_held(first))


async def grown(told: Sequence[str], least: int) -> None:
    await until(lambda: len(told) >= least)


async def test_an_open_log_has_the_stream_and_leaves_it_to_the_quiet_one(
    profile: Profile, client: NodionClient
) -> None:
    """Whoever reads the run, each of its live lines is told once, in order."""
    told: list[str] = []

    def hear(_key: RunKey, lines: Sequence[LogLine]) -> None:
        told.extend(line.body for line in lines if line.body.isdigit())

    async with desk_of(profile, client, streams=1) as desk:
        desk.monitor.streams.live_lines.subscribe(hear)
        key = await desk.start("n=0; while :; do n=$((n+1)); echo $n; sleep 0.005; done")
        await until(lambda: desk.quiet.is_held(key))
        session = desk.monitor.logs.get(key)
        for count in (10, 20):
            async with running(session):
                await until(lambda: session.state.phase is LogPhase.LIVE)
                await until(lambda: not desk.quiet.is_held(key))
                assert desk.monitor.streams.budget.in_use == 1
                await grown(told, count)
            await until(lambda: desk.quiet.is_held(key))
            await grown(told, count + 5)
        await client.stop(*key)
        await until(lambda: desk.known(key).is_final)
    assert told == [str(number) for number in range(1, len(told) + 1)]


async def test_a_long_past_is_not_read_through_but_resumed_after_its_log_was_read(
    profile: Profile, client: NodionClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(byte_allowance.ByteAllowance.__init__, "__defaults__", (20_000, 5_000))
    async with desk_of(profile, client) as desk:
        started = await desk.start(
            "yes 0123456789012345678901234567890123456789 | head -n 3000; sleep 100"
        )
        await until(lambda: desk.quiet.not_streamed(started) is NotStreamed.LONG)
        assert list(desk.quiet.long_keys) == [started]
        assert desk.monitor.poller.expected_interval(started.runner_id) == 5
        await until(lambda: not desk.monitor.streams.budget.in_use)
        session = desk.monitor.logs.get(started)
        async with running(session):
            await until(lambda: session.state.phase is LogPhase.LIVE)
        await until(lambda: desk.quiet.not_streamed(started) is None)
        received = desk.quiet.bytes_total
        await client.stop(*started)
        await until(lambda: desk.known(started).is_final)
        assert desk.quiet.bytes_total - received < 1_000


async def test_a_stream_that_fails_leaves_its_run_to_polling_and_is_tried_again_later(
    profile: Profile, client: NodionClient, refusals: Refusals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quiet_streams, "RETRY_SECONDS", 0.3)
    refusals.streams = True
    async with desk_of(profile, client) as desk:
        key = await desk.start()
        await until(lambda: desk.quiet.not_streamed(key) is NotStreamed.FAILED, within=10)
        assert desk.monitor.poller.expected_interval(key.runner_id) == 5
        refusals.streams = False
        await until(lambda: desk.quiet.is_held(key))
        assert desk.quiet.not_streamed(key) is None


async def test_while_polling_is_paused_nothing_is_streamed(
    profile: Profile, client: NodionClient
) -> None:
    async with desk_of(profile, client) as desk:
        key = await desk.start()
        await until(lambda: desk.quiet.is_held(key))
        desk.monitor.poller.pause()
        await until(lambda: not desk.monitor.streams.budget.in_use)
        await client.stop(*key)
        desk.monitor.poller.resume()
        await until(lambda: desk.known(key).is_final)


async def endless(exchange: Exchange) -> None:
    await exchange.head()
    await exchange.send(b": ping\n\n")
    await exchange.silence()


async def test_what_a_state_leaves_open_its_list_tells_at_once() -> None:
    released = asyncio.Event()

    async def without_code(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(b": ping\n\n")
        await released.wait()
        await exchange.send(event("state", {"status": "failed"}))

    async with HostileServer(10, exit_code=7) as server:
        server.always("stream", endless)
        server.plan("stream", without_code)
        monitor = Monitor(Profile(api_url=server.url, key=Secret("key")))
        async with running(monitor):
            await until(lambda: monitor.streams.quiet.is_held(KEY))
            asked = server.count("runs")
            server.finish()
            released.set()
            await until(lambda: (run := monitor.runs.run(KEY)) is not None and run.exit_code == 7)
            assert server.count("runs") == asked + 1
            assert server.count("page") == server.count("run") == 0


async def test_the_state_of_an_open_log_changes_the_row_before_its_last_page() -> None:
    async with HostileServer(10, exit_code=7) as server:
        asked = asyncio.Event()

        async def held_back(exchange: Exchange) -> None:
            asked.set()
            await exchange.silence()

        async def ends(exchange: Exchange) -> None:
            await exchange.head()
            server.always("page", held_back)
            server.finish()
            await exchange.state()

        monitor = Monitor(Profile(api_url=server.url, key=Secret("key")))
        async with running(monitor):
            await until(lambda: monitor.runs.run(KEY) is not None)
            server.plan("page", *[_no_lines] * 2)
            server.always("stream", ends)
            with suppress(TimeoutError):
                async with running(monitor.logs.get(KEY)):
                    await asked.wait()
                    await until(lambda: (run := monitor.runs.run(KEY)) is not None and run.is_final)


async def _no_lines(exchange: Exchange) -> None:
    await exchange.answer(200, {"logs": []})


async def test_a_log_that_is_opened_at_once_has_the_only_stream_of_its_run(
    profile: Profile, client: NodionClient
) -> None:
    async with desk_of(profile, client) as desk:
        key = await desk.start()
        reading = asyncio.create_task(desk.monitor.logs.get(key).run())
        await until(lambda: desk.monitor.logs.get(key).state.phase is LogPhase.LIVE)
        asked_at = asyncio.get_running_loop().time()
        await until(
            lambda: asyncio.get_running_loop().time() > asked_at + quiet_streams.GRACE_SECONDS
        )
        assert not desk.quiet.held
        assert desk.quiet.bytes_total == 0
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        await until(lambda: desk.quiet.is_held(key))
