"""What the detail says of a run beyond itself, without a screen."""

from datetime import UTC, datetime, timedelta

from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.ui.dashboard.detail_facts import DetailFacts, first_failure_since_change
from tests.support.filled_monitor import START, a_run, filled_monitor
from tests.support.filled_session import FilledSession


def ended(number: int, seconds: int) -> Run:
    started = START + timedelta(seconds=number)
    return a_run(
        "runner",
        number,
        argv=("migrate",),
        started_at=started,
        completed_at=started + timedelta(seconds=seconds),
    )


def failed(number: int) -> Run:
    return a_run("runner", number, "failed", exit_code=4, completed_at=START)


def running(run_id: str = "run") -> Run:
    return a_run("runner", 9, "running", id=run_id, argv=("migrate",), started_at=START)


def monitor_of(*runs: Run) -> Monitor:
    return filled_monitor("runner", runs=runs)


def quiet_session(last: datetime) -> FilledSession:
    """A live log with a line each second, until the last one."""
    session = FilledSession()
    times = [last - timedelta(seconds=passed) for passed in range(40, -1, -1)]
    session.buffer.extend(
        [LogLine(str(number), "beat", created_at=at) for number, at in enumerate(times)]
    )
    session.state = LogState(phase=LogPhase.LIVE)
    return session


def test_a_run_is_compared_once_until_the_others_may_have_changed() -> None:
    monitor, facts, run = monitor_of(*[ended(n, 60) for n in range(3)]), DetailFacts(), running()
    monitor.runs.apply_run(run)
    first = facts.of(run, monitor, None)
    assert first.typical is not None
    assert first.typical.runs == 3
    assert first.runner is monitor.runs.runner("runner")
    monitor.runs.apply_run(ended(3, 60))
    assert facts.of(run, monitor, None).typical is first.typical
    facts.forget()
    again = facts.of(run, monitor, None).typical
    assert again is not None
    assert again.runs == 4


def test_another_run_is_compared_with_its_own_like() -> None:
    monitor, facts = monitor_of(failed(1), failed(2), ended(3, 60)), DetailFacts()
    group = facts.of(failed(2), monitor, None).failure_group
    assert group is not None
    assert group.other_count == 1
    assert facts.of(ended(3, 60), monitor, None).failure_group is None


def test_a_running_log_that_falls_silent_is_told_and_one_that_has_ended_is_not() -> None:
    monitor, facts = monitor_of(running()), DetailFacts()
    silent = quiet_session(datetime.now(UTC) - timedelta(minutes=9))
    fact = facts.of(running(), monitor, silent)
    assert fact.silence is not None
    assert fact.silence.duration > timedelta(minutes=8)
    assert facts.of(running(), monitor, None).silence is None, "its log is not open"
    over = a_run("runner", 9, "canceled", id="run")
    assert facts.of(over, monitor, silent).silence is None


def test_data_that_was_never_polled_is_stale_unless_the_run_has_ended() -> None:
    monitor, facts = Monitor(filled_monitor().profile), DetailFacts()
    assert facts.of(running(), monitor, None).is_stale
    assert not facts.of(ended(1, 1), monitor, None).is_stale


def test_the_first_failure_after_a_change_of_the_runner_is_known() -> None:
    monitor = monitor_of(*[failed(number) for number in (1, 3, 5)], ended(4, 60))
    runner = Runner(id="runner", updated_at=START + timedelta(seconds=2))
    runs = monitor.runs
    assert not first_failure_since_change(failed(3), runs)
    runs.apply_runners(Listing((runner,)))
    firsts = [run.id for run in runs.all_runs() if first_failure_since_change(run, runs)]
    assert firsts == [failed(3).id]
