"""Many followers of one run, and a stuck one: no follower blocks another."""

import asyncio
import contextlib
import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from tests.support.wire import Wire, connect

FOLLOWERS = 200


class RawFollower:
    """A log stream on a bare socket that reads only on demand."""

    def __init__(self, engine: EngineServer, run: dict[str, Any]) -> None:
        self._url = httpx.URL(engine.url)
        self._head = (
            f"GET {self._url.path}{run['path']}/logs/stream HTTP/1.1\r\n"
            f"Host: {self._url.netloc.decode()}\r\nAccept: text/event-stream\r\n"
            f"Authorization: Bearer {engine.key.reveal()}\r\n\r\n"
        )

    async def open(self) -> None:
        """Send the request and read the response headers."""
        host, port = self._url.host, self._url.port
        self._reader, self._writer = await asyncio.open_connection(host, port, limit=1 << 16)
        self._writer.write(self._head.encode())
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200 ")

    async def close(self) -> None:
        """Close the connection."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()

    async def numbers(self) -> list[int]:
        """Read to the end; returns the line numbers of the ids, in order."""
        body = bytearray()
        while (size := int(await self._reader.readline(), 16)) > 0:
            body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self.close()
        assert body.count(b"event: state") == 1
        return [
            int(line_number, 16)
            for line_number in re.findall(rb'"id":"[-0-9a-f]{24}([0-9a-f]{12})"', body)
        ]


async def test_two_hundred_followers_get_every_line_once(engine: EngineServer, wire: Wire) -> None:
    run = await wire.trigger(
        "Hello",
        command="for i in $(seq 100); do echo $i a; echo $i b; echo $i c; sleep 0.01; done",
    )
    followers = [RawFollower(engine, run) for _ in range(FOLLOWERS)]
    await asyncio.gather(*(follower.open() for follower in followers))
    everything = await asyncio.gather(*(follower.numbers() for follower in followers))
    assert (await wire.get(run))["status"] == "succeeded"
    assert all(numbers == list(range(1, 302)) for numbers in everything)


async def test_who_does_not_read_holds_up_nobody_and_loses_nothing(
    engine: EngineServer, wire: Wire
) -> None:
    count = 150_000
    run = await wire.trigger("Hello", command=f"seq -f 'line %06.0f of a log that is long' {count}")
    stuck, reading = RawFollower(engine, run), RawFollower(engine, run)
    await stuck.open()
    await reading.open()
    expected = list(range(1, count + 2))
    assert await reading.numbers() == expected
    assert (await wire.get(run))["status"] == "succeeded"
    quick = await wire.trigger("Hello")
    assert (await wire.ended(quick))["status"] == "succeeded"
    assert await stuck.numbers() == expected


async def test_who_does_not_read_is_no_fault_when_the_engine_ends(
    engine_settings: EngineSettings,
    runner_id: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("nodion_tui.local.http.web_server.CLOSE_SECONDS", 0.05)
    async with EngineServer(engine_settings) as server, connect(server.url, server.key) as http:
        wire = Wire(http, runner_id)
        run = await wire.trigger("Hello", command="seq -f %0999.0f 9000")
        stuck = RawFollower(server, run)
        await stuck.open()
        assert (await wire.ended(run))["status"] == "succeeded"
    await stuck.close()
    assert caplog.text == ""


async def test_a_follower_who_goes_is_forgotten(engine: EngineServer, wire: Wire) -> None:
    run = await wire.trigger("Until stopped")
    for _ in range(20):
        async for _ in wire.events(run):
            break
    follower = RawFollower(engine, run)
    await follower.open()
    await wire.stop(run)
    assert len(await follower.numbers()) >= 2
