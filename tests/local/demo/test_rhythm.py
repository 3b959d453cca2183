"""The demo is busy from the first second."""

import asyncio
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from tests.support.wire import connect


async def _runs(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    """The runs of all runners."""
    runners = (await http.get("/runners")).json()["runners"]
    answers = [(await http.get(f"/runners/{runner['id']}/runs")).json() for runner in runners]
    return [run for answer in answers for run in answer["runs"]]


async def test_two_jobs_run_and_one_fails_within_ten_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    begin = datetime.now(UTC).isoformat()
    server = EngineServer(EngineSettings(demo="live", shutdown_seconds=0.2))
    async with server, connect(server.url, server.key) as http:
        assert len(await _runs(http)) > 500
        failures = 0
        while not failures:
            real = [run for run in await _runs(http) if run["created_at"] >= begin]
            failures = sum(run["exit_code"] == 1 for run in real)
            assert sum(run["status"] in {"pending", "running"} for run in real) >= 2
            await asyncio.sleep(0.05)
    assert datetime.now(UTC) - datetime.fromisoformat(begin) < timedelta(seconds=10)
    assert not os.listdir(tmp_path), "the folder is gone"  # noqa: PTH208 - in no thread
