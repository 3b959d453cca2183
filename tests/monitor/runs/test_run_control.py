from typing import TYPE_CHECKING

import httpx
import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.model.errors import BadRequest, OutcomeUnknown, ScopeMissing
from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.runs.run_control import RunControl
from nodion_tui.monitor.runs.unknown_outcome import TriggerOutcomeUnknown

if TYPE_CHECKING:
    from tests.monitor.conftest import Service

KEY = RunKey("a", "one")
REQUEST = TriggerRequest(argv=("python", "migrate.py"))


def row(run_id: str, status: str, **more: object) -> dict[str, object]:
    return {"id": run_id, "status": status, "created_at": "2126-01-15T10:00:00+01:00", **more}


def answer(**body: object) -> "Answer":
    return lambda _: httpx.Response(200, json=body)


def cut(_request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("cut")


if TYPE_CHECKING:
    from tests.monitor.conftest import Answer


async def test_a_triggered_run_is_known_at_once(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.answers["POST /runners/a/runs"] = answer(run=row("new", "pending"))
    runs = KnownRuns()
    control = RunControl(runs, lambda: scripted_client)
    changes: list[Changes] = []
    runs.subscribe(changes.append)
    run = await control.trigger("a", REQUEST)
    assert run.key == RunKey("a", "new")
    assert changes == [Changes(runs=frozenset({run.key}))]
    assert runs.active == {run.key}


async def test_a_trigger_of_unknown_outcome_is_sent_once_and_has_candidates(
    scripted_client: NodionClient, service: "Service"
) -> None:
    runs = KnownRuns()
    control = RunControl(runs, lambda: scripted_client)
    runs.apply_runs("a", await scripted_client.list_runs("a"))
    service.answers["POST /runners/a/runs"] = cut
    service.answers["GET /runners/a/runs"] = answer(
        runs=[
            row("other", "pending", command="true"),
            row("mine", "pending", argv=["python", "migrate.py"]),
            row("old", "succeeded", created_at="2020-01-15T10:00:00+01:00"),
        ]
    )
    with pytest.raises(TriggerOutcomeUnknown) as caught:
        await control.trigger("a", REQUEST)
    candidates = [(candidate.run.id, candidate.matches) for candidate in caught.value.candidates]
    assert candidates == [("mine", True), ("other", False)]
    assert caught.value.listed
    assert [request.method for request in service.requests].count("POST") == 1


async def test_a_trigger_of_unknown_outcome_reports_if_runs_could_not_be_listed(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.always = cut
    with pytest.raises(TriggerOutcomeUnknown) as caught:
        await RunControl(KnownRuns(), lambda: scripted_client).trigger("a", REQUEST)
    assert not caught.value.listed
    assert caught.value.candidates == ()


async def test_a_refused_trigger_is_a_plain_error(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.answers["POST /runners/a/runs"] = lambda _: httpx.Response(
        400, json={"errors": {"argv": ["too long"]}}
    )
    with pytest.raises(BadRequest) as caught:
        await RunControl(KnownRuns(), lambda: scripted_client).trigger("a", REQUEST)
    assert caught.value.fields == {"argv": ("too long",)}


async def test_a_key_without_the_scope_makes_the_session_read_only(
    scripted_client: NodionClient, service: "Service"
) -> None:
    service.answers["POST /runners/a/runs"] = lambda _: httpx.Response(403, json={"error": "no"})
    runs = KnownRuns()
    control = RunControl(runs, lambda: scripted_client)
    changes: list[Changes] = []
    runs.subscribe(changes.append)
    with pytest.raises(ScopeMissing):
        await control.trigger("a", REQUEST)
    assert control.read_only
    assert changes[-1].runners_changed


async def test_a_stop_is_requested_until_the_service_shows_it(
    scripted_client: NodionClient, service: "Service"
) -> None:
    now = [100.0]
    runs = KnownRuns()
    control = RunControl(runs, lambda: scripted_client, monotonic=lambda: now[0])
    service.runs("a", one="running")
    runs.apply_runs("a", await scripted_client.list_runs("a"))
    service.answers["POST /runners/a/runs/one/stop"] = answer(run=row("one", "running"))
    await control.stop(KEY)
    now[0] += 3
    assert control.seconds_since_stop(KEY) == 3
    service.runs("a", one="canceled")
    runs.apply_runs("a", await scripted_client.list_runs("a"))
    assert control.seconds_since_stop(KEY) is None


async def control_of_a_running_run(client: NodionClient, service: "Service") -> RunControl:
    service.runs("a", one="running")
    runs = KnownRuns()
    runs.apply_runs("a", await client.list_runs("a"))
    return RunControl(runs, lambda: client)


async def test_a_stop_that_was_refused_is_not_requested(
    scripted_client: NodionClient, service: "Service"
) -> None:
    control = await control_of_a_running_run(scripted_client, service)
    service.answers["POST /runners/a/runs/one/stop"] = lambda _: httpx.Response(403)
    with pytest.raises(ScopeMissing):
        await control.stop(KEY)
    assert control.seconds_since_stop(KEY) is None
    assert control.read_only


async def test_a_stop_whose_outcome_is_unknown_stays_requested(
    scripted_client: NodionClient, service: "Service"
) -> None:
    control = await control_of_a_running_run(scripted_client, service)
    service.always = cut
    with pytest.raises(OutcomeUnknown):
        await control.stop(KEY)
    assert control.seconds_since_stop(KEY) is not None


async def test_a_run_that_had_ended_comes_back_as_it_was(
    scripted_client: NodionClient, service: "Service"
) -> None:
    ended = row("one", "succeeded", exit_code=0)
    service.answers["POST /runners/a/runs/one/stop"] = answer(run=ended)
    control = RunControl(KnownRuns(), lambda: scripted_client)
    run = await control.stop(KEY)
    assert run.status == "succeeded"
    assert control.seconds_since_stop(KEY) is None
