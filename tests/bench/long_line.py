"""A line of ten megabytes: stalls of the event loop while it arrives and is shown.

`pytest -n 0 -s tests/bench/long_line.py`
"""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from types import MappingProxyType

import pytest

from nodion_tui.config import Profile, Secret
from tests.support.hostile import Exchange, HostileServer
from tests.support.keys import press
from tests.support.onscreen import OnScreen, on_screen
from tests.trust.conftest import Serve, serve

__all__ = ["serve"]

pytestmark = [pytest.mark.bench, pytest.mark.timeout(300)]

LIMIT_SECONDS = 0.3
_BYTES = 10_000_000
_NEEDLE = "NEEDLE"
_LINES: Mapping[str, str] = MappingProxyType(
    {
        "ascii": "x y",
        "beyond ascii": "é日b ",
        "a colour each word": "\x1b[31mab\x1b[0m ",
        "a control each second character": "\x01a",
        "json": "",
    }
)
_ACTS: Sequence[tuple[str, ...]] = (
    ("enter",),  # all of the screen
    ("k",),
    ("w",),
    *(("G",), ("g",), ("pagedown",), ("j",), ("pageup",)),
    ("w",),
    *(("G",), ("right",), ("end",), ("0",)),
    *(("p",), ("p",), ("enter",), ("enter",)),
    ("slash", *_NEEDLE, "enter"),
    ("n",),
    ("escape",),
    ("slash", *"x.*LE", "enter"),
    ("escape",),
    *(("e",), ("m",), ("T",), ("escape",)),
)


def body(part: str) -> str:
    """Ten megabytes of a repeated part, as sent; without a part: structured."""
    if not part:
        return f'{{"level":"info","msg":"{"x" * _BYTES}{_NEEDLE}"}}'
    sent = json.dumps(part, ensure_ascii=False).encode()[1:-1]
    return part * (_BYTES // len(sent)) + _NEEDLE


class Stalls:
    """The longest time between two turns of the event loop."""

    def __init__(self) -> None:
        self._longest = 0.0

    async def watch(self) -> None:
        """Measure continuously."""
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.0005)
            now = time.perf_counter()
            self._longest, last = max(self._longest, now - last), now

    def take(self) -> float:
        """The longest stall since the last call, in seconds."""
        longest, self._longest = self._longest, 0.0
        return longest


@asynccontextmanager
async def watched(url: str) -> AsyncIterator[tuple[OnScreen, Stalls]]:
    """The dashboard, and its stall meter."""
    async with on_screen(Profile(api_url=url, key=Secret("key"))) as screen:
        await screen.sees("before")
        stalls = Stalls()
        watch = asyncio.create_task(stalls.watch())
        await asyncio.sleep(1)
        stalls.take()
        yield screen, stalls
        watch.cancel()


@pytest.mark.parametrize("kind", _LINES)
async def test_a_line_of_ten_megabytes_stalls_nothing(serve: Serve, kind: str) -> None:
    server = HostileServer(bodies=["before", body(_LINES[kind]), "after"])
    may_come = threading.Event()

    async def stream(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(exchange.after, 1)
        await asyncio.to_thread(may_come.wait)
        await exchange.lines(max(exchange.after, 1))
        await exchange.silence()

    server.always("stream", stream)
    async with watched(serve(server)) as (screen, stalls):
        may_come.set()
        await screen.sees("after")
        longest = {"arrival": stalls.take()}
        await press(screen.pilot, "tab", "tab")
        for number, keys in enumerate(_ACTS):
            await press(screen.pilot, *keys)
            await asyncio.sleep(0.3)
            longest[f"{number} {''.join(keys)}"] = stalls.take()
    worst = sorted(longest.items(), key=lambda each: -each[1])
    print(kind, ", ".join(f"{what}: {took * 1000:.0f} ms" for what, took in worst[:5]))
    assert worst[0][1] <= LIMIT_SECONDS
