"""Request guard: host, key, scope, size, rate limit."""

import dataclasses
import logging
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from nodion_tui.config import Secret
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.request_guard import _AllowedHosts, _RateLimit
from nodion_tui.local.http.server import EngineServer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from tests.support.wire import Wire

CANARY = "canary-key-7f3a"


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    return dataclasses.replace(
        engine_settings, key=Secret(CANARY), read_key=Secret("reads-alone"), max_body_bytes=10_000
    )


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        f"Basic {CANARY}",
        f"Bearer {CANARY}x",
        f"Bearer {CANARY[:-1]}",
        CANARY,
    ],
)
async def test_wrong_key_is_401(engine: EngineServer, header: str) -> None:
    async with httpx.AsyncClient(base_url=engine.url) as http:
        for path in ("/runners", "/nowhere", "/runners/x/runs/y/logs/stream"):
            answer = await http.get(path, headers={"Authorization": header})
            assert answer.status_code == 401
            assert answer.json()["error"]
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_read_key_reads_and_nothing_else(engine: EngineServer, wire: "Wire") -> None:
    run = await wire.trigger("Hello")
    async with httpx.AsyncClient(
        base_url=engine.url, headers={"Authorization": "Bearer reads-alone"}
    ) as http:
        assert (await http.get(run["path"])).status_code == 200
        assert (await http.get(f"{run['path']}/logs")).status_code == 200
        assert (await http.post(f"{run['path']}/stop")).status_code == 403
        assert (await http.post("/runners/x/runs")).status_code == 403


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:80", 200),
        ("localhost:8000", 200),
        ("LOCALHOST", 200),
        ("[::1]:99", 200),
        ("evil.example:80", 403),
        ("localhost.evil.example", 403),
        ("127.0.0.1.nip.io", 403),
        ("192.168.1.4:80", 403),
        ("0.0.0.0", 403),
        ("", 403),
        ("[::1].evil.example", 403),
        ("[::1]evil", 403),
        ("[127.0.0.1", 403),
        ("127.0.0.1@evil.example", 403),
        ("localhost:80:80", 403),
        ("localhost:port", 403),
        ("localhost.", 403),
        ("localhost, evil.example", 403),
    ],
)
async def test_host_must_be_loopback(http: httpx.AsyncClient, host: str, status: int) -> None:
    answer = await http.get("/runners", headers={"Host": host})
    assert answer.status_code == status


def test_told_to_listen_elsewhere_it_takes_addresses_but_no_other_names() -> None:
    hosts = _AllowedHosts("0.0.0.0")
    assert hosts.allow(["192.168.1.4:80"])
    assert not hosts.allow(["evil.example:80"])
    assert _AllowedHosts("box.lan").allow(["box.lan:8000"])


async def test_listens_on_loopback_alone(engine: EngineServer) -> None:
    assert httpx.URL(engine.url).host == "127.0.0.1"


async def test_large_body_is_413(http: httpx.AsyncClient, wire: "Wire") -> None:
    path = f"/runners/{wire.runner_id('Hello')}/runs"
    assert (await http.post(path, content=b"x" * 10_001)).status_code == 413

    async def in_pieces() -> "AsyncIterator[bytes]":
        for _ in range(11):
            yield b"x" * 1000

    assert (await http.post(path, content=in_pieces())).status_code == 413
    assert (await http.get("/runners")).status_code == 200


def test_rate_counts_a_sliding_minute() -> None:
    now = 1000.0
    rate = _RateLimit(2, lambda: now)
    assert [rate.seconds_to_wait(), rate.seconds_to_wait()] == [0, 0]
    now += 20
    assert rate.seconds_to_wait() == 41
    now += 41
    assert rate.seconds_to_wait() == 0


async def test_rate_limit_is_429_with_retry_after(tmp_path: Path) -> None:
    settings = EngineSettings(data_dir=tmp_path / "limited", requests_per_minute=1)
    async with EngineServer(settings) as server:
        headers = {"Authorization": f"Bearer {server.key.reveal()}"}
        async with httpx.AsyncClient(base_url=server.url, headers=headers) as http:
            assert (await http.get("/runners")).status_code == 200
            refused = await http.get("/runners")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 61


async def test_nothing_it_says_holds_the_key_or_a_path(
    engine: EngineServer, http: httpx.AsyncClient, wire: "Wire", caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        run = await wire.trigger("Failing")
        await wire.follow(run)
        answers = [
            await http.get("/nowhere"),
            await http.post("/runners"),
            await http.get(f"{run['path']}/nope"),
            await http.post(f"/runners/{wire.runner_id('Hello')}/runs", content=b"{"),
            await http.get("/runners", headers={"Authorization": f"Bearer {CANARY}x"}),
        ]
    texts = caplog.text + "".join(answer.text for answer in answers)
    assert "error" in texts
    assert CANARY not in texts
    assert str(engine.settings.data_dir) not in texts
