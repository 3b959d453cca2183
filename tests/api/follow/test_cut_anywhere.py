"""A stream cut at every byte: each line is delivered once, in order."""

from typing import Any

import pytest

from tests.api.conftest import Follow
from tests.api.follow.faults import cut_before_pages
from tests.support.hostile import Exchange, HostileServer, event


class Terse(HostileServer):
    """Three events of minimal length."""

    def __init__(self) -> None:
        super().__init__(2)

    def line(self, index: int) -> dict[str, Any]:
        return {"id": str(index), "body": "aé"}

    def state(self) -> dict[str, Any]:
        return {"status": "failed", "exit_code": 1}

    def stream(self) -> bytes:
        """The whole body."""
        lines = [event("log", self.line(index)) for index in range(2)]
        return b"".join([*lines, event("state", self.state())]).replace(b"\\u00e9", "é".encode())


@pytest.mark.parametrize(("reset", "step"), [(False, 1), (True, 7)], ids=["FIN", "RST"])
async def test_a_cut_at_every_byte_of_three_events(
    *, reset: bool, step: int, follow: Follow
) -> None:
    length = len(Terse().stream())
    for place in range(0, length + 1, step):

        async def cut(exchange: Exchange, place: int = place) -> None:
            assert isinstance(exchange.server, Terse)
            body = exchange.server.stream()[:place]
            exchange.server.written = body.count(b"event: log")
            exchange.server.final = place == length
            await exchange.head()
            await exchange.send(body)
            if reset:
                exchange.reset()

        async with Terse() as server:
            server.plan("stream", cut)
            followed = await follow(server)
            assert server.unmet == 0
        assert followed.indexes == [0, 1], place
        assert followed.bodies == ["aé", "aé"], place
        assert followed.ended.complete, place


async def test_a_cut_every_few_lines_of_many(follow: Follow) -> None:
    async with HostileServer(3000) as server:
        server.always("stream", cut_before_pages(37))
        followed = await follow(server)
    assert followed.indexes == list(range(3000))
    assert len(followed.lost) >= 70
