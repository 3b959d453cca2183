"""Requests of each client method, and results of each kind of response."""

import asyncio
import gc
import logging
from traceback import TracebackException
from typing import Any

import httpx
import pytest

from nodion_tui import __version__
from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile, Secret
from nodion_tui.model.errors import (
    ApiError,
    BadRequest,
    ConfigError,
    ConnectionLost,
    InputError,
    KeyRejected,
    NodionError,
    NotReachable,
    ResourceNotFound,
    ScopeMissing,
    ServerError,
    TooManyRequests,
    UnexpectedResponse,
)
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from tests.api.conftest import KEY, Connect
from tests.api.follow.faults import refuse
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, line

_HTML = b"<!doctype html><html><body><h1>Bad gateway</h1></body></html>"


async def test_each_method_requests_its_endpoint(connect: Connect) -> None:
    async with HostileServer(3) as server:
        server.plan("page", refuse(200, b'{"logs":[]}'))
        client = connect(server)
        await client.list_runners()
        await client.list_runs("r 1")
        await client.get_run("r", "x/../y")
        await client.get_logs("r", "x", "a&b=c")
        await client.trigger("r", TriggerRequest())
        await client.stop("r", "x")
        assert [f"{exchange.method} {exchange.path}" for exchange in server.requests] == [
            "GET /v1/runners",
            "GET /v1/runners/r%201/runs",
            "GET /v1/runners/r/runs/x%2F..%2Fy",
            "GET /v1/runners/r/runs/x/logs",
            "POST /v1/runners/r/runs",
            "POST /v1/runners/r/runs/x/stop",
        ]
        assert server.requests[3].after_id == "a&b=c"
        assert client.requests_sent == 6


async def test_a_response_is_freed_without_the_garbage_collector(connect: Connect) -> None:
    async with HostileServer(3) as server:
        client = connect(server)
        await client.list_runners()
        gc.collect()
        for _ in range(3):
            await client.list_runners()
        assert not [item for item in gc.get_objects() if isinstance(item, httpx.Response)]


async def test_each_request_carries_key_project_and_name(connect: Connect) -> None:
    async with HostileServer(3) as server:
        await connect(server, project="p-1").list_runners()
        headers = server.requests[0].headers
    assert headers["authorization"] == "Bearer test-key"
    assert headers["x-nodion-project"] == "p-1"
    assert headers["user-agent"] == f"nodion-tui/{__version__}"


async def test_a_trigger_sends_only_what_is_set(connect: Connect) -> None:
    async with HostileServer(3) as server:
        client = connect(server)
        request = TriggerRequest(argv=("a", "b c"), env_variables=(EnvVariable("K", "ü"),))
        run = await client.trigger(RUNNER_ID, request)
        await client.trigger(RUNNER_ID, TriggerRequest())
        sent = [exchange.body for exchange in server.requests]
        assert server.requests[0].headers["content-type"] == "application/json"
    assert sent[0] == (
        '{"argv":["a","b c"],"env_variables":[{"env_key":"K","env_val":"ü"}]}'.encode()
    )
    assert sent[1] == b"{}"
    assert run.key == (RUNNER_ID, RUN_ID)


@pytest.mark.parametrize("identifier", ["", ".", ".."])
async def test_an_id_cannot_leave_its_path_segment(identifier: str, connect: Connect) -> None:
    async with HostileServer() as server:
        client = connect(server)
        for call in (client.get_run("r", identifier), client.list_runs(identifier)):
            with pytest.raises(InputError):
                await call
        assert server.requests == []


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, BadRequest), (401, KeyRejected), (403, ScopeMissing), (404, ResourceNotFound),
        (410, ResourceNotFound),
        (422, BadRequest), (429, TooManyRequests), (500, ServerError), (502, ServerError),
        (599, ServerError), (301, UnexpectedResponse), (304, UnexpectedResponse),
        (409, UnexpectedResponse), (418, UnexpectedResponse), (204, UnexpectedResponse),
    ],
)  # fmt: skip
async def test_each_status_has_its_error(
    status: int, error: type[ApiError], connect: Connect
) -> None:
    async with HostileServer() as server:
        server.plan("run", refuse(status, b""))
        with pytest.raises(ApiError) as caught:
            await connect(server).get_run(*KEY)
    assert type(caught.value) is error
    assert caught.value.endpoint == "GET /runners/:runner_id/runs/:id"


@pytest.mark.parametrize(
    ("body", "detail", "fields"),
    [
        (b'{"error":"argv is too long"}', "argv is too long", {}),
        (b'{"message":"nope"}', "nope", {}),
        (b'{"errors":["one","two"]}', "one; two", {}),
        (b'{"errors":{"argv":["is bad","too long"],"base":["both given"]}}',
         "argv: is bad; argv: too long; both given",
         {"argv": ("is bad", "too long")}),
        (b'{"errors":{"command":"is empty"}}', "command: is empty", {"command": ("is empty",)}),
        (b'{"error":{"message":"inner"}}', "inner", {}),
        (b'{"error":null,"errors":[],"message":7}', "400 Bad Request", {}),
        (b"[]", "400 Bad Request", {}),
        (b"plain text", "400 Bad Request", {}),
        (_HTML, "400 Bad Request", {}),
        (b"\xff\xfe", "400 Bad Request", {}),
        (b"[" * 50_000, "400 Bad Request", {}),
    ],
)  # fmt: skip
async def test_an_error_contains_the_message_of_its_body(
    body: bytes, detail: str, fields: dict[str, Any], connect: Connect
) -> None:
    async with HostileServer() as server:
        server.plan("trigger", refuse(400, body))
        with pytest.raises(BadRequest) as caught:
            await connect(server).trigger(RUNNER_ID, TriggerRequest())
    assert caught.value.detail == detail
    assert caught.value.fields == fields


@pytest.mark.parametrize("status", [200, 403, 404, 502])
async def test_html_is_never_shown(status: int, connect: Connect) -> None:
    async with HostileServer() as server:
        server.plan("runs", refuse(status, _HTML, "text/html"))
        with pytest.raises(ApiError) as caught:
            await connect(server).list_runs(RUNNER_ID)
    assert "<" not in caught.value.detail
    assert "gateway" not in caught.value.detail.replace("Bad Gateway", "")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", ["get", "post", "stream"])
async def test_no_redirect_is_followed(status: int, call: str, connect: Connect) -> None:
    async with HostileServer() as elsewhere, HostileServer() as server:
        for kind in ("run", "trigger", "stream"):
            server.plan(kind, refuse(status, b"", Location=f"{elsewhere.url}/runners"))
        client = connect(server)
        calls = {
            "get": client.get_run(*KEY),
            "post": client.trigger(RUNNER_ID, TriggerRequest()),
            "stream": opened(client),
        }
        with pytest.raises(NodionError, match=f"redirect not followed: {elsewhere.url}/runners"):
            await calls.pop(call)
        for unused in calls.values():
            unused.close()
        assert elsewhere.requests == []
        assert len(server.requests) == 1


async def opened(client: NodionClient) -> None:
    async with client.stream_logs(*KEY) as stream:
        await stream.take()


async def test_an_unchanged_list_is_the_same_object(connect: Connect) -> None:
    async with HostileServer() as server:
        client = connect(server)
        first = await client.list_runs(RUNNER_ID)
        assert await client.list_runs(RUNNER_ID) is first
        assert await client.list_runs("another") is not first
        server.finish()
        changed = await client.list_runs(RUNNER_ID)
        assert changed is not first
        assert changed.items[0].status == "succeeded"
        assert await client.list_runs(RUNNER_ID) is changed
        assert await client.list_runners() is await client.list_runners()


async def test_lists_have_their_original_json_if_requested(connect: Connect) -> None:
    async with HostileServer(3) as server:
        server.written = 3
        client = connect(server)
        assert (await client.list_runs(RUNNER_ID)).raw == ()
        assert b'"e5f6a7b8-c9d0' in (await client.list_runs(RUNNER_ID, raw=True)).raw[0]
        assert len((await client.get_logs(*KEY, raw=True)).raw) == 3
        assert len((await client.list_runners(raw=True)).raw) == 1
        page = await client.get_logs(*KEY, line(0)["id"])
    assert [item.body for item in page.items] == ["line 1", "line 2"]
    assert page.raw == ()


async def test_stopping_an_ended_run_is_no_failure(connect: Connect) -> None:
    async with HostileServer(exit_code=0) as server:
        server.finish()
        client = connect(server)
        for status in (404, 409, 500, 400):
            server.plan("stop", refuse(status))
            assert (await client.stop(*KEY)).status == "succeeded"
        assert server.count("stop") == 4


async def test_five_concurrent_stops_with_lost_responses_all_return_the_ended_run(
    connect: Connect,
) -> None:
    async def takes_effect(exchange: Exchange) -> None:
        exchange.server.finish()
        exchange.keep = False

    async with HostileServer(exit_code=137) as server:
        server.always("stop", takes_effect)
        client = connect(server)
        runs = await asyncio.gather(*(client.stop(*KEY) for _ in range(5)))
        assert [run.status for run in runs] == ["failed"] * 5
        assert server.count("stop") == 5


async def test_a_stale_connection_is_replaced_silently(connect: Connect) -> None:
    async def leave(exchange: Exchange) -> None:
        exchange.keep = False

    async with HostileServer() as server:
        client = connect(server)
        await client.list_runners()
        server.plan("runners", leave)
        assert (await client.list_runners()).items
        assert server.count("runners") == 3


async def test_a_server_that_always_disconnects_is_tried_twice(connect: Connect) -> None:
    async def leave(exchange: Exchange) -> None:
        exchange.keep = False

    async with HostileServer() as server:
        server.always("runners", leave)
        with pytest.raises(ConnectionLost):
            await connect(server).list_runners()
        assert server.count("runners") == 2


async def test_no_listener(unused_tcp_port: int) -> None:
    client = NodionClient(Profile(api_url=f"http://127.0.0.1:{unused_tcp_port}/v1"))
    with pytest.raises(NotReachable, match=r"^127\.0\.0\.1: connection refused$"):
        await client.list_runners()
    await client.aclose()


async def test_a_read_only_profile_sends_no_post(connect: Connect) -> None:
    async with HostileServer() as server:
        client = connect(server, read_only=True)
        with pytest.raises(InputError, match="read-only"):
            await client.trigger(RUNNER_ID, TriggerRequest())
        with pytest.raises(InputError, match="read-only"):
            await client.stop(*KEY)
        assert server.requests == []


async def test_a_trigger_beyond_the_limits_is_not_sent(connect: Connect) -> None:
    async with HostileServer() as server:
        client = connect(server)
        with pytest.raises(InputError) as caught:
            await client.trigger(RUNNER_ID, TriggerRequest(command="x" * 4001))
        assert "command" in caught.value.fields
        with pytest.raises(InputError):
            await client.trigger(RUNNER_ID, TriggerRequest(argv=("\ud800",)))
        assert server.requests == []


@pytest.mark.parametrize(
    ("url", "allow_http", "fits"),
    [
        ("https://api.nodion.com/v1", False, True), ("http://127.0.0.1:1/v1", False, True),
        ("http://[::1]:1/v1", False, True), ("http://localhost/v1", False, True),
        ("http://api.nodion.com/v1", False, False), ("http://api.nodion.com/v1", True, True),
        ("http://127.0.0.1.evil.com/v1", False, False), ("ftp://h/v1", True, False),
        ("https://user:hunter2@h/v1", False, False), ("https://h/v1?x=1", False, False),
        ("", False, False), ("https://", False, False),
    ],
)  # fmt: skip
async def test_the_key_goes_nowhere_in_the_clear(url: str, *, allow_http: bool, fits: bool) -> None:
    profile = Profile(api_url=url, key=Secret("k"), allow_http=allow_http)
    if fits:
        await NodionClient(profile).aclose()
    else:
        with pytest.raises(ConfigError) as caught:
            NodionClient(profile)
        assert "hunter2" not in caught.value.detail


async def test_a_proxy_of_the_environment_never_sees_plain_http(
    monkeypatch: pytest.MonkeyPatch, connect: Connect
) -> None:
    async with HostileServer() as proxy, HostileServer() as server:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        assert (await connect(server).list_runners()).items
        assert proxy.requests == []


async def test_an_invalid_proxy_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "socks5://127.0.0.1:1")
    client = NodionClient(Profile(api_url="https://api.example.com/v1", key=Secret("k")))
    with pytest.raises(ConfigError, match="proxy"):
        await client.list_runners()
    await client.aclose()


async def test_the_key_is_in_no_error_log_or_traceback(
    connect: Connect, caplog: pytest.LogCaptureFixture, unused_tcp_port: int
) -> None:
    """Not even with the locals of every frame, as in crash reports."""
    caplog.set_level(logging.DEBUG)
    reports = []
    async with HostileServer() as server:
        client = connect(server, key=Secret("canary-7"))
        nowhere = connect(server, key=Secret("canary-7"), port=unused_tcp_port)
        for status in (302, 400, 401, 429, 500):
            server.plan("run", refuse(status, b'{"error":"no"}'))
            server.plan("trigger", refuse(status, b'{"error":"no"}'))
        for call in (
            *(client.get_run(*KEY) for _ in range(5)),
            *(client.trigger(RUNNER_ID, TriggerRequest()) for _ in range(5)),
            nowhere.list_runners(),
            nowhere.trigger(RUNNER_ID, TriggerRequest()),
        ):
            with pytest.raises(NodionError) as caught:
                await call
            frames = TracebackException.from_exception(caught.value, capture_locals=True)
            reports.append("".join(frames.format(chain=True)) + repr(vars(caught.value)))
    assert len(reports) == 12
    assert "canary-7" not in "".join(reports)
    assert caplog.records
    assert "canary-7" not in caplog.text
    assert "canary-7" not in repr(vars(client)) + repr(client.profile)
