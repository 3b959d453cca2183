"""`export runs`: CSV, JUnit, OpenMetrics and JSON Lines."""

import asyncio
import csv
import io
from collections.abc import Callable
from xml.etree import ElementTree as ET

from tests.cli.conftest import Cli

RunnerId = Callable[[str], str]


async def test_runs_in_every_format(cli: Cli, runner_id: RunnerId) -> None:
    await cli("trigger", "Failing", "-f")
    await cli("trigger", "Hello", "-f", "--", "printf", 'a,"b"\x1b\n')
    as_csv, junit, metrics, lines, filtered = await asyncio.gather(
        cli("export", "runs"),
        cli("export", "runs", "--format", "junit"),
        cli("export", "runs", "--format", "openmetrics"),
        cli("export", "runs", "--format", "jsonl"),
        cli("export", "runs", "Hello", "--filter", "status:failed"),
    )
    rows = list(csv.DictReader(io.StringIO(as_csv.out)))
    assert [(row["runner"], row["status"], row["exit_code"]) for row in rows] == [
        ("Hello", "succeeded", "0"),
        ("Failing", "failed", "3"),
    ]
    assert float(rows[0]["seconds"]) >= 0
    assert len(filtered.lines) == 1

    suites = {suite.get("name"): suite for suite in ET.fromstring(junit.out)}  # noqa: S314  # our own output
    assert suites["Failing"].get("failures") == "1"
    failure = suites["Failing"].find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "failed, exit 3"
    assert suites["Hello"].find("testcase/failure") is None

    hello = f'{{runner="Hello",runner_id="{runner_id("Hello")}",status="succeeded"}}'
    assert f"nodion_runs{hello} 1" in metrics.lines
    assert metrics.lines[-1] == "# EOF"
    assert [row["runner"] for row in lines.objects] == ["Hello", "Failing"]
    assert lines.objects[0]["run"]["exit_code"] == 0
