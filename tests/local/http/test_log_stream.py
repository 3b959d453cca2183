"""Log pages and streams: every line exactly once, in order, from any starting line."""

import asyncio
import dataclasses
import uuid
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from nodion_tui.local.engine_settings import EngineSettings
    from tests.support.wire import Wire


@pytest.fixture
def engine_settings(engine_settings: "EngineSettings") -> "EngineSettings":
    return dataclasses.replace(engine_settings, ping_seconds=0.2)


CHATTY = ["========> Executing command", *(f"line {number}" for number in range(1, 2001))]


async def test_stream_and_pages_say_the_same(wire: "Wire") -> None:
    run = await wire.trigger("Chatty")
    followed = await wire.follow(run)
    assert followed.bodies == CHATTY
    pages = await wire.all_logs(run)
    assert [{key: line[key] for key in followed.lines[0]} for line in pages] == followed.lines
    assert {line["log_level"] for line in pages} == {"log_public"}
    assert set(pages[0]) == {"id", "body", "log_level", "created_at", "updated_at"}
    assert set(followed.lines[0]) == {"id", "body", "log_level", "created_at"}
    ids = [uuid.UUID(line["id"]) for line in pages]
    assert len(set(ids)) == len(CHATTY)


async def test_page_size(wire: "Wire") -> None:
    run = await wire.trigger("Chatty")
    await wire.follow(run)
    assert len(await wire.logs(run)) == 1000


@pytest.mark.parametrize("at", [0, 1, 511, 512, 513, 1500, 1999])
async def test_from_the_middle(wire: "Wire", at: int) -> None:
    run = await wire.trigger("Chatty")
    lines = (await wire.follow(run)).lines
    assert (await wire.follow(run, after_id=lines[at]["id"])).lines == lines[at + 1 :]
    page = await wire.logs(run, after_id=lines[at]["id"].upper())
    assert [line["id"] for line in page] == [line["id"] for line in lines[at + 1 : at + 1001]]


async def test_behind_the_last_line(wire: "Wire") -> None:
    run = await wire.trigger("Hello")
    lines = (await wire.follow(run)).lines
    resumed = await wire.follow(run, after_id=lines[-1]["id"])
    assert resumed.lines == []
    assert resumed.state is not None
    assert await wire.logs(run, after_id=lines[-1]["id"]) == []


@pytest.mark.parametrize(
    "after_id", ["", "nonsense", "00000000-0000-4000-8000-000000000000", "\u20ac", "x" * 5000]
)
async def test_unknown_id_starts_at_the_first_line(wire: "Wire", after_id: str) -> None:
    run = await wire.trigger("Hello")
    lines = (await wire.follow(run)).lines
    assert (await wire.follow(run, after_id=after_id)).lines == lines
    assert len(await wire.logs(run, after_id=after_id)) == len(lines)


async def test_id_of_another_run_is_unknown(wire: "Wire") -> None:
    first, second = await wire.trigger("Hello"), await wire.trigger("Hello")
    other = (await wire.follow(first)).lines[-1]["id"]
    assert len((await wire.follow(second, after_id=other)).lines) == 4


async def test_lines_come_while_it_runs(wire: "Wire") -> None:
    run = await wire.trigger("Until stopped")
    seen = []
    async for event, data in wire.events(run):
        if event == "log":
            seen.append(data["body"])
            if len(seen) == 4:
                assert (await wire.get(run))["status"] == "running"
                await wire.stop(run)
        if event == "state":
            assert data["status"] == "canceled"
    assert seen[:4] == ["========> Executing command", "ready", "tick", "tick"]


async def test_pings_are_comments(wire: "Wire") -> None:
    run = await wire.trigger("Hello", command="sleep 30")
    comments = []
    async for event, comment in wire.events(run):
        if event == ":":
            comments.append(comment)
            if len(comments) == 2:
                await wire.stop(run)
    assert set(comments) == {": ping"}


async def test_cut_and_resumed_again_and_again(wire: "Wire") -> None:
    run = await wire.trigger("Chatty")
    seen: list[str] = []
    last = ""
    done = False
    while not done:
        budget = 150
        async for event, data in wire.events(run, after_id=last):
            if event == "state":
                done = True
            if event == "log":
                seen.append(data["body"])
                last = data["id"]
                budget -= 1
            if not budget:
                break
    assert seen == CHATTY


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/event-stream", 200),
        ("application/json, Text/Event-Stream;q=0.5", 200),
        ("text/event-stream;q=0", 406),
        ("application/json", 406),
        ("text/*, */*", 406),
        (None, 406),
    ],
)
async def test_the_stream_requires_its_media_type(
    wire: "Wire", accept: str | None, status: int
) -> None:
    run = await wire.trigger("Hello")
    request = wire.http.build_request("GET", f"{run['path']}/logs/stream")
    del request.headers["Accept"]
    if accept is not None:
        request.headers["Accept"] = accept
    answer = await wire.http.send(request)
    assert answer.status_code == status


async def test_many_followers_each_get_every_line_once(wire: "Wire") -> None:
    run = await wire.trigger("Chatty")
    followers = await asyncio.gather(*(wire.follow(run) for _ in range(10)))
    assert all(followed.bodies == CHATTY for followed in followers)
