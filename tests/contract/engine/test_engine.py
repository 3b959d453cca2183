"""The API reference against the engine on every executor, over a loopback socket."""

import uuid
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.events import NewLines, RunEnded
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.config import Profile
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from tests.support.wire import Wire

RUN_KEYS = {
    *("id", "status", "exit_code", "command", "argv", "entrypoint"),
    *("started_at", "completed_at", "created_at", "updated_at"),
}
RUNNER_KEYS = {
    *("id", "status", "name", "image_name", "image_tag", "run_command", "argv", "entrypoint"),
    *("timeout_seconds", "warmed_at", "created_at", "updated_at", "region", "instance_type"),
    "container_registry",
}


def _said(bodies: list[str]) -> list[str]:
    """The output of the job, after the first line that the reference has."""
    return bodies[bodies.index("========> Executing command") + 1 :]


def _aware(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    assert moment.utcoffset() is not None
    assert "." in text
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=5)
    return moment


async def test_runners_are_as_documented(wire: Wire) -> None:
    rows = (await wire.http.get("/runners")).json()["runners"]
    assert [row["name"] for row in rows] == ["Default", "Exec form", "Entry", "Forever", "Short"]
    for row in rows:
        assert set(row) == RUNNER_KEYS
        assert set(row["region"]) == {"id", "status", "name", "slug"}
        assert {"id", "name", "slug", "cpu", "mem", "price_month", "price_second"} == set(
            row["instance_type"]
        )
        assert (await wire.http.get(f"/runners/{row['id']}")).json() == {"runner": row}


async def test_a_run_from_trigger_to_end(wire: Wire) -> None:
    run = await wire.trigger("Default")
    path = run.pop("path")
    assert set(run) == RUN_KEYS
    assert str(uuid.UUID(run["id"])) == run["id"]
    assert {key: run[key] for key in RUN_KEYS - {"id", "created_at", "updated_at"}} == {
        "status": "pending",
        "argv": [],
        **dict.fromkeys(("exit_code", "command", "entrypoint", "started_at", "completed_at")),
    }
    followed = await wire.follow({"path": path})
    assert _said(followed.bodies) == ["hello"]
    ended = await wire.get({"path": path})
    assert (ended["status"], ended["exit_code"]) == ("succeeded", 0)
    times = [_aware(ended[key]) for key in ("created_at", "started_at", "completed_at")]
    assert times == sorted(times)
    state = {key: ended[key] for key in ("status", "exit_code", "started_at", "completed_at")}
    assert followed.state == state
    listed = (await wire.http.get(path.rpartition("/")[0])).json()
    assert listed == {"runs": [ended]}


async def test_first_lines_are_those_of_the_reference(wire: Wire) -> None:
    bodies = (await wire.follow(await wire.trigger("Default"))).bodies
    before = bodies[: bodies.index("========> Executing command")]
    assert not before or before[0].startswith(("Pulling ", "Using local image "))
    assert len(before) <= 1


async def test_newest_run_is_first(wire: Wire) -> None:
    runs = [await wire.trigger("Default") for _ in range(3)]
    rows = (await wire.http.get(f"/runners/{wire.runner_id('Default')}/runs")).json()["runs"]
    assert [row["id"] for row in rows] == [run["id"] for run in reversed(runs)]
    for run in runs:
        await wire.ended(run)


async def _run(wire: Wire, runner: str, **body: Any) -> tuple[dict[str, Any], list[str]]:
    run = await wire.trigger(runner, **body)
    followed = await wire.follow(run)
    return await wire.get(run), _said(followed.bodies)


async def test_argv_is_exec_form(wire: Wire) -> None:
    run, output = await _run(wire, "Default", argv=["printf", "%s|", "a b", "", "$GREETING", "*"])
    assert output == ["a b||$GREETING|*|"]
    assert run["argv"] == ["printf", "%s|", "a b", "", "$GREETING", "*"]
    assert (run["command"], run["exit_code"]) == (None, 0)


async def test_runner_argv_is_the_default(wire: Wire) -> None:
    assert (await _run(wire, "Exec form"))[1] == ["<a b>", "<$HOME>"]


async def test_command_runs_in_a_shell_and_replaces_argv(wire: Wire) -> None:
    run, output = await _run(wire, "Exec form", command="echo a b | tr ' ' '-' && exit 4")
    assert output == ["a-b"]
    assert (run["status"], run["exit_code"]) == ("failed", 4)
    assert run["command"] == "echo a b | tr ' ' '-' && exit 4"


async def test_entrypoint_is_overridden_on_its_own(wire: Wire) -> None:
    assert (await _run(wire, "Entry"))[1] == ["[x]"]
    run, output = await _run(wire, "Entry", entrypoint="printf '(%s)\\n'", argv=["y"])
    assert output == ["(y)"]
    assert run["entrypoint"] == "printf '(%s)\\n'"
    assert (await _run(wire, "Entry", argv=["{%s}\n", "z"]))[1] == ["{z}"]


async def test_env_overrides_the_runner_for_this_run_alone(wire: Wire) -> None:
    override = [{"env_key": "GREETING", "env_val": "moin\nmoin"}]
    assert (await _run(wire, "Default", env_variables=override))[1] == ["moin", "moin"]
    assert (await _run(wire, "Default"))[1] == ["hello"]


async def test_program_that_is_not_there(wire: Wire) -> None:
    run, output = await _run(wire, "Default", argv=["no-such-program"])
    assert output == ["exec: 'no-such-program': not found"]
    assert (run["status"], run["exit_code"]) == ("failed", 127)


async def test_a_program_without_a_name_is_not_found(wire: Wire) -> None:
    run, output = await _run(wire, "Default", argv=[""])
    assert output == ["exec: '': not found"]
    assert (run["status"], run["exit_code"]) == ("failed", 127)


async def test_stdout_and_stderr_are_both_kept(wire: Wire) -> None:
    command = "echo out; sleep 0.1; echo err >&2; sleep 0.1; printf end"
    assert (await _run(wire, "Default", command=command))[1] == ["out", "err", "end"]


async def test_time_out_is_failed(wire: Wire) -> None:
    run = await wire.trigger("Short")
    assert "========> Timed out" in (await wire.follow(run)).bodies
    ended = await wire.get(run)
    assert (ended["status"], ended["exit_code"]) == ("failed", None)


async def test_stop(wire: Wire) -> None:
    run = await wire.trigger("Forever")
    stopped, state = run, None
    async for event, data in wire.events(run):
        if event == "log" and data["body"] == "up":
            stopped = await wire.stop(run)
        if event == "state":
            state = data
    assert state == {key: stopped[key] for key in state or run}
    assert (stopped["status"], stopped["exit_code"]) == ("canceled", None)
    _aware(stopped["completed_at"])
    assert await wire.stop(run) == stopped
    followed = await wire.follow(run)
    assert followed.state is not None
    assert followed.state["status"] == "canceled"
    ended = await wire.ended(done := await wire.trigger("Default"))
    assert await wire.stop(done) == ended


async def test_pending_waits_for_its_turn_and_can_be_stopped(wire: Wire) -> None:
    busy = [await wire.trigger("Forever") for _ in range(2)]
    first, second = await wire.trigger("Default"), await wire.trigger("Default")
    assert (await wire.get(first))["status"] == "pending"
    stopped = await wire.stop(first)
    assert (stopped["status"], stopped["started_at"]) == ("canceled", None)
    for run in busy:
        await wire.stop(run)
    assert (await wire.ended(second))["status"] == "succeeded"


async def test_pages_and_stream_agree_from_any_line(wire: Wire) -> None:
    run = await wire.trigger("Default", command="seq 20")
    lines = (await wire.follow(run)).lines
    assert [set(line) for line in lines[:1]] == [{"id", "body", "log_level", "created_at"}]
    page = await wire.logs(run)
    assert len(page) == 7
    assert set(page[0]) == {"id", "body", "log_level", "created_at", "updated_at"}
    assert [line["id"] for line in await wire.all_logs(run)] == [line["id"] for line in lines]
    for at in (0, 6, len(lines) - 1):
        rest = lines[at + 1 :]
        assert (await wire.follow(run, after_id=lines[at]["id"])).lines == rest
        more = await wire.logs(run, after_id=lines[at]["id"])
        assert [line["id"] for line in more] == [line["id"] for line in rest[:7]]


async def test_refusals_name_the_field(wire: Wire) -> None:
    path = f"/runners/{wire.runner_id('Default')}/runs"
    answer = await wire.http.post(path, json={"argv": ["a"], "command": "b"})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["argv"])
    assert (await wire.http.get(f"{path}/nope")).json() == {"error": "no such run"}


async def test_our_own_client_and_follower(profile: Profile, wire: Wire) -> None:
    async with NodionClient(profile) as client:
        runners = {row.name: row for row in (await client.list_runners()).items}
        request = TriggerRequest(
            command='seq 30; echo "$GREETING"', env_variables=(EnvVariable("GREETING", "hi"),)
        )
        run = await client.trigger(runners["Default"].id, request)
        bodies: list[str] = []
        async with aclosing(LogFollower(client, run.key).events()) as events:
            async for event in events:
                if isinstance(event, NewLines):
                    bodies += [line.body for line in event.lines]
                if isinstance(event, RunEnded):
                    assert (event.state.status, event.complete) == ("succeeded", True)
        assert _said(bodies) == [*(str(number) for number in range(1, 31)), "hi"]
        assert (await client.get_run(*run.key)).is_final
        assert (await client.stop(*run.key)).exit_code == 0
        assert [row.id for row in (await client.list_runs(run.runner_id)).items] == [run.id]
        assert wire.runner_id("Default") == run.runner_id
