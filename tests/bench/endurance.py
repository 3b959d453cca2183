"""Ten thousand steps through runs, dialogs and modes: the long form of `test_endurance`.

`pytest -n 0 -s tests/bench/endurance.py`
"""

import asyncio
import gc

import pytest

from tests.support.hostile import HostileServer, until
from tests.support.keys import press
from tests.trust.test_endurance import ROUND, RUNS, go_round, watched

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
STEPS = 10_000
PARTS = 10


def objects(server: HostileServer) -> int:
    """Number of container objects of Python, without the request log of the server."""
    server.requests.clear()
    gc.collect()
    return len(gc.get_objects())


async def test_ten_thousand_steps_add_fewer_than_fifty_objects_a_hundred() -> None:
    rounds = STEPS // len(ROUND) // PARTS
    async with HostileServer(20) as server, watched(server) as screen:
        await go_round(screen, rounds)  # caches fill until they are full
        held = [objects(server)]
        for _ in range(PARTS):
            await go_round(screen, rounds)
            held.append(objects(server))
            print(f"{held[-1]:,} objects")
    a_hundred = (min(held[-3:]) - min(held[:3])) / (STEPS / 100)
    print(f"{a_hundred:.1f} objects more a hundred steps")
    assert a_hundred <= 50


async def test_a_thousand_changes_of_the_run_leave_no_connection_behind() -> None:
    async with HostileServer(20) as server:
        async with watched(server) as screen:
            for turn in range(1000):
                await press(screen.pilot, "k" if turn // (RUNS - 1) % 2 else "j")
                await asyncio.sleep(turn % 13 / 40)
            await until(lambda: server.open_connections <= 5)
        await until(lambda: server.open_connections == 0)
