"""Connections that are slow, silent, too many, half-closed or cut, on raw sockets."""

import asyncio
import logging
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from nodion_tui.local.http import connection as connection_module
from nodion_tui.local.http.server import EngineServer
from tests.cli.conftest import PROGRAM
from tests.support.wire import Wire

LIMIT = 128
"""Soft and hard limit of descriptors of the crowded engine."""


def request(engine: EngineServer, method: str, path: str, body: bytes = b"") -> bytes:
    head = (
        f"{method} /v1{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Authorization: Bearer {engine.key.reveal()}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def connect(engine: EngineServer) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    port = int(engine.url.rpartition(":")[2].partition("/")[0])
    return await asyncio.open_connection("127.0.0.1", port)


async def answer_to(engine: EngineServer, data: bytes, *, half_close: bool = False) -> bytes:
    """What the engine sends until it closes the connection."""
    reader, writer = await connect(engine)
    writer.write(data)
    if half_close:
        writer.write_eof()
    async with asyncio.timeout(20):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize("data", [b"", b"GET /v1/runners HTTP/1.1\r\nHost:"])
async def test_a_head_that_does_not_come_ends_the_connection(
    engine: EngineServer, data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "HEAD_SECONDS", 0.2)
    assert await answer_to(engine, data) == b""


async def test_a_second_head_that_does_not_come_ends_the_connection(
    engine: EngineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection_module, "HEAD_SECONDS", 0.2)
    answer = await answer_to(engine, request(engine, "GET", "/runners") + b"GET /v1")
    assert answer.startswith(b"HTTP/1.1 200 ")


async def test_a_body_that_does_not_come_ends_the_connection(
    engine: EngineServer,
    wire: Wire,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(connection_module, "BODY_SECONDS", 0.2)
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    with caplog.at_level(logging.WARNING):
        assert await answer_to(engine, request(engine, "POST", path, b"{ " * 50)[:-1]) == b""
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_client_that_leaves_inside_a_body_is_no_traceback(
    engine: EngineServer, wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    cut = request(engine, "POST", path, b"{}" * 100)[:-50]
    with caplog.at_level(logging.WARNING):
        await answer_to(engine, cut, half_close=True)
        _, writer = await connect(engine)
        writer.write(cut)
        await writer.drain()
        writer.transport.abort()
        answered = await answer_to(engine, request(engine, "GET", "/runners"), half_close=True)
    assert answered.startswith(b"HTTP/1.1 200 ")
    assert not [record for record in caplog.records if record.exc_info]


async def test_a_half_closed_client_gets_its_answer_and_a_left_stream_ends(
    engine: EngineServer, wire: Wire
) -> None:
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    answer = await answer_to(engine, request(engine, "POST", path, b"{}"), half_close=True)
    assert answer.startswith(b"HTTP/1.1 200 ")
    run = await wire.trigger("Until stopped")
    stream = request(engine, "GET", f"{run['path']}/logs/stream")
    reader, writer = await connect(engine)
    writer.write(stream)
    async with asyncio.timeout(20):
        await reader.readuntil(b"tick")
        writer.write_eof()
        await reader.read()
    writer.close()


async def test_allow_names_every_method_of_a_path(engine: EngineServer, wire: Wire) -> None:
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    answer = await answer_to(engine, request(engine, "DELETE", path), half_close=True)
    head = answer.decode().lower()
    assert head.startswith("http/1.1 405 ")
    (allow,) = [line for line in head.splitlines() if line.startswith("allow:")]
    assert {"get", "post"} <= set(allow.removeprefix("allow:").replace(" ", "").split(","))


@contextmanager
def serving(tmp_path: Path, limit: str) -> Iterator[tuple[subprocess.Popen[str], int, str]]:
    """The installed `serve` under a limit of the shell: process, port and key."""
    with subprocess.Popen(
        ["/bin/bash", "-c", f'{limit}; exec "{PROGRAM}" serve --port 0 --show-key'],
        env=os.environ | {"NODION_TUI_DATA": str(tmp_path), "NODION_TUI_CONFIG": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        port = int(lines[0].rpartition(":")[2].partition("/")[0])
        yield process, port, lines[2].split()[1]
        process.terminate()


def test_jobs_get_the_limit_that_the_engine_was_started_with(tmp_path: Path) -> None:
    with serving(tmp_path, "ulimit -S -n 128") as (_, port, key):
        api = f"http://127.0.0.1:{port}/v1"
        env = os.environ | {"NODION_API_URL": api, "NODION_API_KEY": key, "HOME": str(tmp_path)}
        done = subprocess.run(
            [PROGRAM, "trigger", "Queue worker", "-f", "--shell", "ulimit -n"],
            env=env | {"NODION_TUI_DATA": str(tmp_path / "x"), "NODION_TUI_CONFIG": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.stdout.splitlines()[-1] == "128", done.stderr


def test_silent_connections_give_way_to_requests(tmp_path: Path) -> None:
    with ExitStack() as stack:
        process, port, key = stack.enter_context(serving(tmp_path, f"ulimit -n {LIMIT}"))
        token = f"Authorization: Bearer {key}"
        head = f"GET /v1/runners HTTP/1.1\r\nHost: localhost\r\n{token}\r\n\r\n"
        for _ in range(3 * LIMIT):
            stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
            client.sendall(head.encode())
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")
        seconds = time.monotonic() - began
        process.terminate()
        _, errors = process.communicate(timeout=30)
    assert seconds < 10
    assert errors.count("connections are open") == 1
    assert "Traceback" not in errors
