"""A trigger is sent once, and not reported as failed if it may have started."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.http.transport import Timeouts
from nodion_tui.config import Profile
from nodion_tui.model.errors import (
    BadRequest,
    KeyRejected,
    NodionError,
    NotReachable,
    OutcomeUnknown,
    ScopeMissing,
    TooManyRequests,
    UnexpectedResponse,
)
from nodion_tui.model.trigger import TriggerRequest
from tests.api.conftest import Connect
from tests.api.follow.faults import refuse
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer, Script, until

_BRIEF = Timeouts(connect=0.5, read=0.2, total=0.5)


@dataclass(frozen=True)
class Cut:
    """Where a trigger is cut off, and the expected error."""

    name: str
    script: Script
    expected_error: type[NodionError]


async def nothing(exchange: Exchange) -> None:
    exchange.keep = False


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def silence(exchange: Exchange) -> None:
    await exchange.silence()


async def half_a_status_line(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 20")
    exchange.keep = False


async def head_alone(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    exchange.keep = False


async def half_a_body(exchange: Exchange) -> None:
    await exchange.raw(b'HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n{"run":{"id":"x"')
    exchange.keep = False


async def head_then_silence(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    await exchange.silence()


async def drip(exchange: Exchange) -> None:
    """Sends single bytes: no read times out, but the response never completes."""
    await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 400\r\n\r\n")
    for _ in range(100):
        await exchange.raw(b" ")
        await asyncio.sleep(0.05)


async def rubbish(exchange: Exchange) -> None:
    await exchange.raw(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
    exchange.keep = False


CUTS = (
    Cut("closed without an answer", nothing, OutcomeUnknown),
    Cut("reset without an answer", reset, OutcomeUnknown),
    Cut("no answer in time", silence, OutcomeUnknown),
    Cut("half a status line", half_a_status_line, OutcomeUnknown),
    Cut("not HTTP", rubbish, OutcomeUnknown),
    Cut("a head and no body", head_alone, OutcomeUnknown),
    Cut("half a body", half_a_body, OutcomeUnknown),
    Cut("a head and silence", head_then_silence, OutcomeUnknown),
    Cut("a body that never ends", drip, OutcomeUnknown),
    Cut("200 with a login page", refuse(200, b"<html>", "text/html"), OutcomeUnknown),
    Cut("200 without a run", refuse(200, b"{}"), OutcomeUnknown),
    Cut("302", refuse(302, b"", Location="/elsewhere"), OutcomeUnknown),
    Cut("500", refuse(500), OutcomeUnknown),
    Cut("504 HTML", refuse(504, b"<html>", "text/html"), OutcomeUnknown),
    Cut("408", refuse(408), OutcomeUnknown),
    Cut("409", refuse(409), OutcomeUnknown),
    Cut("400", refuse(400), BadRequest),
    Cut("401", refuse(401), KeyRejected),
    Cut("403", refuse(403), ScopeMissing),
    Cut("413", refuse(413), UnexpectedResponse),
    Cut("422", refuse(422), BadRequest),
    Cut("429", refuse(429, Retry_After="1"), TooManyRequests),
)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
async def test_sent_once_and_the_error_tells_what_is_known(cut: Cut, connect: Connect) -> None:
    async with HostileServer() as server:
        server.always("trigger", cut.script)
        client = connect(server, timeouts=_BRIEF)
        await client.list_runners()  # leaves an open connection, which no POST may use
        with pytest.raises(NodionError) as caught:
            await client.trigger(RUNNER_ID, TriggerRequest(command="true"))
        assert server.count("trigger") == 1
    assert type(caught.value) is cut.expected_error


async def test_nothing_is_sent_without_a_listener(unused_tcp_port: int) -> None:
    async with NodionClient(Profile(api_url=f"http://127.0.0.1:{unused_tcp_port}")) as client:
        with pytest.raises(NotReachable):
            await client.trigger(RUNNER_ID, TriggerRequest())


@pytest.mark.parametrize("kind", ["trigger", "stop"])
async def test_a_post_uses_its_own_connection(kind: str, connect: Connect) -> None:
    calls: dict[str, Callable[[NodionClient], object]] = {
        "trigger": lambda client: client.trigger(RUNNER_ID, TriggerRequest()),
        "stop": lambda client: client.stop(RUNNER_ID, "x"),
    }
    async with HostileServer() as server:
        client = connect(server)
        for _ in range(3):
            await client.list_runners()
        await calls[kind](client)  # type: ignore[misc]  # both are coroutines
        ports = [exchange.writer.get_extra_info("peername")[1] for exchange in server.requests]
    assert len(set(ports[:3])) == 1
    assert ports[3] != ports[0]
    assert server.requests[3].method == "POST"


async def test_a_cancelled_trigger_is_not_sent_again(connect: Connect) -> None:
    async with HostileServer() as server:
        server.always("trigger", silence)
        task = asyncio.create_task(connect(server).trigger(RUNNER_ID, TriggerRequest()))
        await until(lambda: server.count("trigger") == 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert server.count("trigger") == 1
