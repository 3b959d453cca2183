"""Client and follower against the embedded engine, directly and through a faulty proxy."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.connection import FollowTiming
from nodion_tui.api.follow.events import FollowEvent, NewLines, RunEnded, RunUpdate
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.backoff import Backoff
from nodion_tui.model.errors import KeyRejected, LogNotKept, ResourceNotFound
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import draft_from_run
from tests.conftest import TEST_RUNNERS
from tests.support.hostile import until
from tests.support.proxy import FaultProxy, byte_by_byte, cut, garble, stall, twice

if TYPE_CHECKING:
    from nodion_tui.model.log_line import LogLine

RunnerId = Callable[[str], str]
LINES = [f"line {index}" for index in range(1, 601)]
PACED = RunnerSpec(
    name="Paced",
    image_name="test/paced",
    run_command="i=0; while [ $i -lt 600 ]; do i=$((i+1)); echo line $i; "
    "[ $((i % 30)) = 0 ] && sleep 0.03; done; exit 0",
)
"""Writes long enough to keep a stream open."""
ENDLESS = RunnerSpec(
    name="Endless",
    image_name="test/endless",
    run_command="i=0; while :; do i=$((i+1)); echo line $i; "
    "[ $((i % 20)) = 0 ] && sleep 0.01; done",
)
"""Writes until it is stopped."""


@pytest.fixture(params=[70])
def engine_settings(request: pytest.FixtureRequest, tmp_path: Path) -> EngineSettings:
    """Small pages, and pings fast enough for shortened times."""
    return EngineSettings(
        data_dir=tmp_path / "engine",
        runners=(*TEST_RUNNERS, PACED, ENDLESS),
        page_size=request.param,
        ping_seconds=0.05,
    )


@pytest.fixture
async def proxy(engine: EngineServer) -> AsyncIterator[FaultProxy]:
    async with FaultProxy(engine.url) as proxy:
        yield proxy


@pytest.fixture
async def spoilt(engine: EngineServer, proxy: FaultProxy) -> AsyncIterator[NodionClient]:
    """A client behind the proxy."""
    async with NodionClient(Profile(api_url=proxy.url, key=engine.key)) as client:
        yield client


async def followed(client: NodionClient, key: RunKey) -> list[FollowEvent]:
    timing = FollowTiming(
        silence=0.3, tick=0.05, page_interval=0.05, late_line_wait=0.1, stop_grace=0.6
    )
    follower = LogFollower(client, key, timing=timing, backoff=Backoff(floor=0.01, limit=0.01))
    async with aclosing(follower.events()) as events:
        return [event async for event in events]


def bodies(events: list[FollowEvent]) -> list[str]:
    return [line.body for event in events if isinstance(event, NewLines) for line in event.lines]


def lines_of(events: list[FollowEvent]) -> list[str]:
    """The output of the job itself."""
    return [body for body in bodies(events) if body.startswith("line ")]


@pytest.mark.parametrize("engine_settings", [1, 7, 1000], indirect=True)
async def test_a_run_from_trigger_to_end(client: NodionClient) -> None:
    run = await client.trigger(PACED.api_id, TriggerRequest())
    events = await followed(client, run.key)
    assert lines_of(events) == LINES
    assert isinstance(events[-1], RunEnded)
    assert events[-1].complete
    assert (events[-1].state.status, events[-1].state.exit_code) == ("succeeded", 0)
    again = await followed(client, run.key)
    assert bodies(again) == bodies(events)


FAULTS = {
    "cut in the head": (cut(40),),
    "cut in the body": (cut(5_000), cut(400), cut(9_000)),
    "stall": (stall(3_000),),
    "every piece twice": (twice,),
    "garbage between": (garble(1_000), garble(3_000)),
    "byte by byte": (byte_by_byte,),
    "one after the other": (cut(900), garble(2_000), cut(0), stall(2_000), twice),
}


@pytest.mark.parametrize("name", FAULTS)
async def test_every_line_once_through_a_faulty_proxy(
    name: str, spoilt: NodionClient, proxy: FaultProxy
) -> None:
    proxy.spoil(*FAULTS[name])
    run = await spoilt.trigger(ENDLESS.api_id, TriggerRequest())
    following = asyncio.create_task(followed(spoilt, run.key))
    await until(lambda: proxy.unmet == 0, within=20)
    await asyncio.sleep(0.2)  # so that the last fault takes effect
    await spoilt.stop(*run.key)
    events = await following
    lines = lines_of(events)
    assert lines == [f"line {index}" for index in range(1, len(lines) + 1)]
    assert bodies(events) == await all_pages(spoilt, run.key)
    assert isinstance(events[-1], RunEnded)
    assert events[-1].complete


async def all_pages(client: NodionClient, key: RunKey) -> list[str]:
    """The lines of the engine, read without a stream."""
    lines: list[LogLine] = []
    while page := (await client.get_logs(*key, lines[-1].id if lines else None)).items:
        lines += page
    return [line.body for line in lines]


async def test_a_stop_ends_what_is_followed(client: NodionClient, runner_id: RunnerId) -> None:
    run = await client.trigger(runner_id("Until stopped"), TriggerRequest())
    following = asyncio.create_task(followed(client, run.key))
    async with asyncio.timeout(10):
        while len((await client.get_logs(*run.key)).items) < 3:
            pass
        stopped = await client.stop(*run.key)
        events = await following
    assert stopped.status == "canceled"
    assert isinstance(events[-1], RunEnded)
    assert events[-1].state.status == "canceled"
    assert (await client.stop(*run.key)).status == "canceled"


@pytest.mark.parametrize("empty_argv", ["absent", "given"])
async def test_a_command_is_run_again_whichever_way_an_empty_argv_is_read(
    engine_settings: EngineSettings, empty_argv: Any
) -> None:
    settings = dataclasses.replace(engine_settings, empty_argv=empty_argv, stream_accept="any")
    async with (
        EngineServer(settings) as server,
        NodionClient(Profile(api_url=server.url, key=server.key)) as client,
    ):
        first = await client.trigger(PACED.api_id, TriggerRequest(command="echo line 1"))
        again = await client.trigger(PACED.api_id, draft_from_run(first).request())
        assert (again.command, again.argv) == ("echo line 1", ())
        assert lines_of(await followed(client, again.key)) == ["line 1"]


async def test_late_lines_of_a_stopped_run_are_followed_to_the_last(client: NodionClient) -> None:
    finish = "i=0; while [ $i -lt 5 ]; do i=$((i+1)); sleep 0.02; echo line $i; done; exit"
    command = f"trap '{finish}' TERM; echo up; while :; do sleep 0.02; done"
    run = await client.trigger(PACED.api_id, TriggerRequest(command=command))
    following = asyncio.create_task(followed(client, run.key))
    async with asyncio.timeout(10):
        while "up" not in await all_pages(client, run.key):
            pass
        stopped = await client.stop(*run.key)
        events = await following
    states = [event.run for event in events if isinstance(event, RunUpdate)]
    assert states == [stopped]
    assert lines_of(events) == LINES[:5]
    assert isinstance(events[-1], RunEnded)
    assert events[-1].complete


async def test_a_log_that_is_no_longer_kept_is_an_error_of_its_own(
    engine_settings: EngineSettings,
) -> None:
    settings = dataclasses.replace(engine_settings, keep_logs_seconds=0.05)
    async with (
        EngineServer(settings) as server,
        NodionClient(Profile(api_url=server.url, key=server.key)) as client,
    ):
        run = await client.trigger(PACED.api_id, TriggerRequest(command="echo line 1"))
        async with asyncio.timeout(10):
            with suppress(LogNotKept):
                while True:
                    await client.get_logs(*run.key)
        with pytest.raises(LogNotKept, match="deleted after its retention period"):
            await client.get_logs(*run.key)
        with pytest.raises(LogNotKept):
            await followed(client, run.key)
        assert (await client.get_run(*run.key)).status == "succeeded"


async def test_refusals_of_the_engine(engine: EngineServer, runner_id: RunnerId) -> None:
    nobody = RunKey(runner_id("Hello"), "00000000-0000-4000-8000-000000000000")
    async with NodionClient(Profile(api_url=engine.url, key=engine.key)) as client:
        with pytest.raises(ResourceNotFound):
            await followed(client, nobody)
    async with NodionClient(Profile(api_url=engine.url)) as client:
        with pytest.raises(KeyRejected):
            await client.list_runners()
