"""`logs`, `trigger --follow`, `wait`: log, exit code of the run, and ctrl+c."""

import asyncio
import re
import signal
from asyncio.subprocess import Process
from collections.abc import Callable

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.cli.commands.wait import PACE
from nodion_tui.model.trigger import TriggerRequest
from tests.api.follow.faults import cut_after, refuse
from tests.cli.conftest import PROGRAM, Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer

RunnerId = Callable[[str], str]


async def read_until(process: Process, text: str) -> None:
    assert process.stdout is not None
    async with asyncio.timeout(20):
        async for line in process.stdout:
            if text in line.decode():
                return
    raise AssertionError(f"{text} was not printed")


async def test_log_lines_go_to_stdout_and_notices_to_stderr(cli: Cli) -> None:
    followed = await cli("trigger", "Hello", "--follow")
    assert followed.code == 0
    assert followed.lines[-3:] == ["one", "two", "three"]
    assert "succeeded, exit 0" in followed.err
    assert "log complete" in followed.err
    printed, again, dated = await asyncio.gather(
        cli("logs", "Hello", "latest"),
        cli("logs", "Hello", "latest", "-f"),
        cli("logs", "Hello", "latest", "-t"),
    )
    assert printed.out == again.out == followed.out
    assert (printed.err, printed.code, again.code) == ("", 0, 0)
    assert all(line[4] == "-" and line[10] == "T" for line in dated.lines)


async def test_only_lines_of_a_level_and_above_are_printed(cli: Cli) -> None:
    bodies = [
        "INFO a",
        "plain",
        "WARN b",
        r"\033[31mERROR c\033[0m",
        r'{"level":"fatal"}',
        "error: 0",
    ]
    await cli("trigger", "Hello", "--follow", "--", "printf", r"%b\n", *bodies)
    errors, followed, objects, unknown = await asyncio.gather(
        cli("logs", "Hello", "latest", "--level", "error"),
        cli("logs", "Hello", "latest", "-f", "--level", "WARN"),
        cli("logs", "Hello", "latest", "--level", "fatal", "--json"),
        cli("logs", "Hello", "latest", "--level", "loud"),
    )
    assert errors.lines == ["\x1b[31mERROR c\x1b[0m", '{"level":"fatal"}']
    assert followed.lines == ["WARN b", *errors.lines]
    assert [line["body"] for line in objects.objects] == ['{"level":"fatal"}']
    assert (unknown.code, "'trace', 'debug', 'info'" in unknown.err) == (2, True)


async def test_log_lines_as_the_api_sent_them_over_many_pages(
    cli: Cli, client: NodionClient, runner_id: RunnerId
) -> None:
    chatty = runner_id("Chatty")
    run = (await cli("trigger", chatty)).out.strip()
    code = (await cli("wait", chatty, run)).code
    paged, followed, whole = await asyncio.gather(
        cli("logs", chatty, run, "--json"),
        cli("logs", chatty, run, "-f", "--json"),
        cli("logs", chatty, run),
    )
    assert code == followed.code == 0
    assert len(paged.lines) == len(set(paged.lines)) >= 2000
    assert set(paged.objects[0]) >= {"id", "body", "log_level", "created_at"}
    assert [line["body"] for line in paged.objects] == whole.lines
    assert [line["id"] for line in followed.objects] == [line["id"] for line in paged.objects]
    since = paged.objects[-3]["id"]
    rest = await cli("logs", chatty, run, "--after", since)
    assert rest.lines == ["line 1999", "line 2000"]
    first = await client.get_logs(chatty, run, raw=True)
    assert paged.out.encode().startswith(b"\n".join(first.raw))


async def test_only_lines_that_a_search_finds_are_printed(cli: Cli) -> None:
    script = r"printf '\033[1mup\033[0m \033[31mred\033[0m\r\n10%%\rdone\nUP end\n'"
    assert (await cli("trigger", "Hello", "--follow", "--shell", script)).code == 0
    red, done, ups, others, objects, wrong = await asyncio.gather(
        cli("logs", "Hello", "latest", "--grep", "^up red$"),
        cli("logs", "Hello", "latest", "-f", "--grep", "^done"),
        cli("logs", "Hello", "latest", "--grep", "up"),
        cli("logs", "Hello", "latest", "--grep", "!up"),
        cli("logs", "Hello", "latest", "--json", "--grep", "Up|UP"),
        cli("logs", "Hello", "latest", "--grep", "(up"),
    )
    assert red.out.startswith("\x1b[1mup\x1b[0m \x1b[31mred\x1b[0m")
    assert (done.out, done.code) == ("10%\rdone\n", 0)
    assert len(ups.out.strip().split("\n")) == 2
    assert others.out.endswith(f"command\n{done.out}")
    assert [line["body"] for line in objects.objects] == ["UP end"]
    assert (wrong.code, wrong.out) == (2, "")
    assert "Invalid value for '--grep'" in wrong.err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("Failing",), 3),
        (("Hello", "--shell", "exit 200"), 200),
        (("Hello", "--", "/nowhere/at/all"), 127),
        (("Hello", "--", "sh", "-c", "kill -9 $$"), 137),
    ],
)
async def test_the_exit_code_of_the_run_is_returned(
    cli: Cli, words: tuple[str, ...], code: int
) -> None:
    cut = words.index("--") if "--" in words else len(words)
    done = await cli("trigger", *words[:cut], "-f", *words[cut:])
    assert done.code == code


async def test_ctrl_c_stops_following_and_shows_how_to_stop_the_run(
    cli: Cli, client: NodionClient, runner_id: RunnerId
) -> None:
    runner = runner_id("Until stopped")
    process = await cli.start("trigger", "until stopped", "-f")
    await read_until(process, "tick")
    process.send_signal(signal.SIGINT)
    done = await cli.end(process)
    (run,) = (await client.list_runs(runner)).items
    assert done.code == 130
    assert f"nodion-tui stop {runner} {run.id}" in done.err
    assert run.status == "running"
    waiting = await cli.start("wait", runner, run.id)
    stopped = await cli("stop", runner, run.id)
    assert stopped.rows == [[run.id, "canceled", "stopped"]]
    assert (await cli.end(waiting)).code == 130


async def test_ctrl_c_can_stop_the_run_instead(
    cli: Cli, client: NodionClient, runner_id: RunnerId
) -> None:
    process = await cli.start("trigger", "Until stopped", "-f", "--stop-on-interrupt")
    await read_until(process, "tick")
    process.send_signal(signal.SIGINT)
    done = await cli.end(process)
    (run,) = (await client.list_runs(runner_id("Until stopped"))).items
    assert run.status == "canceled"
    assert done.code == 130
    assert "canceled" in done.err.splitlines()[-1]


async def test_a_log_that_is_no_longer_kept_has_words_and_exit_codes(
    cli_at: Callable[..., Cli],
) -> None:
    async with HostileServer() as server:
        server.always("page", refuse(410, b'{"error":"deleted on Monday"}'))
        server.finish()
        cli = cli_at(server.url)
        printed, followed, run = await asyncio.gather(
            cli("logs", RUNNER_ID, RUN_ID),
            cli("logs", RUNNER_ID, RUN_ID, "-f"),
            cli("run", RUNNER_ID, RUN_ID),
        )
    assert (printed.code, followed.code, run.code) == (1, 125, 0)
    told = (
        "nodion-tui: Log no longer kept: deleted on Monday. Save logs that you need for longer.\n"
    )
    assert (printed.out, printed.err) == ("", told)
    assert followed.err == told


async def test_a_wait_ends_with_a_status_that_is_unknown_but_final(
    cli_at: Callable[..., Cli],
) -> None:
    async def evicted(exchange: Exchange) -> None:
        run = exchange.server.run() | {"status": "evicted"}
        await exchange.answer(200, {"run": run})

    async with HostileServer() as server:
        server.finish()
        server.always("run", evicted)
        done = await cli_at(server.url)("wait", RUNNER_ID, RUN_ID)
    assert (done.code, "evicted" in done.out) == (1, True)


async def test_ctrl_c_ends_a_wait(cli_at: Callable[..., Cli]) -> None:
    asked = asyncio.Event()

    async def still_running(exchange: Exchange) -> None:
        await exchange.answer(200, {"run": exchange.server.run()})
        asked.set()

    async with HostileServer() as server:
        server.always("run", still_running)
        cli = cli_at(server.url)
        process = await cli.start("wait", RUNNER_ID, RUN_ID)
        async with asyncio.timeout(20):
            await asked.wait()
        process.send_signal(signal.SIGINT)
        done = await cli.end(process)
    assert (done.code, done.out) == (130, "")
    assert done.err == "stopped waiting; the run continues\n"


async def test_a_closed_pipe_ends_the_command_even_without_new_lines(
    cli: Cli, client: NodionClient, runner_id: RunnerId
) -> None:
    request = TriggerRequest(argv=("sh", "-c", "echo ready; sleep 60"))
    run = await client.trigger(runner_id("Hello"), request)
    process = await cli.start("logs", *run.key, "-f")
    await read_until(process, "ready")
    transport = process._transport.get_pipe_transport(1)  # type: ignore[attr-defined]  # to close our end of the pipe
    transport.close()
    async with asyncio.timeout(10):
        assert await process.wait() == 141
    assert process.stderr is not None
    assert await process.stderr.read() == b""


async def test_head_gets_its_lines_and_no_complaint(cli: Cli) -> None:
    await cli("trigger", "Chatty", "-f")
    shell = f"'{PROGRAM}' logs Chatty latest | head -n 2"
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", shell),
        env=cli.env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = await cli.end(process)
    assert done.err == ""
    assert len(done.lines) == 2


async def test_every_line_once_and_in_order_from_a_hostile_server(
    cli_at: Callable[..., Cli],
) -> None:
    async with HostileServer(lines=200, exit_code=7) as server:
        server.plan("stream", cut_after(30), cut_after(90, reset=True), refuse(503))
        done = await cli_at(server.url)("logs", RUNNER_ID, RUN_ID, "-f")
    assert done.lines == [f"line {index}" for index in range(200)]
    assert done.code == 7
    assert "reconnecting in" in done.err
    assert re.search(r"resumed, \d+ lines caught up, 0 lines lost", done.err)


async def test_log_lines_reach_a_pipe_byte_for_byte(
    cli_at: Callable[..., Cli],
) -> None:
    bodies = [
        "\x1b[31mred\x1b[0m",
        "tab\there",
        "",
        "bell\x07",
        "ünï 🎉",
        "a\u202eb",
        "x" * 100_000,
    ]
    async with HostileServer(bodies=bodies) as server:
        done = await cli_at(server.url)("logs", RUNNER_ID, RUN_ID, "-f")
    assert done.out == "\n".join(bodies) + "\n"


@pytest.mark.parametrize("status", [403, 404])
async def test_a_failure_exits_with_125_if_the_runs_exit_code_is_returned(
    cli_at: Callable[..., Cli], status: int
) -> None:
    async with HostileServer() as server:
        for kind in ("page", "stream", "run"):
            server.always(kind, refuse(status))
        cli = cli_at(server.url)
        key = (RUNNER_ID, RUN_ID)
        follow, wait, plain = await asyncio.gather(
            cli("logs", *key, "-f"), cli("wait", *key), cli("logs", *key)
        )
    assert (follow.code, wait.code) == (125, 125)
    assert plain.code == (1 if status == 404 else 4)
    assert len(follow.err.splitlines()) == 1


async def test_wait_survives_an_outage(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer(exit_code=5) as server:
        server.finish()
        server.plan("run", refuse(503), refuse(429, Retry_After="1"))
        done = await cli_at(server.url)("wait", RUNNER_ID, RUN_ID, "--json")
        assert done.objects == [server.run()]
    assert done.code == 5
    assert "retrying in" in done.err


async def test_wait_gives_up_after_its_timeout(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer() as server:
        cli = cli_at(server.url)
        passed, wrong = await asyncio.gather(
            cli("wait", RUNNER_ID, RUN_ID, "--timeout", "0.2s", "-q"),
            cli("wait", RUNNER_ID, RUN_ID, "--timeout", "soon"),
        )
    assert (passed.code, passed.out) == (124, "")
    assert passed.err == "--timeout has passed; the run continues\n"
    assert (wrong.code, "'soon' is not a duration" in wrong.err) == (125, True)


def test_wait_looks_less_and_less_often_up_to_every_five_seconds() -> None:
    assert [PACE.delay(polls, 1.0) for polls in range(1, 7)] == [0.5, 1, 2, 4, 5, 5]


async def test_ctrl_c_exits_even_if_stdout_is_not_read(cli_at: Callable[..., Cli]) -> None:
    sent = asyncio.Event()

    async def flood(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.lines(0, 2000)
        sent.set()
        await exchange.silence()

    async with HostileServer(bodies=["x" * 1000] * 3000) as server:
        server.always("stream", flood)
        process = await cli_at(server.url).start("logs", RUNNER_ID, RUN_ID, "-f", limit=1)
        async with asyncio.timeout(20):
            await sent.wait()
        async with asyncio.timeout(20):
            while process.returncode is None:
                process.send_signal(signal.SIGINT)
                await asyncio.sleep(0.1)
        # A late ctrl+c may reach the interpreter while it exits; a shell reports 130 then, too.
        assert process.returncode in {130, -signal.SIGINT}
        process._transport.close()  # type: ignore[attr-defined]  # its output is not needed
