import asyncio

import pytest

from nodion_tui.model.errors import NodionError, NotReachable, OutcomeUnknown, ResourceNotFound
from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.runs.bulk_stop import StopOutcome, StopState, stop_outcome, stop_runs

KEYS = [RunKey("r", str(number)) for number in range(6)]


def make_run(key: RunKey, status: str) -> Run:
    return Run(id=key.run_id, runner_id=key.runner_id, status=status)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("canceled", StopOutcome(StopState.CONFIRMED)),
        ("succeeded", StopOutcome(StopState.ENDED, "succeeded")),
        ("failed", StopOutcome(StopState.ENDED, "failed")),
        ("running", StopOutcome(StopState.REQUESTED)),
        ("stopping", StopOutcome(StopState.REQUESTED)),
    ],
)
def test_stop_outcome_by_status(status: str, outcome: StopOutcome) -> None:
    assert stop_outcome(make_run(KEYS[0], status)) == outcome


async def test_each_run_is_reported_and_one_failure_does_not_affect_the_others() -> None:
    answers: dict[RunKey, str | NodionError] = {
        KEYS[0]: "canceled",
        KEYS[1]: ResourceNotFound("no such run", status=404, endpoint="POST /stop"),
        KEYS[2]: "running",
        KEYS[3]: OutcomeUnknown("cut off"),
        KEYS[4]: NotReachable(),
        KEYS[5]: "succeeded",
    }
    steps: dict[RunKey, list[StopOutcome]] = {key: [] for key in KEYS}

    async def stop(key: RunKey) -> Run:
        answer = answers[key]
        if isinstance(answer, NodionError):
            raise answer
        return make_run(key, answer)

    await stop_runs(KEYS, stop, lambda key, outcome: steps[key].append(outcome))
    assert all(step[0] == StopOutcome(StopState.REQUESTED) for step in steps.values())
    assert [step[-1] for step in steps.values()] == [
        StopOutcome(StopState.CONFIRMED),
        StopOutcome(StopState.FAILED, "sent, and refused: no such run"),
        StopOutcome(StopState.REQUESTED),
        StopOutcome(StopState.FAILED, "may have been sent: cut off"),
        StopOutcome(StopState.FAILED, "not sent: Service unreachable"),
        StopOutcome(StopState.ENDED, "succeeded"),
    ]


async def test_concurrent_requests_are_limited() -> None:
    busy = 0
    most = 0
    go = asyncio.Event()

    async def stop(key: RunKey) -> Run:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await go.wait()
        busy -= 1
        return make_run(key, "canceled")

    stopping = asyncio.create_task(stop_runs(KEYS, stop, lambda *_: None, max_concurrent=2))
    for _ in range(10):
        await asyncio.sleep(0)
    go.set()
    await stopping
    assert most == 2
