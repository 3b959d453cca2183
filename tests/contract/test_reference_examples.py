"""Every example of the API reference, byte for byte, through the client."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.connection import FollowTiming
from nodion_tui.api.follow.events import NewLines, RunEnded
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.config import Profile, Secret
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import RunKey, RunRecord, RunStatus
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from tests.support.hostile import Exchange, HostileServer, Script

_EXAMPLES = Path(__file__).parent / "reference"
"""Verbatim from the API reference. In the stream the blank line after each event is restored, which
the printed page omits."""


def reference(name: str) -> str:
    """An example of the API reference."""
    return (_EXAMPLES / name).read_text()


RUNNER = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
RUN = "c3f85434-5470-46de-bbeb-ce668ca2c351"


def answers(body: str) -> Script:
    async def script(exchange: Exchange) -> None:
        await exchange.answer(200, body.encode())

    return script


@pytest.fixture
async def server() -> AsyncIterator[HostileServer]:
    async with HostileServer(0) as server:
        yield server


@pytest.fixture
async def client(server: HostileServer) -> AsyncIterator[NodionClient]:
    async with NodionClient(Profile(api_url=server.url, key=Secret("key"))) as client:
        yield client


async def test_get_runs(server: HostileServer, client: NodionClient) -> None:
    server.plan("runs", answers(reference("get_runs.json")))
    listing = await client.list_runs(RUNNER)
    assert listing.bad_rows == ()
    first, second = listing.items
    assert first.record == RunRecord(
        id=RUN,
        runner_id=RUNNER,
        status="succeeded",
        exit_code=0,
        argv=("python", "migrate.py", "--env", "staging"),
        started_at=datetime(2026, 1, 15, 9, 1, tzinfo=UTC),
        completed_at=datetime(2026, 1, 15, 9, 5, 30, tzinfo=UTC),
        created_at=datetime(2026, 1, 15, 9, 0, 55, tzinfo=UTC),
        updated_at=datetime(2026, 1, 15, 9, 5, 30, tzinfo=UTC),
    )
    assert (second.status, second.exit_code, second.argv) == (RunStatus.FAILED, 1, ())
    assert second.is_default
    now = datetime(2026, 1, 15, 12, tzinfo=UTC)
    assert first.duration(now) == timedelta(minutes=4, seconds=30)
    assert first.queue_time(now) == timedelta(seconds=5)


async def test_get_run(server: HostileServer, client: NodionClient) -> None:
    server.plan("run", answers(reference("get_run.json")))
    run = await client.get_run(RUNNER, RUN)
    assert server.requests[0].path == f"/v1/runners/{RUNNER}/runs/{RUN}"
    assert run.command == "python migrate.py --env=staging"
    assert run.argv == ()
    assert run.key == (RUNNER, RUN)
    assert run.is_final


@pytest.mark.parametrize(
    ("request_", "body"),
    [
        (
            TriggerRequest(
                argv=("python", "migrate.py", "--env", "staging"),
                env_variables=(
                    EnvVariable("BACKUP_TARGET", "s3://my-bucket/backups"),
                    EnvVariable("VERBOSE", "true"),
                ),
            ),
            reference("trigger_argv_request.json"),
        ),
        (
            TriggerRequest(
                command="cd /app && python migrate.py | tee /var/log/out.log",
                env_variables=(EnvVariable("VERBOSE", "true"),),
            ),
            reference("trigger_command_request.json"),
        ),
    ],
    ids=["argv", "command"],
)
async def test_trigger(
    request_: TriggerRequest, body: str, server: HostileServer, client: NodionClient
) -> None:
    server.plan("trigger", answers(reference("trigger.json")))
    run = await client.trigger(RUNNER, request_)
    sent = server.requests[0]
    assert f"{sent.method} {sent.path}" == f"POST /v1/runners/{RUNNER}/runs"
    assert json.loads(sent.body) == json.loads(body)
    assert run.status == RunStatus.PENDING
    assert not run.is_final
    assert (run.exit_code, run.started_at, run.completed_at) == (None, None, None)
    assert run.created_at == datetime(2026, 1, 15, 11, tzinfo=UTC)


async def test_stop(server: HostileServer, client: NodionClient) -> None:
    server.plan("stop", answers(reference("stop.json")))
    run = await client.stop(RUNNER, "e5f6a7b8-c9d0-1234-efab-345678901234")
    assert run.status == RunStatus.CANCELED
    assert run.is_final
    assert run.exit_code is None
    assert run.duration(datetime.now(UTC)) == timedelta(seconds=37)


async def test_get_logs(server: HostileServer, client: NodionClient) -> None:
    server.plan("page", answers(reference("get_logs.json")))
    page = await client.get_logs(RUNNER, RUN, "0")
    assert server.requests[0].after_id == "0"
    assert [(line.id, line.body) for line in page.items] == [
        ("1a2b3c4d-5e6f-7890-abcd-1234567890ab", "Pulling mycompany/backup-tool:latest"),
        ("2b3c4d5e-6f70-8901-bcde-2345678901bc", "========> Executing command"),
    ]
    assert page.items[0].log_level == "log_public"
    assert page.items[0].created_at == datetime(2026, 1, 15, 9, 1, 0, 123000, tzinfo=UTC)


async def test_stream_logs(server: HostileServer, client: NodionClient) -> None:
    async def stream(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.send(reference("stream.txt").encode())

    server.plan("stream", stream)
    server.always("page", answers('{"logs":[]}'))
    follower = LogFollower(client, RunKey(RUNNER, RUN), timing=FollowTiming(late_line_wait=0.05))
    events = [event async for event in follower]
    lines = [line for event in events if isinstance(event, NewLines) for line in event.lines]
    assert [line.body for line in lines] == [
        "Pulling mycompany/backup-tool:latest",
        "========> Executing command",
    ]
    assert events[-1] == RunEnded(
        FinalState(
            status="succeeded",
            exit_code=0,
            started_at=datetime(2026, 1, 15, 9, 1, tzinfo=UTC),
            completed_at=datetime(2026, 1, 15, 9, 5, 30, tzinfo=UTC),
        ),
        complete=True,
    )
    stream_request = next(
        exchange for exchange in server.requests if exchange.path.endswith("/stream")
    )
    assert stream_request.headers["accept"] == "text/event-stream"


async def test_runners(server: HostileServer, client: NodionClient) -> None:
    server.plan("runners", answers(f'{{"runners":[{reference("get_runner.json")}]}}'))
    runner = (await client.list_runners()).items[0]
    assert runner.label == "Database Backup"
    assert runner.image == "mycompany/backup-tool:latest"
    assert runner.run_command == "python backup.py"
    assert runner.timeout_seconds == 3600
    assert runner.region is not None
    assert runner.region.name == "Frankfurt, DE"
    assert runner.instance_type is not None
    assert runner.instance_type.price_second == pytest.approx(0.0000019)
    server.plan("runners", answers(f'{{"runner":{reference("get_runner.json")}}}'))
    assert await client.get_runner(RUNNER) == runner


CALLS: dict[str, Callable[[NodionClient], Awaitable[object]]] = {
    "runners": lambda client: client.list_runners(),
    "runs": lambda client: client.list_runs(RUNNER),
    "run": lambda client: client.get_run(RUNNER, RUN),
    "page": lambda client: client.get_logs(RUNNER, RUN),
    "trigger": lambda client: client.trigger(RUNNER, TriggerRequest()),
    "stop": lambda client: client.stop(RUNNER, RUN),
}


@pytest.mark.parametrize("call", CALLS)
async def test_each_request_has_its_required_header(
    call: str, server: HostileServer, client: NodionClient
) -> None:
    await CALLS[call](client)
    assert server.requests[0].headers["authorization"] == "Bearer key"
