"""Execution of runs according to the API reference."""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.support.wire import Wire

START = "========> Executing command"


async def test_shell_default_runs_to_success(wire: "Wire") -> None:
    run = await wire.trigger("Hello")
    assert (run["status"], run["argv"], run["command"]) == ("pending", [], None)
    followed = await wire.follow(run)
    assert followed.bodies == [START, "one", "two", "three"]
    assert followed.state is not None
    assert (followed.state["status"], followed.state["exit_code"]) == ("succeeded", 0)
    ended = await wire.get(run)
    assert ended["created_at"] <= ended["started_at"] <= ended["completed_at"]


async def test_exit_code_and_stderr(wire: "Wire") -> None:
    followed = await wire.follow(await wire.trigger("Failing"))
    assert followed.bodies == [START, "oops"]
    assert followed.state is not None
    assert (followed.state["status"], followed.state["exit_code"]) == ("failed", 3)


async def test_argv_sees_no_shell(wire: "Wire") -> None:
    run = await wire.trigger("Hello", argv=["printf", "%s\n", "$HOME && ls", "*"])
    assert (await wire.follow(run)).bodies == [START, "$HOME && ls", "*"]
    assert (await wire.get(run))["argv"] == ["printf", "%s\n", "$HOME && ls", "*"]


async def test_command_sees_a_shell(wire: "Wire") -> None:
    run = await wire.trigger("Environment", command='echo "$VERBOSE" | tr a-z A-Z && exit 7')
    followed = await wire.follow(run)
    assert followed.bodies == [START, "FALSE"]
    assert (await wire.get(run))["exit_code"] == 7


async def test_entrypoint_comes_in_front(wire: "Wire") -> None:
    run = await wire.trigger("Hello", entrypoint="printf '<%s>\\n'", argv=["a b", "c"])
    assert (await wire.follow(run)).bodies == [START, "<a b>", "<c>"]


async def test_environment_is_the_runners_with_overrides(wire: "Wire", monkeypatch: Any) -> None:
    monkeypatch.setenv("LEAK", "from the machine")
    override = [{"env_key": "VERBOSE", "env_val": "a\nb"}, {"env_key": "EXTRA", "env_val": "é"}]
    run = await wire.trigger("Environment", env_variables=override)
    bodies = (await wire.follow(run)).bodies[1:]
    assert sorted(body for body in bodies if body != "b") == sorted(
        [
            f"PATH={os.environ['PATH']}",
            f"HOME={os.environ['HOME']}",
            f"LANG={os.environ.get('LANG', 'C.UTF-8')}",
            "BACKUP_TARGET=s3://default",
            "VERBOSE=a",
            "EXTRA=é",
        ]
    )


async def test_program_that_is_not_there(wire: "Wire") -> None:
    run = await wire.trigger("Hello", argv=["no-such-program"])
    followed = await wire.follow(run)
    assert followed.bodies[-1] == "exec: 'no-such-program': not found"
    ended = await wire.get(run)
    assert (ended["status"], ended["exit_code"]) == ("failed", 127)


async def test_death_by_signal_is_128_and_its_number(wire: "Wire") -> None:
    ended = await wire.ended(await wire.trigger("Hello", command="kill -9 $$"))
    assert (ended["status"], ended["exit_code"]) == ("failed", 137)
