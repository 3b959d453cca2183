import math
from datetime import UTC, datetime, timedelta

import pytest

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.insight.arrivals import expected_runs
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def hourly(ago: float, jitter: float = 0.0) -> list[Run]:
    """Runs every hour, the newest so many minutes ago; late by up to four times this."""
    return [
        RunRecord(
            id=str(number),
            status="succeeded",
            created_at=NOW - timedelta(minutes=ago + 60 * number + jitter * (number * number % 7)),
        ).run
        for number in range(20)
    ]


def expected(runs: list[Run]) -> ExpectedRuns:
    rhythm = Rhythm.learn(run.created_at for run in runs if run.created_at)
    assert rhythm is not None
    return expected_runs(runs, [rhythm], NOW)


def test_a_regular_run_is_due_in_a_time_as_wide_as_it_jitters() -> None:
    assert expected(hourly(50))[:2] == (598, 602)
    earliest, latest, _ = expected(hourly(50, jitter=1))
    assert 120 < latest - earliest < 1200


def test_what_did_not_come_is_expected_at_any_time() -> None:
    earliest, _, rate = expected(hourly(70))
    assert earliest == math.inf
    assert rate == pytest.approx(10 / (9 * 3600 + 4200))


def test_what_has_not_run_for_weeks_is_hardly_expected() -> None:
    seldom = [RunRecord(id="1", status="failed", created_at=NOW - 1000 * HOUR).run]
    assert expected_runs(seldom, [], NOW).rate < 1 / (900 * 3600)
    assert expected_runs([], [], NOW) == (math.inf, math.inf, 1 / (30 * 86_400))


@pytest.mark.parametrize(
    ("expected", "asked_at", "now", "waiting"),
    [
        (ExpectedRuns(math.inf, math.inf, 0.1), 100, 110, 5),
        (ExpectedRuns(100, 120, 0.1), 50, 99, 0),
        (ExpectedRuns(100, 120, 0.0), 50, 110, 2.5),
        (ExpectedRuns(100, 120, 0.0), 50, 120, 10),
        (ExpectedRuns(100, 120, 0.0), 50, 150, 40),
        (ExpectedRuns(100, 120, 0.1), 50, 130, 25),
        (ExpectedRuns(100, 120, 0.0), 110, 120, 5),
        (ExpectedRuns(100, 120, 0.0), 130, 150, 0),
    ],
    ids=[
        "at any time",
        "not due yet",
        "half of the due time",
        "all of it",
        "surely",
        "and perhaps another one",
        "had not come in the first half",
        "did not come",
    ],
)
def test_the_expected_waiting(
    expected: ExpectedRuns, asked_at: float, now: float, waiting: float
) -> None:
    assert expected.waiting(asked_at, now) == pytest.approx(waiting)
    assert expected.at(7).waiting(asked_at + 7, now + 7) == pytest.approx(waiting)
