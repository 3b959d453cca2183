"""Sessions on the real engine, through the real client."""

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.log.search.log_search import LogSearch
from nodion_tui.monitor.log.search.query import SearchQuery
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.session_cache import LogSessionCache
from nodion_tui.monitor.log.source import ClientLogSource
from nodion_tui.monitor.log.state import LogPhase, LogState
from tests.support.brief_stops import shorten_stops
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer


@pytest.fixture
def sessions(client: NodionClient) -> LogSessionCache:
    return LogSessionCache(ClientLogSource(lambda: client))


@pytest.fixture
def trigger(
    client: NodionClient, runner_id: Callable[[str], str]
) -> Callable[[str], "asyncio.Future[RunKey]"]:
    async def start(name: str) -> RunKey:
        return (await client.trigger(runner_id(name), TriggerRequest())).key

    return lambda name: asyncio.ensure_future(start(name))


def lines(session: LogSession) -> list[str]:
    buffer = session.buffer
    return [
        entry.body
        for entry in buffer.entries(buffer.first, buffer.end)
        if entry.kind is EntryKind.LINE and not entry.body.startswith(("=", "Pulling"))
    ]


async def until(session: LogSession, ready: Callable[[LogState], bool]) -> None:
    heard = asyncio.Event()
    unsubscribe = session.subscribe(lambda state: heard.set() if ready(state) else None)
    if not ready(session.state):
        async with asyncio.timeout(20):
            await heard.wait()
    unsubscribe()


async def test_a_run_from_its_start_to_its_proven_end(
    sessions: LogSessionCache, trigger: Callable[[str], "asyncio.Future[RunKey]"]
) -> None:
    session = sessions.get(await trigger("Hello"))
    async with asyncio.timeout(20):
        await session.run()
    assert lines(session) == ["one", "two", "three"]
    last = session.buffer.entry(session.buffer.end - 1)
    assert last.kind is EntryKind.ENDED
    assert last.body.startswith("succeeded, exit 0, 00:0")
    assert last.body.endswith(f"log complete, {session.state.lines} lines")
    assert session.state.phase is LogPhase.ENDED
    assert (session.state.reconnects, session.state.gaps, session.state.complete) == (0, 0, True)


async def test_a_failed_run_reports_its_exit_code(
    sessions: LogSessionCache, trigger: Callable[[str], "asyncio.Future[RunKey]"]
) -> None:
    session = sessions.get(await trigger("Failing"))
    async with asyncio.timeout(20):
        await session.run()
    assert session.state.final is not None
    assert session.state.final.exit_code == 3
    assert session.buffer.entry(session.buffer.end - 1).body.startswith("failed, exit 3, ")


async def test_leaving_and_resuming_at_any_moment_loses_and_duplicates_no_line(
    sessions: LogSessionCache, trigger: Callable[[str], "asyncio.Future[RunKey]"]
) -> None:
    session = sessions.get(await trigger("Chatty"))
    chance = random.Random(7)  # noqa: S311 - picks moments, keeps no secret
    async with asyncio.timeout(30):
        for _ in range(40):
            reading = asyncio.create_task(session.run())
            with suppress(TimeoutError):
                await asyncio.wait_for(reading, chance.uniform(0, 0.02))
        await session.run()
    assert lines(session) == [f"line {n}" for n in range(1, 2001)]
    assert session.state.gaps == 0


async def test_a_stopped_run_is_followed_live_and_searched_meanwhile(
    sessions: LogSessionCache,
    trigger: Callable[[str], "asyncio.Future[RunKey]"],
    client: NodionClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shorten_stops(monkeypatch)
    key = await trigger("Until stopped")
    session = sessions.get(key)
    search = LogSearch(session, [SearchQuery("tick")])
    reading = asyncio.create_task(session.run())
    finding = asyncio.create_task(search.run())
    await until(session, lambda state: state.phase is LogPhase.LIVE and search.state.count > 2)
    await client.stop(*key)
    async with asyncio.timeout(20):
        await reading
    finding.cancel()
    assert session.state.final is not None
    assert session.state.final.status == "canceled"
    assert "ready" in lines(session)


async def test_a_missing_run_is_reported(
    sessions: LogSessionCache, runner_id: Callable[[str], str]
) -> None:
    session = sessions.get(RunKey(runner_id("Hello"), "00000000-0000-0000-0000-000000000000"))
    async with asyncio.timeout(20):
        await session.run()
    assert session.state.phase is LogPhase.FAILED
    assert session.buffer.entry(0).body.startswith("Not found")


async def test_dropped_lines_come_back_from_the_engine(
    client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    run = await client.trigger(runner_id("Hello"), TriggerRequest(command="seq 1 20000"))
    session = LogSession(run.key, ClientLogSource(lambda: client), max_bytes=420_000)
    async with asyncio.timeout(20):
        await session.run()
    missing = session.buffer.dropped_segment()
    assert missing is not None
    assert await session.fetch_older()
    assert session.buffer.first_retained == missing.first
    numbers = [int(line) for line in lines(session)]
    assert numbers == sorted(set(numbers))
    assert set(range(numbers[0], numbers[0] + missing.lines)) <= set(numbers)
    assert numbers[-1] == 20_000


async def test_a_lost_connection_is_reported_and_loses_no_line() -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, 5)
        exchange.reset()

    async with HostileServer(lines=12) as server:
        server.plan("stream", cut)
        broken = NodionClient(Profile(api_url=server.url, key=Secret("none")))
        session = LogSession(RunKey(RUNNER_ID, RUN_ID), ClientLogSource(lambda: broken))
        async with asyncio.timeout(20):
            await session.run()
        await broken.aclose()
    entries = session.buffer.entries(0, session.buffer.end)
    markers = [(e.kind, e.body) for e in entries if e.kind is not EntryKind.LINE]
    assert [kind for kind, _ in markers] == [EntryKind.LOST, EntryKind.RESUMED, EntryKind.ENDED]
    assert markers[0][1] == "interrupted: the connection broke"
    assert markers[1][1] == "resumed, 7 lines caught up, 0 lines lost"
    assert markers[2][1] == "succeeded, exit 0, 05:00, log complete, 12 lines"
    assert lines(session) == [f"line {n}" for n in range(12)]
    assert (session.state.reconnects, session.state.gaps) == (1, 0)
