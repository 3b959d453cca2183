from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.insight.executions import (
    execution_of,
    learn_rhythms,
    most_overdue,
    overdue_runners,
)
from nodion_tui.monitor.insight.rhythm import Rhythm

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
RUNNER = Runner(id="r", argv=("backup", "--all"))


def daily(count: int, ago: float, argv: tuple[str, ...] = (), every: float = 24) -> list[Run]:
    """Runs at this interval in hours, the newest so many hours ago."""
    return [
        RunRecord(
            id=f"{argv}{number}",
            runner_id="r",
            status="succeeded",
            argv=argv,
            created_at=NOW - (ago + every * number) * HOUR,
        ).run
        for number in range(count)
    ]


def rhythms(*runs: Run, remembered: Mapping[str, Rhythm] | None = None) -> dict[str, Rhythm]:
    newest = sorted(runs, key=lambda run: run.created_at or NOW, reverse=True)
    return learn_rhythms(newest, RUNNER, remembered or {})


def missed(*runs: Run) -> Rhythm | None:
    return most_overdue(rhythms(*runs).values(), NOW)


def test_the_default_is_the_same_execution_as_the_command_written_out() -> None:
    learnt = rhythms(*daily(3, 31, every=48), *daily(3, 55, RUNNER.argv, every=48))
    assert [rhythm.period for rhythm in learnt.values()] == [24 * HOUR]


def test_each_execution_has_a_rhythm_of_its_own() -> None:
    weekly, hourly = daily(7, 300, ("full",), every=168), daily(400, 0.5, ("part",), every=1)
    rhythm = missed(*weekly, *hourly)
    assert rhythm is not None
    assert rhythm.period == 168 * HOUR
    assert missed(*daily(7, 100, ("full",), every=168), *hourly) is None


def test_a_changed_command_carries_the_rhythm_on() -> None:
    old = daily(10, 80, ("v1",))
    assert missed(*old)
    assert missed(*old, *daily(3, 8, ("v2",))) is None
    rhythm = missed(*old, *daily(2, 32, ("v2",)))
    assert rhythm is not None
    assert rhythm.last == NOW - 32 * HOUR


def test_a_run_by_hand_before_the_due_time_does_not_hide_the_missed_one() -> None:
    assert missed(*daily(10, 31), *daily(1, 20, ("sh", "-c", "ls")))


def test_what_was_learnt_counts_while_the_service_lists_too_few_runs() -> None:
    execution = execution_of(daily(1, 0)[0], RUNNER).digest
    remembered = {execution: Rhythm(24 * HOUR, 24 * HOUR, 20, NOW - 60 * HOUR, 480 * HOUR)}
    (rhythm,) = rhythms(*daily(2, 31), remembered=remembered).values()
    assert rhythm.overdue_by(NOW) == 7 * HOUR
    by_hand = daily(8, 1, every=0.1) + daily(3, 5, every=9)
    assert not rhythms(*by_hand, remembered=remembered)


def test_overdue_runners_are_found_among_the_runs_of_all() -> None:
    others = [Run(id=run.id, runner_id="o", status="failed") for run in daily(9, 99)]
    runners = [RUNNER, Runner(id="o"), Runner(id="new")]
    assert list(overdue_runners([*daily(9, 31), *others], runners, NOW)) == ["r"]
