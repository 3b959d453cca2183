"""What the detail pane says of a run, line by line."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from msgspec.structs import replace

from nodion_tui.model.run import RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.insight.typical_duration import TypicalDuration
from nodion_tui.ui.dashboard.run_detail import RunFacts, detail_rows
from nodion_tui.ui.paint.styled_row import row_text, row_width

NOW = datetime(2026, 1, 15, 12, tzinfo=UTC)
RUN = RunRecord(
    id="run-1",
    runner_id="runner-1",
    status="failed",
    argv=("python3", "-m", "job"),
    exit_code=2,
    created_at=NOW - timedelta(minutes=10),
    started_at=NOW - timedelta(minutes=9),
    completed_at=NOW - timedelta(minutes=4),
).run
RUNNER = Runner(id="runner-1", name="Backup", entrypoint="/bin/sh")


def shown(facts: RunFacts | None, width: int = 60) -> list[str]:
    return [row_text(row).rstrip() for row in detail_rows(facts, NOW, width)]


def values(facts: RunFacts) -> dict[str, str]:
    """The value on the first line of each label."""
    parts = [line.partition(" ") for line in shown(facts, 90) if not line.startswith(" ")]
    return {label: value.strip() for label, _, value in parts}


def test_no_run_has_no_lines() -> None:
    assert shown(None) == []


def test_a_failed_run_has_its_times_its_arguments_and_its_exit_code() -> None:
    said = values(RunFacts(RUN, RUNNER))
    assert said["status"] == "✗ failed"
    assert said["ended"].endswith(", 05:00")
    assert said["argv"] == "1   python3"
    assert said["exit"] == "code  2"
    assert said["entrypoint"] == "(default) /bin/sh"


def test_a_running_run_has_the_time_that_it_will_end() -> None:
    running = replace(RUN.record, status="running", exit_code=None, completed_at=None).run
    typical = TypicalDuration((timedelta(minutes=12),) * 5)
    said = values(RunFacts(running, typical=typical, stopping=3.0, is_stale=True))
    assert said["status"] == "● running stop requested · 3 s not checked"
    assert said["started"].endswith(", 09:00")
    assert "5 runs" in said["median"]
    assert " in 03" in said["ETA"]


def test_a_running_run_tells_when_it_times_out_and_that_it_usually_takes_longer() -> None:
    running = replace(RUN.record, status="running", exit_code=None, completed_at=None).run
    runner = replace(RUNNER, timeout_seconds=1260)
    said = shown(RunFacts(running, runner, TypicalDuration((timedelta(minutes=20),) * 5)))
    (line,) = [line for line in said if line.startswith("times out")]
    assert line.endswith(":12 in 12 min")
    assert not any("usually" in line for line in said)
    said = shown(RunFacts(running, runner, TypicalDuration((timedelta(minutes=40),) * 5)))
    assert any(line.endswith("  it takes up to 40 min usually") for line in said)


def test_what_is_unusual_of_a_runner_stands_where_it_matters() -> None:
    changed = {"updated_at": NOW - timedelta(hours=3), "warmed_at": NOW - timedelta(hours=5)}
    runner = replace(RUNNER, status="available", **changed)
    said = shown(RunFacts(RUN, runner))
    assert not any("changed" in line or "available" in line for line in said)
    assert "queued     1 min 00 s, runner warmed 5h ago" in said
    runner = replace(runner, status="suspended")
    said = shown(
        RunFacts(replace(RUN.record, started_at=RUN.created_at).run, runner, is_first_failure=True)
    )
    assert "queued     0 s" in said
    (name,) = [number for number, line in enumerate(said) if line.startswith("runner  ")]
    assert [line.strip() for line in said[name + 1 : name + 3]] == [
        "suspended",
        "changed 3h ago, first failure since",
    ]
    assert "env        not returned by the API" in said


def test_a_rhythm_tells_how_much_a_run_is_overdue() -> None:
    rhythm = Rhythm.learn(NOW - timedelta(hours=31 + 24 * number) for number in range(30))
    said = values(RunFacts(RUN, RUNNER, rhythm=rhythm, is_overdue=True))
    assert said["rhythm"] == "every 24 h (21 runs), last 31 h ago, overdue by 7 h"
    said = values(RunFacts(RUN, RUNNER, rhythm=rhythm))
    assert said["rhythm"] == "every 24 h (21 runs), last 31 h ago"


@pytest.mark.parametrize("width", [4, 12, 24, 60, 200])
def test_values_are_wrapped_beside_their_labels(width: int) -> None:
    facts = RunFacts(replace(RUN, argv=(), command="word " * 40), RUNNER)
    rows = list(detail_rows(facts, NOW, width))
    labels = row_width(rows[0][:1])
    for above, row in pairwise(rows):
        is_under = row_width(row[:1]) == 2 and len(above) == 1
        assert is_under or row_width(row[:1]) == labels
    assert max(map(row_width, rows)) <= max(width, labels + 1)
    assert sum(row_text(row).count("w") for row in rows) >= 40


@pytest.mark.parametrize("width", [27, 29])
def test_a_value_that_fits_in_a_line_is_not_broken(width: int) -> None:
    runner = replace(RUNNER, image_name="shop/webhooks", image_tag="latest")
    rows = [row_text(row) for row in detail_rows(RunFacts(RUN, runner), NOW, width)]
    assert "  shop/webhooks:latest" in rows
    assert rows[rows.index("  shop/webhooks:latest") - 1].strip() == "image"


def test_clock_durations_have_one_format_as_in_the_list() -> None:
    began = NOW - timedelta(seconds=30)
    running = replace(RUN.record, status="running", started_at=began, completed_at=None).run
    said = values(RunFacts(running, typical=TypicalDuration((timedelta(seconds=45),) * 5)))
    assert said["started"].endswith(", 00:30")
    assert said["median"] == "00:45 (5 runs)"
    assert said["ETA"].endswith(" in 00:15")
