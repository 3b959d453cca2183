"""`logs`: a part of a log by time, tail, context and limits, and how to go on after a limit."""

import asyncio
import shlex
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer
from tests.support.terminal import Terminal

NUMBERS = "seq -f 'line %g' 20"


def line_id(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


async def numbered_log(cli: Cli) -> None:
    """A run whose last twenty lines are `line 1` to `line 20`."""
    assert (await cli("trigger", "Hello", "-f", "--shell", NUMBERS)).code == 0


async def test_tail_and_context_choose_lines(cli: Cli) -> None:
    await numbered_log(cli)
    log = ("logs", "Hello", "latest")
    tail, followed, context, edge, as_json, both = await asyncio.gather(
        cli(*log, "--tail", "2"),
        cli(*log, "--tail", "2", "-f"),
        cli(*log, "--grep", "line (5|9|10)$", "-C", "1"),
        cli(*log, "--grep", "line 20", "-C", "2"),
        cli(*log, "--grep", "line (5|15)", "-C", "1", "--json", "body"),
        cli(*log, "--grep", "line .5", "-C", "1", "--tail", "2"),
    )
    numbered = await cli(*log, "--after", "line:19", "--grep", "line")
    assert numbered.lines == ["line 19", "line 20"], "the first line is that of the engine"
    assert tail.lines == followed.lines == ["line 19", "line 20"]
    expected = ["line 4", "line 5", "line 6", "--", "line 8", "line 9", "line 10", "line 11"]
    assert context.lines == expected
    assert edge.lines == ["line 18", "line 19", "line 20"]
    numbers = [int(row["body"].split()[1]) for row in as_json.objects]
    assert numbers == [4, 5, 6, 14, 15, 16]
    assert both.lines == ["line 15", "line 16"]


async def test_a_limit_stops_and_tells_how_to_go_on(cli: Cli) -> None:
    await numbered_log(cli)
    log = ("logs", "Hello", "latest", "--grep", "^line")
    first = await cli(*log, "--max-lines", "3")
    assert (first.code, first.lines) == (0, ["line 1", "line 2", "line 3"])
    (hint,) = first.err.splitlines()
    assert hint.startswith("stopped at --max-lines 3; to go on: nodion-tui logs ")
    program, *words = shlex.split(hint.partition("to go on: ")[2])
    assert program == "nodion-tui"
    (elsewhere,) = (await cli("--allow-http", *log, "--max-lines", "3")).err.splitlines()
    assert elsewhere == hint.replace("nodion-tui logs", "nodion-tui --allow-http logs")
    rest, small, exact, followed, tiny = await asyncio.gather(
        cli(*words),
        cli(*log, "--max-bytes", "15", "-q"),
        cli(*log, "--max-lines", "20"),
        cli(*log, "--max-lines", "1", "-f"),
        cli(*log, "--max-bytes", "3"),
    )
    assert rest.lines == ["line 4", "line 5", "line 6"]
    assert small.lines == ["line 1", "line 2"]
    assert "stopped at --max-bytes 15" in small.err
    assert (len(exact.lines), exact.err) == (20, "")
    assert (followed.code, followed.lines) == (124, ["line 1"])
    assert tiny.out == ""
    assert "has 7 bytes and is left out; to go on:" in tiny.err
    assert tiny.err.split()[-2] == "--after"


async def test_what_is_proposed_to_go_on_prints_the_other_lines_page_by_page(cli: Cli) -> None:
    await numbered_log(cli)
    words = ["logs", "Hello", "latest", "--grep", "line (2|1[0-9])$|it's", "--to", "0s"]
    words += ["--json", "body", "--max-lines", "4", "--tail", "15"]
    printed: list[str] = []
    for _ in range(9):
        done = await cli(*words)
        printed += [row["body"] for row in done.objects]
        if not done.err:
            break
        words = shlex.split(done.err.partition("to go on: ")[2])[1:]
        assert "--tail" not in words
    assert printed == [f"line {number}" for number in (2, *range(10, 20))]
    assert any(word.startswith("--to=20") for word in words), "no later than what was asked for"


async def test_since_and_to_are_times(cli_at: Callable[..., Cli]) -> None:
    now = datetime.now(UTC)

    async def page(exchange: Exchange) -> None:
        lines: list[dict[str, Any]] = []
        if "after_id" not in exchange.path:
            for minutes in (60, 30, 5):
                created = (now - timedelta(minutes=minutes)).isoformat()
                line = {"id": line_id(minutes), "body": f"{minutes} ago", "created_at": created}
                lines.append(line)
        await exchange.answer(200, {"logs": lines})

    async with HostileServer() as server:
        server.always("page", page)
        log = ("logs", RUNNER_ID, RUN_ID)
        cli = cli_at(server.url)
        since, between = await asyncio.gather(
            cli(*log, "--since", "40m"), cli(*log, "--from", "1h30m", "--to", "10m")
        )
    assert since.lines == ["30 ago", "5 ago"]
    assert between.lines == ["60 ago", "30 ago"]


async def test_from_and_to_take_the_moments_that_the_dashboard_takes(
    cli_at: Callable[..., Cli],
) -> None:
    start = datetime(2026, 1, 15, 23, 50).astimezone()
    minutes = range(0, 20, 2)

    async def page(exchange: Exchange) -> None:
        lines: list[dict[str, Any]] = []
        if "after_id" not in exchange.path:
            for minute in minutes:
                created = (start + timedelta(minutes=minute)).isoformat()
                line = {"id": line_id(minute), "body": f"at {minute}", "created_at": created}
                lines.append(line)
        await exchange.answer(200, {"logs": lines})

    async def run(exchange: Exchange) -> None:
        completed = (start + timedelta(hours=1)).isoformat()
        times = {"started_at": start.isoformat(), "completed_at": completed}
        await exchange.answer(200, {"run": {"id": RUN_ID, "status": "failed", **times}})

    async def printed(*words: str) -> list[int]:
        return [int(line.split()[1]) for line in (await cli(*log, *words)).lines]

    async with HostileServer() as server:
        server.always("page", page)
        server.always("run", run)
        log = ("logs", RUNNER_ID, RUN_ID)
        cli = cli_at(server.url)
        # The log ends with its last line, although the run went on for long.
        assert await asyncio.gather(
            printed("--from", "-5m"),
            printed("--from", "+3m", "--to", "-10m"),
            printed("--from", "23:55", "--to", "00:04"),
            printed("--from", "2026-01-16 00:02"),
            printed("--from", "50%"),
            printed("--to", "50%", "--tail", "1"),
            printed("--from", "-9m", "--grep", "at 1"),
        ) == [
            [14, 16, 18],
            [4, 6, 8],
            [6, 8, 10, 12, 14],
            [12, 14, 16, 18],
            [10, 12, 14, 16, 18],
            [8],
            [10, 12, 14, 16, 18],
        ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--since", line_id(1)), "the id of a line belongs to --after"),
        (("--since", "yesterdy"), "is not a time"),
        (("--after", "12"), "is not the id of a line"),
        (("--after", "line:0"), "is not the id of a line"),
        (("--after", "line:12", "-f"), "not after its number"),
        (("-C", "2"), "--context requires --grep or --level"),
    ],
)
def test_what_is_no_time_or_id_is_a_mistake_and_not_the_whole_log(
    run_in_process: Any, words: tuple[str, ...], message: str
) -> None:
    done = run_in_process("logs", "a", "b", *words)
    assert (done.code, done.out) == (125 if "-f" in words else 2, "")
    assert message in done.err


PATTERNS = """\
[[patterns]]
regex = "line 1[89]"
runner = "Hel*"
look = "warning underline"

[[patterns]]
regex = "line 20"
runner = "Another"
look = "error"
"""


@pytest.mark.pty
async def test_lines_are_lit_on_a_terminal_by_the_patterns_of_their_runner(cli: Cli) -> None:
    await numbered_log(cli)
    cli.configure(PATTERNS)
    run_id = (await cli("runs", "Hello", "--json", "id")).objects[0]["id"]
    runner = (await cli("runners", "--json", "id,name")).objects
    (runner_id,) = [row["id"] for row in runner if row["name"] == "Hello"]
    piped = await cli("logs", runner_id, run_id)
    assert "\x1b" not in piped.out
    raw = await asyncio.to_thread(_raw_on_a_terminal, cli, runner_id, run_id)
    for number in (18, 19):
        assert f"\x1b[33;4mline {number}\x1b[0m\r\n" in raw
    assert raw.count("\x1b[33;4m") == 2
    assert "line 20\r\n" in raw


def _raw_on_a_terminal(cli: Cli, *run: str) -> str:
    argv = (PROGRAM, "logs", *run, "--tail", "20")
    with Terminal(argv, env={**cli.env, "TERM": "xterm-256color"}) as terminal:
        assert terminal.wait_exit() == 0
        return bytes(terminal.raw).decode()
