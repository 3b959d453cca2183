"""Many starts against a real engine: each sent once, and what is known of each is told."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.model.variation import Variation, planned_requests
from nodion_tui.monitor.many.planned_start import StartState, planned_starts
from nodion_tui.monitor.many.start_series import MAX_UNKNOWN_IN_A_ROW, StartSeries
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.run_control import RunControl
from tests.support.faulty_engine import Fault, with_faults

LOST = Fault(cut_after=5)


class Faults:
    """Faults of triggers by their number from 1 on; whether lists can be read."""

    def __init__(self) -> None:
        self.posts = 0
        self.by_number: dict[int, Fault] = {}
        self.lists: Fault | None = None

    def __call__(self, method: str, path: str) -> Fault | None:
        if not path.endswith("/runs"):
            return None
        if method == "GET":
            return self.lists
        self.posts += 1
        return self.by_number.get(self.posts)


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, faults: Faults) -> EngineSettings:
    return with_faults(engine_settings, faults, stop_seconds=0.2)


Make = Callable[..., StartSeries]


@pytest.fixture
def make(client: NodionClient, runner_id: Callable[[str], str]) -> Make:
    """`make(times, shell)` makes a series of the runner `Hello`."""
    runs = KnownRuns()
    control = RunControl(runs, lambda: client)
    runner = runner_id("Hello")

    def series(times: int, shell: str | None = None, **options: Any) -> StartSeries:
        planned = planned_requests(TriggerRequest(command=shell), (), times)

        async def look() -> None:
            await asyncio.sleep(0.05)
            runs.apply_runs(runner, await client.list_runs(runner))

        return StartSeries(planned_starts(runner, planned), control, runs, look=look, **options)

    return series


def states(series: StartSeries) -> list[StartState]:
    return [outcome.state for outcome in series.outcomes]


async def test_an_unknown_outcome_stays_unknown_and_is_never_sent_again(
    make: Make, client: NodionClient, runner_id: Callable[[str], str], faults: Faults
) -> None:
    faults.by_number = {1: LOST, 2: Fault(status=429, headers={"Retry-After": "0"}), 4: LOST}
    series = make(5)
    await series.run()
    assert states(series) == ["unknown", "not started", "started", "unknown", "started"]
    own = {outcome.run.id for outcome in series.outcomes if outcome.run}
    found = [outcome.unknown.candidates for outcome in series.outcomes if outcome.unknown]
    assert [len(candidates) for candidates in found] == [1, 1]
    assert not own & {each.run.id for candidates in found for each in candidates}
    assert series.retry() == 1
    await series.run()
    await series.check_unknown()
    assert states(series) == ["unknown", "started", "started", "unknown", "started"]
    assert faults.posts == 6
    assert len((await client.list_runs(runner_id("Hello"))).items) == 5


async def test_a_service_that_loses_every_answer_is_left_alone(make: Make, faults: Faults) -> None:
    faults.by_number = dict.fromkeys(range(1, 99), LOST)
    series = make(20)
    await series.run()
    assert faults.posts == MAX_UNKNOWN_IN_A_ROW
    assert states(series)[MAX_UNKNOWN_IN_A_ROW:] == [StartState.LEFT_OUT] * 15


async def test_a_stop_leaves_out_what_is_not_sent_and_withdraws_nothing(
    make: Make, faults: Faults
) -> None:
    series = make(4)

    def stop_at_the_second(index: int) -> None:
        if index == 1 and series.outcomes[1].state is StartState.SENDING:
            series.stop()
            during.extend(states(series))

    during: list[str] = []
    series.on_change = stop_at_the_second
    await series.run()
    assert during == ["started", "sending", "not sent", "not sent"], "told before the answer"
    assert states(series) == ["started", "started", "not sent", "not sent"]
    assert (series.is_done, faults.posts) == (True, 2)


async def test_a_start_of_unknown_outcome_takes_a_place_until_the_runs_are_listed(
    make: Make, faults: Faults
) -> None:
    faults.by_number, faults.lists = {1: LOST}, Fault(status=503)
    series = make(2, "exit 0", at_most=1)
    holds: list[str] = []
    look_of_engine = series._look

    async def look() -> None:
        holds.append(series.hold)
        faults.lists = None
        await look_of_engine()

    series._look = look
    async with asyncio.timeout(10):
        await series.run()
    assert states(series) == ["unknown", "started"]
    assert holds[0] == "1 active, at most 1 at a time"


async def test_every_request_waits_for_the_budget(make: Make) -> None:
    asked: list[int] = []

    async def acquire() -> None:
        asked.append(len(asked))

    await make(3, acquire=acquire).run()
    assert asked == [0, 1, 2]


def test_hidden_values_are_neither_shown_nor_stored(runner_id: Callable[[str], str]) -> None:
    planned = planned_requests(TriggerRequest(), [Variation("PLAIN", ("a", "b"))])
    (first, _) = planned_starts(runner_id("Hello"), planned, frozenset({"PLAIN"}))
    assert first.env == (EnvRow("PLAIN", "a", hidden=True),)
    assert first.label == "PLAIN=•••••••• (1)"
