from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.errors import NotReachable, ResourceNotFound
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.runs.changes import RUNNER_LIST, Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns

NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def make(number: int, status: str = "running", runner: str = "r", seconds: int = 0) -> Run:
    created = NOON + timedelta(seconds=seconds or number)
    return Run(id=f"{number}", runner_id=runner, status=status, created_at=created)


def listing(*runs: Run) -> Listing[Run]:
    return Listing(runs)


def place(run: Run) -> tuple[object, ...]:
    return (*newest_first(run), run.runner_id)


class Told(list[Changes]):
    def __init__(self, known: KnownRuns) -> None:
        super().__init__()
        known.subscribe(self.append)

    @property
    def last(self) -> Changes:
        return self[-1]


def test_the_first_answer_is_all_new() -> None:
    known = KnownRuns()
    told = Told(known)
    known.apply_runs("r", listing(make(1), make(2, "failed")))
    assert told.last.runs == {RunKey("r", "1"), RunKey("r", "2")}
    assert told.last.polled == {"r"}
    assert [run.id for run in known.runs_of("r")] == ["2", "1"]
    assert known.active == {RunKey("r", "1")}


def test_only_what_changed_is_told() -> None:
    known = KnownRuns()
    known.apply_runs("r", listing(make(1), make(2)))
    told = Told(known)
    known.apply_runs("r", listing(make(1), make(2, "succeeded")))
    assert told.last.runs == {RunKey("r", "2")}
    assert told.last.removed == frozenset()
    assert known.active == {RunKey("r", "1")}


def test_the_id_of_an_older_state_is_not_held_beside_that_of_the_newer_one() -> None:
    known = KnownRuns()
    for status in ("running", "succeeded"):
        # A text of its own each time, as it comes out of an answer.
        run_id = f"of {status}"[:2]
        known.apply_run(Run(id=run_id, status=status, runner_id="r"))
    (held,) = known._runs["r"].by_id.items()
    assert held[0] is held[1].id


def test_the_same_answer_again_changes_nothing_but_its_age() -> None:
    clock = Clock()
    known = KnownRuns(monotonic=clock)
    answer = listing(make(1))
    known.apply_runs("r", answer)
    told = Told(known)
    clock.now += 7
    known.apply_runs("r", answer)
    assert told == [Changes(polled=frozenset({"r"}), freshness_only=True)]
    assert known.freshness("r").age(clock.now + 2) == 2


def test_a_first_answer_and_one_after_a_failure_are_news_though_nothing_is_different() -> None:
    known = KnownRuns()
    told = Told(known)
    runs: Listing[Run] = listing()
    runners = Listing((Runner(id="r"),))
    for failure in (None, NotReachable("no route")):
        if failure is not None:
            known.list_failed("r", failure)
            known.list_failed(RUNNER_LIST, failure)
        for ages_only in (False, True):
            known.apply_runs("r", runs)
            assert told.last.freshness_only is ages_only
            known.apply_runners(runners)
            assert told.last.freshness_only is ages_only


def test_a_row_that_became_bad_is_news() -> None:
    known = KnownRuns()
    known.apply_runs("r", listing(make(1)))
    known.apply_runners(Listing((Runner(id="r"),)))
    told = Told(known)
    known.apply_runs("r", Listing((make(1),), (BadRow(1, "no id"),)))
    known.apply_runners(Listing((Runner(id="r"),), (BadRow(1, "no id"),)))
    assert [changes.freshness_only for changes in told] == [False, False]


def test_a_run_that_is_listed_no_more_is_gone() -> None:
    known = KnownRuns()
    known.apply_runs("r", listing(make(1), make(2)))
    told = Told(known)
    known.apply_runs("r", listing(make(2)))
    assert told.last.removed == {RunKey("r", "1")}
    assert known.run(RunKey("r", "1")) is None
    assert [run.id for run in known.all_runs()] == ["2"]
    assert known.active == {RunKey("r", "2")}


def test_a_run_that_an_answer_could_not_know_is_gone_when_the_same_answer_comes_again() -> None:
    clock = Clock()
    known = KnownRuns(monotonic=clock)
    answer = listing(make(1))
    known.apply_runs("r", answer)
    known.apply_run(make(2))
    known.apply_runs("r", answer, requested_at=clock.now - 1)
    assert {run.id for run in known.runs_of("r")} == {"1", "2"}
    clock.now += 10
    known.apply_runs("r", answer, requested_at=clock.now)
    assert {run.id for run in known.runs_of("r")} == {"1"}


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["running", "failed"])))))
def test_what_is_listed_is_known_and_nothing_else_though_ids_be_twice_in_an_answer(
    answers: list[list[tuple[int, str]]],
) -> None:
    known = KnownRuns()
    for rows in answers:
        known.apply_runs("r", listing(*(make(number, status) for number, status in rows)))
        assert {run.id for run in known.runs_of("r")} == {f"{number}" for number, _ in rows}


def test_an_answer_that_was_overtaken_revives_nothing() -> None:
    known = KnownRuns()
    known.apply_run(make(1, "canceled"))
    told = Told(known)
    known.apply_runs("r", listing(make(1, "running")))
    assert told.last.runs == frozenset()
    run = known.run(RunKey("r", "1"))
    assert run is not None
    assert run.status == "canceled"


def test_a_run_triggered_while_the_list_was_under_way_stays() -> None:
    clock = Clock()
    known = KnownRuns(monotonic=clock)
    known.apply_runs("r", listing(make(1)), requested_at=clock.now)
    asked_at = clock.now
    clock.now += 1
    known.apply_run(make(2, "pending"))
    known.apply_runs("r", listing(make(1)), requested_at=asked_at)
    assert [run.id for run in known.runs_of("r")] == ["2", "1"]
    clock.now += 1
    known.apply_runs("r", listing(make(1)), requested_at=clock.now)
    assert [run.id for run in known.runs_of("r")] == ["1"]


def test_what_was_known_before_a_sleep_is_older_by_it() -> None:
    clock = Clock()
    known = KnownRuns(monotonic=clock)
    known.apply_runs("r", listing(make(1)))
    known.list_failed("never answered", NotReachable())
    told = Told(known)
    clock.now += 2
    known.add_suspend_time(3600.0)
    assert known.freshness("r").age(clock.now) == 3602
    assert known.freshness("never answered").age(clock.now) is None
    assert told.last.polled == {"r", "never answered"}


def test_failures_keep_what_is_known_and_say_since_when() -> None:
    moments = iter((NOON, NOON + timedelta(minutes=1)))
    known = KnownRuns(utcnow=lambda: next(moments))
    known.apply_runs("r", listing(make(1)))
    known.list_failed("r", NotReachable("no route"))
    known.list_failed("r", NotReachable("no route"))
    fresh = known.freshness("r")
    assert isinstance(fresh.error, NotReachable)
    assert fresh.failing_since == NOON
    assert len(known.runs_of("r")) == 1
    known.apply_runs("r", listing(make(1)))
    assert known.freshness("r").error is None


def test_runners_stand_by_name_and_take_their_runs_with_them() -> None:
    known = KnownRuns()
    known.apply_runners(Listing((Runner(id="b", name="beta"), Runner(id="a", name="Alpha"))))
    known.apply_runs("a", listing(make(1, runner="a")))
    assert [runner.name for runner in known.runners] == ["Alpha", "beta"]
    told = Told(known)
    known.apply_runners(Listing((Runner(id="b", name="beta"),), bad_rows=(BadRow(1, "no id"),)))
    assert told.last.runners_changed
    assert told.last.removed == {RunKey("a", "1")}
    assert not known.all_runs()
    assert known.bad_runners[0].problem == "no id"


def test_where_runners_are_not_listed_those_of_the_profile_stand_in() -> None:
    known = KnownRuns(known_runners=(Runner(id="abc", name="mine"),))
    refused = ResourceNotFound("no such page", status=404, endpoint="GET /runners")
    known.runner_list_failed(refused)
    assert known.runners_denied is refused
    assert [runner.id for runner in known.runners] == ["abc"]
    assert known.freshness(RUNNER_LIST).error is None


def test_an_outage_is_no_refusal() -> None:
    known = KnownRuns(known_runners=(Runner(id="abc"),))
    known.runner_list_failed(NotReachable())
    assert known.runners == ()
    assert known.freshness(RUNNER_LIST).error is not None


def test_unsubscribed_means_untold() -> None:
    known = KnownRuns()
    told: list[Changes] = []
    end = known.subscribe(told.append)
    end()
    known.apply_runs("r", listing(make(1)))
    assert told == []


statuses = st.sampled_from(("pending", "running", "succeeded", "failed", "canceled", "novel"))
snapshots = st.dictionaries(st.integers(0, 8), statuses, max_size=8)


@pytest.mark.parametrize("sort_once", [1, 1000], ids=["sorted at once", "one by one"])
@given(answers=st.lists(st.tuples(st.sampled_from("ab"), snapshots), max_size=12))
def test_changes_say_exactly_what_became_different(
    sort_once: int, answers: list[tuple[str, dict[int, str]]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("nodion_tui.monitor.runs.known_runs._SORT_ONCE", sort_once)
        known = KnownRuns()
        mirror: dict[RunKey, Run] = {}

        def follow(changes: Changes) -> None:
            for key in changes.removed:
                del mirror[key]
            for key in changes.runs:
                run = known.run(key)
                assert run is not None
                assert run != mirror.get(key)
                mirror[key] = run

        known.subscribe(follow)
        for runner, snapshot in answers:
            runs = [make(number, status, runner) for number, status in snapshot.items()]
            known.apply_runs(runner, listing(*runs))
            assert {run.id for run in known.runs_of(runner)} == {run.id for run in runs}
        assert list(known.all_runs()) == sorted(mirror.values(), key=place)
        assert known.active == {key for key, run in mirror.items() if not run.is_final}


def test_what_a_stream_tells_of_the_end_comes_before_any_list() -> None:
    known = KnownRuns()
    told = Told(known)
    key = RunKey("r", "one")
    known.apply_final(key, FinalState(status="failed", exit_code=3))
    assert told == []  # nobody knows such a run
    known.apply_run(Run(id="one", runner_id="r", status="running", started_at=NOON))
    end = NOON + timedelta(minutes=2)
    known.apply_final(key, FinalState(status="failed", exit_code=3, completed_at=end))
    run = known.run(key)
    assert run is not None
    assert (run.status, run.exit_code, run.started_at, run.completed_at) == (
        "failed",
        3,
        NOON,
        end,
    )
    assert known.active == set()
    assert told[-1].runs == {key}
    known.apply_final(key, FinalState(status="succeeded", exit_code=0))
    assert known.run(key) == run
