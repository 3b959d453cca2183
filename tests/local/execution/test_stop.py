"""Stops and time-outs end all processes of a run."""

import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.hostile import until
from tests.support.processes import is_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from nodion_tui.local.engine_settings import EngineSettings
    from tests.support.wire import Wire

STUBBORN = "trap '' TERM; echo ready; while :; do sleep 0.05; done"
WAITS = "echo up; while :; do sleep 0.02; done"
SHORT = RunnerSpec(name="Short", run_command="echo a; sleep 30", timeout_seconds=1)


@pytest.fixture(params=[0.3])
def engine_settings(
    request: pytest.FixtureRequest, engine_settings: "EngineSettings"
) -> "EngineSettings":
    runners = (*(engine_settings.runners or ()), SHORT)
    return dataclasses.replace(
        engine_settings,
        runners=runners,
        stop_seconds=request.param,
        max_running=2,
        shutdown_seconds=0.2,
    )


@pytest.fixture
def runner_id(runner_id: "Callable[[str], str]") -> "Callable[[str], str]":
    return lambda name: SHORT.api_id if name == "Short" else runner_id(name)


async def _pids(wire: "Wire", command: str, count: int) -> tuple[dict[str, str], list[int]]:
    """Start a command that prints process ids; returns the run and the ids."""
    run = await wire.trigger("Hello", command=command)
    pids: list[int] = []
    async for event, data in wire.events(run):
        if event == "log" and data["body"].isdigit():
            pids.append(int(data["body"]))
        if len(pids) == count:
            break
    assert all(map(is_running, pids))
    return run, pids


async def test_stop_is_idempotent_and_ends_the_log(wire: "Wire") -> None:
    run = await wire.trigger("Until stopped")
    async for event, data in wire.events(run):
        if event == "log" and data["body"] == "tick":
            break
    stopped = await wire.stop(run)
    assert (stopped["status"], stopped["exit_code"]) == ("canceled", None)
    assert stopped["completed_at"] is not None
    responses = [await wire.stop(run) for _ in range(3)]
    assert responses == [stopped] * 3
    followed = await wire.follow(run)
    assert followed.state == {
        key: stopped[key] for key in ("status", "exit_code", "started_at", "completed_at")
    }
    assert "========> Canceled" in await wire.logged(run, "========> Canceled")


@pytest.mark.parametrize("engine_settings", [20.0], indirect=True)
async def test_streams_end_at_once_and_pages_have_what_is_written_later(
    wire: "Wire", tmp_path: Path
) -> None:
    go_on = tmp_path / "go-on"
    finish = f"until [ -e {go_on} ]; do echo more; sleep 0.01; done; echo late; exit"
    run = await wire.trigger("Hello", command=f"trap '{finish}' TERM; {WAITS}")
    state, stopped = None, {}
    async for event, data in wire.events(run):
        if event == "log" and data["body"] == "up":
            stopped = await wire.stop(run)
        if event == "state":
            state = data
    assert state == {name: stopped[name] for name in state or {"status": "none"}}
    assert (await wire.follow(run)).state == state
    assert "late" not in await wire.logged(run, "more")
    go_on.touch()
    late = await wire.logged(run, "late")
    assert (late[:2], late[-1]) == (["========> Executing command", "up"], "late")
    await until(lambda: _working_in(run["id"]) == [])
    assert (await wire.follow(run)).bodies == late
    assert await wire.get(run) == stopped


async def test_stop_of_an_ended_run_changes_nothing(wire: "Wire") -> None:
    ended = await wire.ended(run := await wire.trigger("Failing"))
    assert await wire.stop(run) == ended


TREES = {
    "child of a child": "sleep 300 & echo $!; sh -c 'sleep 300 & echo $!; wait' & echo $!; wait",
    "ignores SIGTERM": (
        f'sh -c "{STUBBORN}" & echo $!; trap "" TERM; echo $$; sleep 300 & echo $!;'
        " wait; wait; wait"
    ),
    "own sessions": (
        "setsid sh -c 'echo $$; sleep 300' & setsid setsid sh -c 'trap \"\" HUP TERM; echo $$;"
        " while :; do sleep 1; done' & echo $$; wait"
    ),
    "orphan": (
        "(setsid sh -c 'echo $$; exec sleep 300' > /dev/stdout &); echo $$;"
        " sh -c 'echo $$; sleep 300'; wait"
    ),
}


@pytest.mark.parametrize("command", TREES.values(), ids=TREES.keys())
async def test_stop_ends_children_of_children(wire: "Wire", command: str) -> None:
    run, pids = await _pids(wire, command, 3)
    await wire.stop(run)
    await until(lambda: not any(map(is_running, pids)))


async def test_what_a_job_leaves_behind_ends_with_it(wire: "Wire") -> None:
    run = await wire.trigger("Hello", command="setsid sleep 300 & echo $!; exit 4")
    followed = await wire.follow(run)
    assert (await wire.get(run))["exit_code"] == 4
    assert not is_running(int(followed.bodies[1]))


async def test_a_forking_job_is_stopped_with_its_children(wire: "Wire") -> None:
    command = (
        "f() { [ $1 -gt 0 ] && { f $(($1-1)) & f $(($1-1)) & }; exec sleep 300; }; echo $$; f 5"
    )
    run, _ = await _pids(wire, command, 1)
    await wire.stop(run)
    await until(lambda: _working_in(run["id"]) == [])


def _working_in(folder: str) -> list[Path]:
    return [pid for pid in Path("/proc").iterdir() if _cwd(pid).endswith(folder)]


def _cwd(process: Path) -> str:
    try:
        return str((process / "cwd").readlink()).removesuffix(" (deleted)")
    except OSError:
        return ""


async def test_time_out_is_a_failure(wire: "Wire") -> None:
    run = await wire.trigger("Short")
    followed = await wire.follow(run)
    assert followed.bodies[1:] == ["a", "========> Timed out"]
    ended = await wire.get(run)
    assert (ended["status"], ended["exit_code"]) == ("failed", None)


async def test_queue_is_first_in_first_out_and_pending_can_be_stopped(wire: "Wire") -> None:
    busy = [await wire.trigger("Until stopped") for _ in range(2)]
    waiting = [await wire.trigger("Hello") for _ in range(3)]
    for run in waiting:
        assert (await wire.get(run))["status"] == "pending"
    stopped = await wire.stop(waiting[1])
    assert (stopped["status"], stopped["started_at"]) == ("canceled", None)
    assert (await wire.follow(waiting[1])).lines == []
    for run in busy:
        await wire.stop(run)
    first, third = [await wire.ended(waiting[index]) for index in (0, 2)]
    assert first["status"] == third["status"] == "succeeded"
    assert first["started_at"] <= third["started_at"]
