"""Untrusted text on a terminal: reports in a stream, and JSON as it was sent."""

import json
from collections.abc import Callable

import pytest

from tests.cli.conftest import Cli
from tests.cli.process.test_screen import PROBE, is_sanitized, on_terminal
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, event

pytestmark = pytest.mark.pty


async def test_stream_reports_and_final_states_are_sanitized(cli_at: Callable[..., Cli]) -> None:
    async def reports(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after)
        exchange.server.finish()
        await exchange.send(event("error", {"error": PROBE}))

    async with HostileServer(2) as server:
        server.plan("stream", reports)
        _, raw, text = await on_terminal(cli_at(server.url), "logs", RUNNER_ID, RUN_ID, "-f")
    assert "the service reports: ␛[2J" in text
    assert is_sanitized(raw)
    assert "\u202e".encode() not in raw


async def test_unescaped_json_is_sanitized(cli_at: Callable[..., Cli]) -> None:
    rows = {"runners": [{"id": RUNNER_ID, "name": "x\x9b2J\x7f\u202e\u200b日本"}]}

    async def runners(exchange: Exchange) -> None:
        await exchange.answer(200, json.dumps(rows, ensure_ascii=False).encode())

    async with HostileServer(1) as server:
        server.always("runners", runners)
        _, raw, _ = await on_terminal(cli_at(server.url), "runners", "--json")
    assert is_sanitized(raw)
    assert "\u202e".encode() not in raw
    assert json.loads(raw)["name"] == rows["runners"][0]["name"]
