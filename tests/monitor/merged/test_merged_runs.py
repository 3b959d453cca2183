"""Which runs are in a merged log, and how complete it is said to be."""

from collections.abc import Iterable

import pytest

from nodion_tui.model.run import Run
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.merged.completeness import SourceReading, summary
from nodion_tui.monitor.merged.merged_runs import MergedRuns, RunChoice, active_since
from nodion_tui.monitor.runs.filter import RunFilter, parse_filter
from nodion_tui.monitor.wall.membership import FeedMode
from tests.support.filled_monitor import START, a_run, filled_monitor

LIVE = LogState(phase=LogPhase.LIVE)
ENDED = LogState(phase=LogPhase.ENDED, complete=True)


def select(run_filter: RunFilter, runs: Iterable[Run]) -> list[Run]:
    return run_filter.select(runs, now=START)


def test_runs_that_match_join_and_ended_ones_stay_until_there_is_no_room() -> None:
    merged = MergedRuns(RunChoice(parse_filter("command:1")), streams=1, most=2)
    runs = {run.key: run for run in (a_run("a", number, "running") for number in (1, 2, 10, 11))}
    first, second, third = (key for key in runs if key.run_id != "a-2")
    assert merged.update(runs.values(), runs.get, select) == ([first, second], [])
    assert merged.turned_away == 1
    assert merged.feeds == {first: FeedMode.STREAM, second: FeedMode.POLL}
    runs[second] = a_run("a", 10)
    active = [run for run in runs.values() if not run.is_final]
    assert merged.update(active, runs.get, select) == ([], [])
    assert merged.feeds[second] is FeedMode.STREAM, "it is soon read"
    merged.mark_read(second)
    assert merged.update(active, runs.get, select) == ([third], [second])
    assert merged.update(runs.values(), runs.get, select) == ([], []), "it does not come back"


def test_marked_runs_join_whatever_their_state_and_hidden_ones_are_not_read() -> None:
    run = a_run("a", 1)
    merged = MergedRuns(RunChoice(None, frozenset({run.key})), streams=8)
    assert merged.update([a_run("a", 2, "running")], {run.key: run}.get, select)[0] == [run.key]
    assert merged.feeds == {run.key: FeedMode.STREAM}
    merged.set_hidden(run.key, hidden=True)
    assert merged.feeds == {run.key: FeedMode.IDLE}


def test_runs_that_began_and_ended_between_two_looks_join() -> None:
    runs = [a_run("a", 1), a_run("a", 5), a_run("a", 3, "running")]
    known = filled_monitor("a", runs=runs).runs
    joined = active_since(known, START.replace(second=4))
    assert [run.id for run in joined] == ["a-3", "a-5"]


@pytest.mark.parametrize(
    ("readings", "text"),
    [
        (
            [
                *[SourceReading(state=LIVE, feed=FeedMode.STREAM)] * 3,
                *[SourceReading(state=LIVE, feed=FeedMode.POLL, seconds=15.0)] * 2,
            ],
            "3 live, 2 by pages ≤ 15 s late, no gaps",
        ),
        (
            [
                SourceReading(state=ENDED, feed=FeedMode.IDLE),
                SourceReading(state=LogState(phase=LogPhase.ENDED), feed=FeedMode.IDLE),
                SourceReading(state=LIVE, feed=FeedMode.IDLE, is_hidden=True),
            ],
            "2 ended, 1 hidden, 1 gap",
        ),
        (
            [SourceReading(state=LogState(phase=LogPhase.RECONNECTING), feed=FeedMode.STREAM)],
            "1 reconnecting, no gaps",
        ),
    ],
)
def test_completeness_is_told_for_all_sources(readings: list[SourceReading], text: str) -> None:
    assert summary(readings) == text


def test_a_hidden_run_that_is_not_read_claims_nothing_of_gaps() -> None:
    def words(state: LogState) -> str:
        return SourceReading(state=state, feed=FeedMode.IDLE, is_hidden=True).words()

    assert words(LIVE) == "not read"
    assert words(LogState(phase=LogPhase.LIVE, gaps=1)) == "not read, 1 gap before"
    assert words(LogState(phase=LogPhase.RECONNECTING)) == "not read"
    assert words(ENDED) == "ended, complete"
