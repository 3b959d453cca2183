"""Runs as CSV, JUnit XML and OpenMetrics text, for spreadsheets, CI systems and Prometheus."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from xml.etree import ElementTree as ET

from nodion_tui.cli.output.streams import iso_time
from nodion_tui.model.run import Run, RunStatus
from nodion_tui.model.text.format import run_command
from nodion_tui.model.text.sanitize import sanitize

CSV_COLUMNS = (
    "run",
    "runner_id",
    "runner",
    "status",
    "exit_code",
    "created_at",
    "started_at",
    "completed_at",
    "seconds",
    "command",
)


def csv_text(runs: Sequence[Run], labels: Mapping[str, str], now: datetime) -> str:
    """A row per run, with a heading; `now` is the server's time, for running runs (RFC 4180)."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(CSV_COLUMNS)
    for run in runs:
        writer.writerow(
            (
                run.id,
                run.runner_id,
                labels.get(run.runner_id, ""),
                run.status,
                "" if run.exit_code is None else run.exit_code,
                *map(iso_time, (run.created_at, run.started_at, run.completed_at)),
                _seconds(run, now),
                run_command(run),
            )
        )
    return buffer.getvalue()


def junit_text(runs: Sequence[Run], labels: Mapping[str, str], now: datetime) -> str:
    """A test suite per runner and a test case per run; a failed run is a failure.

    Pending and running runs are skipped, canceled ones errors: they have no result.
    """
    root = ET.Element("testsuites", name="nodion-tui")
    for runner_id, group in groupby(sorted(runs, key=_runner_of), key=_runner_of):
        suite_runs = list(group)
        name = _xml(labels.get(runner_id, runner_id))
        suite = ET.SubElement(root, "testsuite", name=name, tests=str(len(suite_runs)))
        cases = Counter(_add_case(suite, run, name, now) for run in suite_runs)
        for attribute, tag in (
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            suite.set(attribute, str(cases[tag]))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def openmetrics_text(runs: Sequence[Run], labels: Mapping[str, str], now: datetime) -> str:
    """Runs by status, and the last end, success and duration per runner (OpenMetrics 1.0)."""
    return "\n".join([*_metrics(runs, labels, now), "# EOF", ""])


def _metrics(runs: Sequence[Run], labels: Mapping[str, str], now: datetime) -> Iterator[str]:
    yield "# TYPE nodion_runs gauge"
    yield "# HELP nodion_runs Runs that the service lists, by status."
    for (runner_id, status), number in sorted(
        Counter((r.runner_id, r.status) for r in runs).items()
    ):
        yield f"nodion_runs{{{_labels(runner_id, labels, status=status)}}} {number}"
    latest_end = _newest(runs, succeeded_only=False)
    latest_success = _newest(runs, succeeded_only=True)
    for name, text, newest in (
        ("nodion_run_last_end_timestamp_seconds", "When a run last ended.", latest_end),
        ("nodion_run_last_success_timestamp_seconds", "When a run last succeeded.", latest_success),
    ):
        yield f"# TYPE {name} gauge"
        yield f"# HELP {name} {text}"
        for runner_id, run in sorted(newest.items()):
            if run.completed_at is not None:
                yield f"{name}{{{_labels(runner_id, labels)}}} {run.completed_at.timestamp():.3f}"
    yield "# TYPE nodion_run_last_duration_seconds gauge"
    yield "# HELP nodion_run_last_duration_seconds Duration of the run that ended last."
    for runner_id, run in sorted(latest_end.items()):
        if seconds := _seconds(run, now):
            yield f"nodion_run_last_duration_seconds{{{_labels(runner_id, labels)}}} {seconds}"


def _newest(runs: Sequence[Run], *, succeeded_only: bool) -> dict[str, Run]:
    """The run of each runner that ended last."""
    newest: dict[str, Run] = {}
    for run in runs:
        if run.completed_at is None or (succeeded_only and run.status != RunStatus.SUCCEEDED):
            continue
        other = newest.get(run.runner_id)
        if other is None or other.completed_at is None or run.completed_at > other.completed_at:
            newest[run.runner_id] = run
    return newest


def _labels(runner_id: str, labels: Mapping[str, str], **more: str) -> str:
    values = {"runner": labels.get(runner_id, ""), "runner_id": runner_id, **more}
    return ",".join(f'{name}="{_escaped(value)}"' for name, value in values.items())


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _add_case(suite: ET.Element, run: Run, name: str, now: datetime) -> str:
    """Adds a test case; returns the tag of its result, empty for a success."""
    case = ET.SubElement(suite, "testcase", name=_xml(run.id), classname=name)
    if seconds := _seconds(run, now):
        case.set("time", seconds)
    match run.status:
        case RunStatus.SUCCEEDED:
            return ""
        case RunStatus.FAILED:
            tag = "failure"
        case RunStatus.CANCELED:
            tag = "error"
        case _:
            tag = "skipped"
    code = "" if run.exit_code is None else f", exit {run.exit_code}"
    result = ET.SubElement(case, tag, message=_xml(f"{run.status}{code}"))
    result.text = _xml(run_command(run))
    return tag


def _xml(text: str) -> str:
    """Text without control characters, which XML 1.0 cannot contain."""
    return sanitize(text)


def _runner_of(run: Run) -> str:
    return run.runner_id


def _seconds(run: Run, now: datetime) -> str:
    span = run.duration(now)
    return "" if span is None else f"{span.total_seconds():.3f}"
