"""`tail`: many runs in a pipe, merged, until it is stopped."""

import asyncio
import json
import re
import signal
from asyncio.subprocess import Process
from collections import defaultdict
from datetime import datetime

from tests.cli.conftest import Cli, checked_result

NUMBERS = "seq -f 'number %.0f' 300; sleep 0.2; seq -f 'number %.0f' 301 600"
_LINE = re.compile(r"(\S+) (.+?) (\w{8}) │ (.*)")


async def lines_until(process: Process, last: str) -> list[str]:
    """What is printed up to a line with this end."""
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(30):
        while not lines or not lines[-1].endswith(last):
            line = await process.stdout.readline()
            assert line, lines[-3:]
            lines.append(line.decode().rstrip("\n"))
    return lines


async def stopped(process: Process) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    out, err = await process.communicate()
    result = checked_result(process.returncode or 0, out.decode(), err.decode())
    return result.code, result.err


async def test_runs_that_start_are_printed_once_in_order_and_by_time(cli: Cli) -> None:
    await cli("trigger", "Failing", "-q")
    for name in "ab":
        job = f"sleep 1; {NUMBERS}; echo end {name}; sleep 60"
        await cli("trigger", "Hello", "-q", "--shell", job)
    tail = await cli.start("tail", "runner:hello", "-q")
    lines = await lines_until(tail, "end a")
    if not any(line.endswith("│ end b") for line in lines):
        lines += await lines_until(tail, "end b")
    assert await stopped(tail) == (130, "")
    by_run: dict[str, list[str]] = defaultdict(list)
    times: list[datetime] = []
    for line in lines:
        match = _LINE.fullmatch(line)
        assert match is not None, line
        time, runner, run, body = match.groups()
        assert runner == "Hello"
        times.append(datetime.fromisoformat(time))
        by_run[run].append(body)
    assert len(by_run) == 2
    for bodies in by_run.values():
        printed = [body for body in bodies if body.startswith("number")]
        assert printed == [f"number {number}" for number in range(1, 601)]


async def test_json_has_each_line_as_it_was_sent_with_its_run_and_filters_apply(cli: Cli) -> None:
    trigger = await cli("trigger", "Until stopped", "--json")
    run = trigger.objects[0]["id"]
    tail = await cli.start("tail", "--json", "--grep", ".")
    assert tail.stdout is not None
    line = json.loads(await tail.stdout.readline())
    assert line["run"] == run
    assert line["runner"] == "Until stopped"
    assert set(line["line"]) >= {"id", "body", "created_at", "log_level"}
    code, _ = await stopped(tail)
    assert code == 130


async def test_a_reader_that_leaves_ends_it(cli: Cli) -> None:
    await cli("trigger", "Hello", "-q", "--shell", "echo one; sleep 30")
    tail = await cli.start("tail", "-q")
    await lines_until(tail, "one")
    assert tail.stdout is not None
    tail._transport.get_pipe_transport(1).close()  # type: ignore[attr-defined]
    async with asyncio.timeout(10):
        assert await tail.wait() == 141


async def test_a_mistake_in_the_filter_is_told_before_anything_is_sent(cli: Cli) -> None:
    wrong = await cli("tail", "status:foo")
    assert wrong.code == 2
    assert "'foo' is no status" in wrong.err
