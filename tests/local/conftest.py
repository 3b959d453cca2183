"""Fixtures: a plain HTTP client, connected to `engine`."""

from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from nodion_tui.local.http.server import EngineServer
from tests.support.wire import Wire, connect


@pytest.fixture
async def http(engine: EngineServer) -> AsyncIterator[httpx.AsyncClient]:
    async with connect(engine.url, engine.key) as connected:
        yield connected


@pytest.fixture
def wire(http: httpx.AsyncClient, runner_id: Callable[[str], str]) -> Wire:
    return Wire(http, runner_id)
