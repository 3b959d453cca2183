"""Failures: one line on stderr and the documented exit code."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.model.run import RunKey
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.monitor.storage.trigger_history import FILE_NAME, TriggerHistory
from tests.api.follow.faults import refuse
from tests.cli.conftest import CANARY, PROGRAM, Cli, RunInProcess
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, Script

CliAt = Callable[..., Cli]


async def test_no_key_exits_with_4_and_a_hint(cli_at: CliAt) -> None:
    done = await cli_at()("runners")
    assert done.code == 4
    assert "no key is configured for profile default. Set NODION_API_KEY" in done.err
    assert len(done.err.splitlines()) == 1


async def test_an_invalid_key_exits_with_4(cli: Cli) -> None:
    done = await cli("runners", env={"NODION_API_KEY": "wrong"})
    assert done.code == 4
    assert "Invalid API key" in done.err


async def test_a_key_for_reading_lists_and_may_not_trigger(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("trigger", refuse(403))
        server.always("stop", refuse(403))
        cli = cli_at(server.url)
        trigger, stop, follow = await asyncio.gather(
            cli("trigger", RUNNER_ID),
            cli("stop", RUNNER_ID, RUN_ID),
            cli("trigger", RUNNER_ID, "-f"),
        )
    assert (trigger.code, stop.code, follow.code) == (4, 4, 125)
    assert "lacks the scope" in trigger.err


async def test_an_unreachable_service_exits_with_3(cli_at: CliAt) -> None:
    done = await cli_at("http://127.0.0.1:9/v1")("runners")
    assert done.code == 3
    assert "Service unreachable" in done.err


async def test_a_body_that_is_not_documented_names_endpoint_and_path(cli_at: CliAt) -> None:
    async def login_page(exchange: Exchange) -> None:
        await exchange.answer(200, b"<html>log in</html>", "text/html")

    async with HostileServer() as server:
        server.always("runs", login_page)
        done = await cli_at(server.url)("runs", RUNNER_ID)
    assert done.code == 1
    assert "<html>" not in done.err


async def test_a_failure_names_the_next_step(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        past = refuse(503, Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
        server.plan("runs", refuse(503, Retry_After="7"), refuse(403), refuse(429), past)
        cli = cli_at(server.url)
        busy, refused, many, over = [await cli("runs", RUNNER_ID) for _ in range(4)]
    assert "Try again in 7 s." in busy.err
    assert over.err.rstrip().endswith("Try again.")
    assert "lacks the scope `read`" in refused.err
    assert "Wait before" in many.err


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("nonsense",), 2, "No such command 'nonsense'. See: nodion-tui --help"),
        (("lgos",), 2, "No such command 'lgos'. Did you mean 'logs'? See: nodion-tui --help"),
        (("rns",), 2, "(Did you mean one of: 'run', 'runners', 'runs'?) See: nodion-tui --help"),
        (("run",), 2, "Missing argument 'RUNNER'. See: nodion-tui run --help"),
        (("runs", "--filter", "longer:soon"), 2, "at 8: 'soon' is not a duration"),
        (("runs", "--nope"), 2, "No such option"),
        (("logs", "a"), 2, "Missing argument 'RUN'"),
        (("logs", "a", "-f"), 125, "Missing argument 'RUN'"),
        (("wait",), 125, "Missing argument"),
        (("trigger", "a", "python", "x.py"), 2, "The command to run must follow --"),
        (("trigger", "a", "--shell", "x", "--", "y"), 2, "cannot be given together"),
        (("trigger", "a", "--"), 2, "Nothing follows --"),
        (("trigger", "a", "--env", "NOT_SET_HERE"), 2, "use NOT_SET_HERE=VALUE"),
        (("trigger", "a", "--env", "1X=2"), 2, "--env: invalid name '1X'"),
        (("trigger", "a", "--env-file", "/nowhere"), 2, "--env-file /nowhere: No such file"),
        (("trigger", "a", "--shell", "x" * 4001), 2, "--shell: 4,001 characters, limit 4,000"),
        (("trigger", "a", "--shell", ""), 2, "--shell: command is empty"),
        (("runs", "--jso"), 2, "Did you mean '--json'? See: nodion-tui runs --help"),
        (("--local", "runners"), 2, "no local engine is running with the data of "),
        (("--local", "serve"), 2, "--local does not apply to `serve`"),
        (("--local", "--ephemeral", "runs"), 2, "--ephemeral only applies to the dashboard"),
        (("--data", "x", "runners"), 2, "--data requires --local"),
        (("--ephemeral",), 2, "--ephemeral requires --local"),
        (("--local", "--ephemeral", "--data", "x"), 2, "exclude each other"),
        (("--demo", "--local"), 2, "--demo and --local exclude each other"),
        (("--demo", "--profile", "work"), 2, "--demo and --profile exclude each other"),
        (("--demo", "--profiles", "a,b"), 2, "--demo and --profiles exclude each other"),
        (("--profile", "a", "--profiles", "b"), 2, "--profiles and --profile exclude each other"),
        (("--profiles", "a,b", "logs"), 2, "`status`; `logs` takes --profile NAME"),
        (("--profiles", " ,"), 2, "--profiles names no profile"),
        (("--profiles", "nope"), 2, "--profiles: unknown profile 'nope'"),
        (("--demo",), 2, "the dashboard needs a terminal"),
        (("--local",), 2, "the dashboard needs a terminal"),
        (("--profile", "nope", "runners"), 2, "unknown profile 'nope'"),
        (("completion", "tcsh"), 2, "'tcsh' is not one of"),
    ],
)
def test_an_invalid_command_line_is_reported_in_one_line(
    run_in_process: RunInProcess, words: tuple[str, ...], code: int, message: str
) -> None:
    done = run_in_process(*words)
    assert done.code == code
    assert done.out == ""
    assert message in done.err
    assert len(done.err.splitlines()) == 1


async def test_a_broken_configuration_is_2_with_a_line_for_each_mistake(cli_at: CliAt) -> None:
    cli = cli_at()
    cli.configure(f'theme = 3\n[profiles.a]\nkey = "{CANARY}"\n')
    done = await cli("runners")
    assert done.code == 2
    assert [line.partition("config.toml:")[2][:2] for line in done.err.splitlines()] == ["1:", "3:"]


async def test_a_profile_that_is_read_only_sends_nothing(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        cli = cli_at()
        cli.configure(f'[profiles.p]\napi_url = "{server.url}"\nkey_env = "K"\nread_only = true\n')
        key = {"K": CANARY}
        trigger, stop, runs = await asyncio.gather(
            cli("trigger", RUNNER_ID, env=key),
            cli("stop", RUNNER_ID, RUN_ID, env=key),
            cli("runs", RUNNER_ID, env=key),
        )
        assert server.count("trigger") == server.count("stop") == 0
    assert (trigger.code, stop.code, runs.code) == (4, 4, 0)
    assert "config.toml:4: read_only = true in profile p" in trigger.err


async def test_a_careful_profile_wants_the_runners_name_before_a_stop(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        cli = cli_at()
        cli.configure(f'[profiles.p]\napi_url = "{server.url}"\nkey_env = "K"\nconfirm_name = true')
        key = {"K": CANARY}
        refused = await cli("stop", RUNNER_ID, RUN_ID, env=key)
        assert (refused.code, server.count("stop")) == (2, 0)
        named = await cli("stop", "Database Backup", RUN_ID, env=key)
        assert (named.code, server.count("stop")) == (0, 1)


async def no_answer(exchange: Exchange) -> None:
    exchange.keep = False


async def half_an_answer(exchange: Exchange) -> None:
    await exchange.head(200, "application/json", Content_Length="1000")
    await exchange.raw(b'{"run": {"id": "e5')


def with_new_run(server: HostileServer, argv: list[str]) -> None:
    """Plans the list of runs before the trigger, and with one more run after it."""

    async def before(exchange: Exchange) -> None:
        await exchange.answer(200, {"runs": [server.run()]})

    async def after(exchange: Exchange) -> None:
        new = server.run() | {"id": "new-run", "argv": argv, "created_at": None}
        await exchange.answer(200, {"runs": [new, server.run()]})

    server.plan("runs", before, after)


@pytest.mark.parametrize("answer", [no_answer, half_an_answer, refuse(500)])
async def test_a_trigger_of_unknown_outcome_is_sent_once_and_reported(
    cli_at: CliAt, answer: Script
) -> None:
    async with HostileServer() as server:
        server.always("trigger", answer)
        with_new_run(server, ["python", "x.py"])
        done = await cli_at(server.url)("trigger", RUNNER_ID, "--", "python", "x.py")
        assert server.count("trigger") == 1
    assert (done.code, done.out) == (1, "")
    assert "Outcome unknown" in done.err
    assert "new-run  running    same command: python x.py" in done.err
    assert RUN_ID not in done.err


async def test_an_unknown_outcome_without_a_new_run_is_reported(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("trigger", no_answer)
        done = await cli_at(server.url)("trigger", RUNNER_ID, "-f", "--", "x")
    assert done.code == 125
    assert "no new run has appeared: the run was probably not started" in done.err


async def test_a_refused_trigger_names_the_fields(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("trigger", refuse(400, b'{"errors": {"argv": ["is too odd"]}}'))
        done = await cli_at(server.url)("trigger", RUNNER_ID, "--", "x")
    assert done.code == 1
    assert "is too odd" in done.err


async def test_stopping_several_runs_reports_each_result(cli: Cli) -> None:
    one, two = [(await cli("trigger", "Until stopped")).out.strip() for _ in range(2)]
    ended = (await cli("trigger", "Hello", "-f", "--json")).objects[0]["id"]
    done = await cli("stop", "until stopped", one, two, "nope")
    assert done.code == 1
    assert sorted(done.rows) == sorted([[one, "canceled", "stopped"], [two, "canceled", "stopped"]])
    assert done.err.startswith("nodion-tui: nope: Not found")
    again, late = await asyncio.gather(
        cli("stop", "until stopped", one), cli("stop", "Hello", ended)
    )
    assert (late.code, late.rows) == (0, [[ended, "succeeded", "had ended"]])
    assert (again.code, again.rows) == (0, [[one, "canceled", "had ended"]])


async def test_a_key_command_is_asked_again_when_its_key_has_expired(cli_at: CliAt) -> None:
    async def expire_once(exchange: Exchange) -> None:
        right = exchange.headers["authorization"] == "Bearer second"
        await exchange.answer(*((200, {"run": exchange.server.run()}) if right else (401, {})))

    async with HostileServer() as server:
        server.finish()
        server.always("run", expire_once)
        cli = cli_at()
        counter = cli.folder / "asked"
        shell = f"echo x >> {counter}; [ $(wc -l < {counter}) = 1 ] && echo first || echo second"
        command = json.dumps(["sh", "-c", shell])
        cli.configure(f'[profiles.p]\napi_url = "{server.url}"\nkey_command = {command}\n')
        done = await cli("wait", RUNNER_ID, RUN_ID)
    assert done.code == 0
    assert len(counter.read_text().split()) == 2


async def test_environment_arrives_byte_for_byte(cli: Cli) -> None:
    file = cli.folder / "job.env"
    file.write_text("export FROM_FILE='a b'\nOVER=file # comment\nMULTI=\"x\\ny\"\n")
    done = await cli(
        *("trigger", "Environment", "-f", "--env-file", str(file), "--env-file", "-"),
        *("-e", "OVER=flag=1", "-e", "INHERITED", "-e", "EMOJI=🎉 'q'", "-e", "EMPTY="),
        env={"INHERITED": "from here"},
        stdin=b"STDIN=yes\n",
    )
    assert done.code == 0
    expected = {
        *("FROM_FILE=a b", "OVER=flag=1", "STDIN=yes", "INHERITED=from here", "EMPTY="),
        *("EMOJI=🎉 'q'", "MULTI=x", "y", "BACKUP_TARGET=s3://default"),
    }
    assert expected <= set(done.lines)


async def test_a_triggered_run_is_saved_for_a_re_run(
    cli: Cli, runner_id: Callable[[str], str]
) -> None:
    done = await cli("trigger", "Hello", "-e", "MODE=fast", "-e", "API_TOKEN=canary-value")
    history = TriggerHistory(cli.folder / "data")
    recalled = history.env_for(RunKey(runner_id("Hello"), done.out.strip()))
    assert recalled.rows == (
        EnvRow("MODE", "fast"),
        EnvRow("API_TOKEN", hidden=True, needs_value=True),
    )
    assert "canary-value" not in (cli.folder / "data" / FILE_NAME).read_text()


async def test_a_full_disk_is_reported(cli: Cli) -> None:
    with open("/dev/full", "wb") as full:  # noqa: ASYNC230, PTH123  # a device, and instantly open
        process = await cli.start("runners", stdout=full)
        _, err = await process.communicate()
    assert process.returncode == 1
    assert err.decode() == "nodion-tui: No space left on device\n"


@pytest.mark.parametrize("unbuffered", ["", "1"])
async def test_a_disk_that_is_full_after_a_part_is_reported(
    cli_at: CliAt, tmp_path: Path, unbuffered: str
) -> None:
    cli, out = cli_at(), tmp_path / "keys.tsv"
    # Bytecode would be cut off, too, and stay.
    variables = {"PYTHONUNBUFFERED": unbuffered, "PYTHONDONTWRITEBYTECODE": "1"}
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", f'ulimit -f 1; exec "$0" keys > "{out}"', PROGRAM),
        env=cli.env | variables,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = await cli.end(process)
    assert (done.code, out.stat().st_size) == (1, 1024)
    assert "File too large" in done.err
