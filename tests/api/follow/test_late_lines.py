"""A stopped run ends at once; what it still writes is read by pages until it cannot write more."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nodion_tui.api.follow.events import RunEnded, RunUpdate
from nodion_tui.api.follow.late_lines import seconds_of_late_lines
from nodion_tui.model.log_line import FinalState
from tests.api.conftest import follow_for_hours
from tests.api.follow.faults import refuse
from tests.support.hostile import Exchange, HostileServer
from tests.support.virtual_time import in_virtual_time, virtual_time_loop

NOW = datetime(2026, 1, 15, 10, 0, tzinfo=UTC)


class StoppedServer(HostileServer):
    """Its run is stopped after the first lines, and writes further ones after seconds.

    Args:
        first: number of lines that the stream has.
        late: seconds after the stop → number of lines of the log then.
    """

    def __init__(self, first: int, late: dict[float, int]) -> None:
        super().__init__(lines=100)
        self._first, self._late = first, late
        self._stopped_at = NOW
        self.always("stream", self._stream)

    def run(self) -> dict[str, Any]:
        if not self.final:
            return super().run()
        stopped = {"status": "canceled", "completed_at": self._stopped_at.isoformat()}
        return super().run() | stopped | {"exit_code": None}

    async def _stream(self, exchange: Exchange) -> None:
        loop = virtual_time_loop()
        self._stopped_at = datetime.fromtimestamp(loop.clock.wall(), UTC)
        await exchange.head()
        await exchange.lines(exchange.after, self._first)
        for seconds, lines in self._late.items():
            loop.call_later(seconds, setattr, self, "written", lines)
        await exchange.state()


@in_virtual_time
async def test_late_lines_are_read_until_a_stopped_job_was_killed() -> None:
    async with StoppedServer(5, {0.1: 6, 1: 8, 18: 20}) as server:
        followed = await follow_for_hours(server)
        assert server.count("stream") == 1
        assert server.count("page") < 25
    assert followed.indexes == list(range(20))
    assert followed.when(RunUpdate) == [pytest.approx(0, abs=0.5)]
    assert followed.of(RunUpdate)[0].run.status == "canceled"
    assert followed.when(RunEnded) == [pytest.approx(20, abs=0.5)]
    assert followed.ended.complete


@in_virtual_time
async def test_an_outage_meanwhile_loses_no_late_line() -> None:
    async def cut_off(exchange: Exchange) -> None:
        exchange.server.always("page", refuse(503))
        asyncio.get_running_loop().call_later(10, exchange.server._always.pop, "page")
        await refuse(503)(exchange)

    async with StoppedServer(5, {5: 9}) as server:
        server.plan("run", cut_off)
        followed = await follow_for_hours(server)
    assert followed.indexes == list(range(9))
    assert followed.ended.complete


@in_virtual_time
async def test_a_log_that_is_gone_meanwhile_is_not_waited_for() -> None:
    async def gone(exchange: Exchange) -> None:
        exchange.server.always("page", refuse(410))
        await exchange.answer(200, {"run": exchange.server.run()})

    async with StoppedServer(5, {}) as server:
        server.plan("run", gone)
        followed = await follow_for_hours(server)
    assert followed.indexes == list(range(5))
    assert followed.when(RunEnded) == [pytest.approx(0, abs=1)]
    assert not followed.ended.complete


@pytest.mark.parametrize(
    ("status", "started", "completed", "seconds"),
    [
        ("canceled", -60, -5, 10),
        ("canceled", -60, -15, 0),
        ("canceled", -60, 3600, 15),
        ("canceled", -60, None, 15),
        ("canceled", None, -5, 0),
        ("failed", -60, -5, 0),
        ("hibernating", -60, -5, 0),
    ],
)
def test_only_a_run_that_was_stopped_while_it_ran_has_late_lines(
    status: str, started: float | None, completed: float | None, seconds: float
) -> None:
    started_at, completed_at = (
        None if offset is None else NOW + timedelta(seconds=offset)
        for offset in (started, completed)
    )
    state = FinalState(status=status, started_at=started_at, completed_at=completed_at)
    assert seconds_of_late_lines(state, NOW, 15) == seconds
