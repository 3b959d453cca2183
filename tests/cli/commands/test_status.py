"""`status`: a line for each runner, and an exit code that says whether all is well."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nodion_tui.monitor.storage.known_failures import KnownFailure, KnownFailureFile
from tests.api.follow.faults import refuse
from tests.cli.conftest import PROGRAM, Cli
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer
from tests.support.terminal import Terminal

NOW = datetime.now(UTC).replace(microsecond=0)


def run(number: int, age: timedelta, **fields: Any) -> dict[str, Any]:
    created = NOW - age
    times = {"created_at": created, "started_at": created, "completed_at": created}
    times["completed_at"] += timedelta(seconds=90)
    texts = {name: moment.isoformat() for name, moment in times.items()}
    return {"id": f"run-{number}", "status": "succeeded", "exit_code": 0, **texts, **fields}


async def test_a_runner_that_failed_last_is_1_and_one_that_recovered_is_0(cli: Cli) -> None:
    await cli("trigger", "Hello", "-f", "--shell", "exit 4")
    await cli("trigger", "Hello", "-f", "--shell", "exit 5")
    bad, as_json, other = await asyncio.gather(
        cli("status"),
        cli("status", "Hello", "--json", "runner,status,exit_code,failures,cost"),
        cli("status", "Chatty"),
    )
    assert (bad.code, as_json.code, other.code) == (1, 1, 0)
    rows = {row[1]: row[2:4] for row in bad.rows}
    assert (rows["Hello"], rows["Chatty"]) == (["failed", "5"], ["", ""])
    assert bad.err == "1 runner failed last or overdue: Hello\n"
    assert as_json.objects[0] | {"cost": 0} == {
        "runner": "Hello",
        "status": "failed",
        "exit_code": 5,
        "failures": 2,
        "cost": 0,
    }
    await cli("trigger", "Hello", "-f")
    assert (await cli("status")).code == 0


async def test_a_runner_that_did_not_come_is_overdue_and_a_failure_is_2(
    cli_at: Callable[..., Cli],
) -> None:
    async def daily(exchange: Exchange) -> None:
        runs = [run(day, timedelta(days=day + 2)) for day in range(10)]
        await exchange.answer(200, {"runs": runs})

    async with HostileServer() as server:
        server.always("runs", daily)
        cli = cli_at(server.url)
        done = await cli("status", "--json")
        screen = await asyncio.to_thread(on_a_terminal, cli)
        server.always("runs", refuse(500))
        failed = await cli("status")
    (row,) = done.objects
    assert done.code == 1
    assert (row["runner_id"], row["period"], row["typical"]) == (RUNNER_ID, 86400, 90)
    assert 86000 < row["overdue"] < 87000
    assert (failed.code, failed.out) == (2, "")
    assert re.search(r"succeeded +0 .* ago +every 24 h +01:30 .*overdue by 24 h", screen), screen


async def test_a_known_failure_is_told_and_needs_no_attention(cli: Cli) -> None:
    for error in ("refused by 10.0.0.1", "refused by 10.0.0.2"):
        await cli("trigger", "Hello", "-f", "--shell", f"echo ERROR {error}; echo bye; exit 4")
    known = KnownFailure(
        profile="default",
        exit_code=4,
        shapes=("ERROR refused by <ip>",),
        at=datetime.now(UTC),
        note="T-7",
    )
    KnownFailureFile(Path(cli.env["NODION_TUI_DATA"])).save(known)
    done, listed, other = await asyncio.gather(
        cli("status", "Hello", "--json", "runner,failures,known,note"),
        cli("runs", "--filter", "cause:known"),
        cli("runs", "--filter", 'cause:"by <ip>" !cause:new'),
    )
    assert (done.code, done.err) == (0, "")
    row = {"runner": "Hello", "failures": 2, "known": True, "note": "T-7"}
    assert done.objects == [row]
    assert [len(result.rows) for result in (listed, other)] == [2, 2]
    await cli("trigger", "Hello", "-f", "--shell", "echo ERROR disk full; exit 4")
    failed = await cli("status", "Hello")
    assert failed.code == 1
    assert failed.rows[0][-1] == ""


def on_a_terminal(cli: Cli) -> str:
    with Terminal((PROGRAM, "status"), env=cli.env) as terminal:
        assert terminal.wait_exit() == 1
        return terminal.wait_for("failed last or overdue")
