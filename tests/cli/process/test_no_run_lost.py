"""A triggered run is known, whatever ends the program: full disks, closed pipes, signals."""

import asyncio
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.storage.trigger_history import TriggerHistory
from tests.cli.conftest import PROGRAM, Cli, CommandResult
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer

CliAt = Callable[..., Cli]
NEW_RUN = "0b7e3c52-0000-4000-8000-00000000abcd"


async def in_shell(cli: Cli, script: str) -> CommandResult:
    """Runs a line of bash in which $P is the program."""
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", script),
        env=cli.env | {"P": PROGRAM},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    return await cli.end(process)


@asynccontextmanager
async def answering_late(cli_at: CliAt) -> AsyncIterator[tuple[Cli, asyncio.Event, asyncio.Event]]:
    """A service that starts the run, and answers when the second event is set."""
    started, answer = asyncio.Event(), asyncio.Event()

    async def trigger(exchange: Exchange) -> None:
        started.set()
        await answer.wait()
        await exchange.answer(200, {"run": exchange.server.run() | {"id": NEW_RUN}})

    async def runs(exchange: Exchange) -> None:
        new = [exchange.server.run() | {"id": NEW_RUN, "argv": ["x"], "created_at": None}]
        await exchange.answer(200, {"runs": new if started.is_set() else []})

    async def stop(exchange: Exchange) -> None:
        canceled = exchange.server.run() | {"id": NEW_RUN, "status": "canceled"}
        await exchange.answer(200, {"run": canceled})

    async with HostileServer() as server:
        server.always("stop", stop)
        server.always("trigger", trigger)
        server.always("runs", runs)
        yield cli_at(server.url), started, answer
        answer.set()
        assert server.count("trigger") == 1


@pytest.mark.parametrize(
    ("redirection", "code"),
    [
        ("> /dev/full", 1),
        (">&-", 1),
        ("--json > /dev/full", 1),
        ("-f > /dev/full", 125),
        ("| true; exit ${PIPESTATUS[0]}", 141),
    ],
)
async def test_the_id_is_told_and_kept_although_stdout_fails(
    cli: Cli, runner_id: Callable[[str], str], redirection: str, code: int
) -> None:
    done = await in_shell(cli, f'"$P" trigger Hello -e MODE=fast {redirection}')
    assert done.code == code
    assert ("stdout is closed" in done.err) is (redirection == ">&-")
    words = done.err.splitlines()[0].split()
    assert (words[0], words[2:]) == ("run", ["is", "pending"])
    kept = TriggerHistory(cli.folder / "data").env_for(RunKey(runner_id("Hello"), words[1]))
    assert kept.rows is not None


async def test_the_id_reaches_stdout_although_stderr_fails(cli: Cli) -> None:
    for redirection in ("2> /dev/full", "2>&-"):
        done = await in_shell(cli, f'"$P" trigger Hello {redirection}')
        assert (done.code, len(done.out.strip())) == (0, len(NEW_RUN))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_before_the_answer_names_the_run(
    cli_at: CliAt, number: signal.Signals
) -> None:
    async with answering_late(cli_at) as (cli, started, answer):
        process = await cli.start("trigger", RUNNER_ID, "--", "x")
        await started.wait()
        process.send_signal(number)
        assert process.stderr is not None
        told = await process.stderr.readline()
        assert b"the run may have been started" in told
        answer.set()
        done = await cli.end(process)
    assert done.code == 128 + number
    assert done.out.strip() == NEW_RUN
    assert f"run {NEW_RUN} is" in done.err


async def test_a_signal_without_an_answer_lists_the_runs_that_may_be_it(
    cli_at: CliAt,
) -> None:
    async with answering_late(cli_at) as (cli, started, _):
        process = await cli.start("trigger", RUNNER_ID, "-f", "--", "x")
        await started.wait()
        process.send_signal(signal.SIGTERM)
        done = await cli.end(process)
    assert done.code == 128 + signal.SIGTERM
    assert f"{NEW_RUN}  running    same command: x" in done.err
    assert f"check before you retry: nodion-tui runs {RUNNER_ID}" in done.err


async def test_the_second_signal_ends_at_once(cli_at: CliAt) -> None:
    async with answering_late(cli_at) as (cli, started, _):
        process = await cli.start("trigger", RUNNER_ID)
        await started.wait()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        await process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        done = await cli.end(process)
    assert (done.code, done.out, done.err) == (128 + signal.SIGTERM, "", "")


async def test_a_canceled_job_can_stop_its_run(cli: Cli) -> None:
    async def end_by(number: int) -> None:
        process = await cli.start("trigger", "Until stopped", "-f", "--stop-on-interrupt")
        assert process.stdout is not None
        while b"tick" not in await process.stdout.readline():
            pass
        process.send_signal(number)
        done = await cli.end(process)
        assert (done.code, "canceled" in done.err.splitlines()[-1]) == (130, True)
        assert "========> Canceled" in done.out

    await asyncio.gather(end_by(signal.SIGTERM), end_by(signal.SIGHUP))


async def test_a_run_whose_answer_was_awaited_at_the_signal_is_stopped(cli_at: CliAt) -> None:
    async with answering_late(cli_at) as (cli, started, answer):
        process = await cli.start("trigger", RUNNER_ID, "-f", "--stop-on-interrupt")
        await started.wait()
        process.send_signal(signal.SIGTERM)
        assert process.stderr is not None
        await process.stderr.readline()
        answer.set()
        done = await cli.end(process)
    assert done.code == 128 + signal.SIGTERM
    assert done.err.splitlines()[-1] == f"run {NEW_RUN} is canceled"
