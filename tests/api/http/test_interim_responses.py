"""An endless row of interim responses (1xx) ends at the time-out of the head."""

import time

import pytest

from nodion_tui.api.http.transport import Timeouts
from nodion_tui.model.errors import ConnectionLost
from tests.api.conftest import Connect
from tests.support.hostile import Exchange, HostileServer


async def test_interim_responses_without_end_are_a_time_out(connect: Connect) -> None:
    async def interim(exchange: Exchange) -> None:
        exchange.keep = False
        while True:
            await exchange.raw(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10)

    async with HostileServer() as server:
        server.always("runners", interim)
        client = connect(server, timeouts=Timeouts(head=0.3))
        began = time.monotonic()
        with pytest.raises(ConnectionLost, match="response timed out"):
            await client.list_runners()
        assert time.monotonic() - began < 5
        await client.aclose()
