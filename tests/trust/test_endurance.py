"""Long sessions: repeated steps leak neither connections nor memory.

`tests/bench/endurance.py` runs for longer.
"""

import asyncio
import gc
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from textual.dom import DOMNode

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.dashboard import log_slot
from tests.support.hostile import RUN_ID, Exchange, HostileServer, until
from tests.support.keys import press
from tests.support.onscreen import OnScreen, on_screen

RUNS = 5
ROUND: Sequence[Sequence[str]] = (
    ["j"],
    ["k"],
    ["?", "escape"],
    ["ctrl+p", "escape"],
    ["X", "escape"],
    ["2", "1"],
    ["3", "1"],
)
"""Steps through runs, dialogs and modes that return to the start."""


async def endless(exchange: Exchange) -> None:
    """Stream that stays open after all lines are sent."""
    await exchange.head()
    await exchange.lines(exchange.after)
    await exchange.silence()


async def several(exchange: Exchange) -> None:
    """Lists several active runs."""
    run = exchange.server.run()
    rows = [run | {"id": f"{index:08x}{RUN_ID[8:]}"} for index in range(RUNS)]
    await exchange.answer(200, {"runs": rows})


@asynccontextmanager
async def watched(server: HostileServer) -> AsyncIterator[OnScreen]:
    """Opens the dashboard of a server with the cursor in the list of runs."""
    server.always("stream", endless)
    server.always("runs", several)
    profile = Profile(name="all day", api_url=server.url, key=Secret("key"))
    async with on_screen(profile, requests_per_minute=600, streams=1) as screen:
        await screen.sees("line 19")
        await screen.press("tab")
        yield screen


async def go_round(screen: OnScreen, times: int) -> None:
    """Repeats the round of steps."""
    for _ in range(times):
        for keys in ROUND:
            await press(screen.pilot, *keys)


def live_objects() -> Counter[str]:
    """Counts live objects of this program, DOM nodes and tasks."""
    gc.collect()
    kinds = [type(item) for item in gc.get_objects()]
    return Counter(
        f"{kind.__module__}.{kind.__qualname__}"
        for kind in kinds
        if str(kind.__module__).startswith("nodion_tui") or issubclass(kind, DOMNode | asyncio.Task)
    )


async def most_at_rest(screen: OnScreen) -> Counter[str]:
    """Maximum count of each kind, after rounds that create everything that is kept."""
    most: Counter[str] = Counter()
    for _ in range(3):
        await go_round(screen, 1)
        most |= live_objects()
    return most


async def test_changing_runs_leaves_no_connection_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each change leaves a log at another stage: loading pages, connecting, streaming."""
    monkeypatch.setattr(log_slot, "LOG_DELAY_SECONDS", 0.001)
    async with HostileServer(20) as server:
        async with watched(server) as screen:
            for turn in range(80):
                asked = {kind: server.count(kind) for kind in ("page", "stream")}
                await press(screen.pilot, "k" if turn // (RUNS - 1) % 2 else "j")
                if turn % 4 == 1:
                    await until(lambda: server.count("page") > asked["page"])  # noqa: B023
                elif turn % 4 == 3:
                    await until(lambda: server.count("stream") > asked["stream"])  # noqa: B023
            await until(lambda: server.open_connections <= 5)
            assert server.count("stream") >= 20
        await until(lambda: server.open_connections == 0)


async def test_reopened_screens_leave_no_objects_behind() -> None:
    enough = len(ROUND)  # half of what two rounds leave if each step leaves one
    grown: Counter[str] = Counter()
    async with HostileServer(20) as server, watched(server) as screen:
        most = await most_at_rest(screen)
        for _ in range(4):  # A leak grows in every round; first-time objects do not.
            await go_round(screen, 2)
            grown = live_objects() - most
            if grown.total() <= enough:
                return
            most |= live_objects()
    pytest.fail(f"left behind: {grown.most_common(10)}")
