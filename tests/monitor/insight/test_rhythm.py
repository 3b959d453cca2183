import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import pytest

from nodion_tui.monitor.insight.rhythm import SAMPLE, Rhythm
from tests.support.simulated_year import judge_fleet

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
WEEK_OF_WORK = (24, 24, 24, 24, 72)


def created(*gaps: float, last: datetime = NOW) -> list[datetime]:
    """Times with these gaps in hours between them, the newest at `last`."""
    backwards = accumulate((hours * HOUR for hours in reversed(gaps)), initial=timedelta())
    return [last - since for since in backwards]


def learnt(*gaps: float) -> Rhythm:
    rhythm = Rhythm.learn(created(*gaps))
    assert rhythm is not None
    return rhythm


@pytest.mark.parametrize(
    "gaps",
    [
        (24,) * 4,
        (1, 5, 2, 9, 3, 4, 30),
        (24, 24, 24, 24, 72),
        (0, 0, 24, 0, 0, 24, 0, 0),
        (24,) * 17 + (48,) * 3,
    ],
    ids=["too few", "by hand", "one pause of five", "three at once", "three misses of twenty"],
)
def test_irregular_runs_have_no_rhythm(gaps: Sequence[float]) -> None:
    assert Rhythm.learn(created(*gaps)) is None


def test_a_job_of_the_working_days_is_never_called_regular() -> None:
    days = WEEK_OF_WORK * 8
    for end in range(5, len(days)):
        for start in range(end - 4):
            assert Rhythm.learn(created(*days[start:end])) is None


def test_the_newest_gaps_count_and_a_pause_or_a_missed_run_changes_nothing() -> None:
    rhythm = learnt(*(1,) * 30, *(24,) * 9, 400, *(24,) * 6, 48, *(24,) * 3)
    assert (rhythm.period, rhythm.of, rhythm.last) == (24 * HOUR, SAMPLE, NOW)
    assert rhythm.overdue_by(NOW + 30 * HOUR) is None
    assert rhythm.overdue_by(NOW + 31 * HOUR) == 7 * HOUR


def test_frequent_runs_are_overdue_after_ten_minutes_at_the_earliest() -> None:
    rhythm = learnt(*(1 / 60,) * 100)
    assert rhythm.overdue_by(NOW + timedelta(minutes=11)) is None
    assert rhythm.overdue_by(NOW + timedelta(minutes=12)) == timedelta(minutes=11)


def test_runs_that_jitter_more_are_overdue_later() -> None:
    rhythm = learnt(*(20, 24, 28) * 6)
    assert rhythm.overdue_by(NOW + 34 * HOUR) is None
    assert rhythm.overdue_by(NOW + 36 * HOUR) == 12 * HOUR


def test_what_was_silent_for_longer_than_it_was_regular_is_not_missed_any_more() -> None:
    daily = learnt(*(24,) * 10)
    assert daily.overdue_by(NOW + 240 * HOUR) is not None
    assert daily.overdue_by(NOW + 241 * HOUR) is None
    by_hand = learnt(*(1 / 60,) * 6)
    assert not any(by_hand.overdue_by(NOW + HOUR * minutes / 60) for minutes in range(10_000))


def test_a_year_has_no_more_than_one_false_alarm_in_a_thousand_and_finds_every_missed_run() -> None:
    luck = random.Random(7)  # noqa: S311 - the same every time
    judged = judge_fleet(luck, hourly=0, six_hourly=2, daily=10, weekly=4)
    assert judged.due > 5000
    assert judged.false_alarms <= judged.due / 1000
    assert judged.found == judged.missed > 40
