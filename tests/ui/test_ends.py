"""The end of a run that a stream tells, as it is seen on the screen, while no list can be read."""

import re

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.text.signs import POLLED_SIGN
from nodion_tui.model.trigger import TriggerRequest
from tests.support.faulty_engine import Fault
from tests.ui.conftest import Faults, Open

RUNS = 6
STREAMS = 4


async def test_ends_are_in_rows_title_and_notifications_while_no_list_is_answered(
    profile: Profile, client: NodionClient, faults: Faults, open_board: Open
) -> None:
    runner = next(iter((await client.list_runners()).items))
    started = [
        (await client.trigger(runner.id, TriggerRequest(command=f"sleep 100; echo {n}"))).key
        for n in range(RUNS)
    ]
    rules = [NotifyRule(name="gone", status=frozenset({"canceled"}))]
    async with open_board(profile, (140, 36), rules=rules, streams=STREAMS) as board:
        await board.sees(f"● {RUNS} running, {RUNS - STREAMS} polled")
        await board.until(
            lambda: len(re.findall(rf"● running {POLLED_SIGN}", board.text)) == RUNS - STREAMS
        )
        monitor = board.app.watcher.monitor
        assert monitor is not None
        streams = monitor.streams
        await board.until(lambda: any(log.open_count for log in monitor.logs.cached), "a log")
        held = [key for key in started if streams.quiet.not_streamed(key) is None]
        assert len(held) == STREAMS == streams.budget.in_use
        quiet = [key for key in held if not streams.is_read(key)]
        assert len(quiet) == STREAMS - 1
        await board.until(lambda: all(map(streams.quiet.is_held, quiet)), "held")
        logs_and_streams = f"GET /runners/{runner.id}/runs/"
        faults.by_start = {logs_and_streams: Fault(), "GET /runners": Fault(status=503)}
        for key in held:
            await client.stop(*key)
        await board.sees("gone", f"● {RUNS - STREAMS}")
        await board.until(lambda: board.text.count("⊘ canceled") >= STREAMS, "the rows")
        assert {key for key in started if key in monitor.runs.active} == {*started} - {*held}
