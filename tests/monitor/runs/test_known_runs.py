from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.errors import NotReachable, ResourceNotFound
from nodion_tui.model.listing import BadRow, Listing
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey, RunRecord, newest_first
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
    return RunRecord(id=f"{number}", runner_id=runner, status=status, created_at=created).run


def listing(*runs: Run) -> Listing[Run]:
    return Listing(runs)


def place(run: Run) -> tuple[object, ...]:
    return (*newest_first(run), run.runner_id)


class Published(list[Changes]):
    def __init__(self, known_runs: KnownRuns) -> None:
        super().__init__()
        known_runs.subscribe(self.append)

    @property
    def last(self) -> Changes:
        return self[-1]


def test_the_first_answer_is_all_new() -> None:
    known_runs = KnownRuns()
    published = Published(known_runs)
    known_runs.apply_runs("r", listing(make(1), make(2, "failed")))
    assert published.last.runs == {RunKey("r", "1"), RunKey("r", "2")}
    assert published.last.polled == {"r"}
    assert [run.id for run in known_runs.runs_of("r")] == ["2", "1"]
    assert known_runs.active == {RunKey("r", "1")}


def test_only_changes_are_published() -> None:
    known_runs = KnownRuns()
    known_runs.apply_runs("r", listing(make(1), make(2)))
    published = Published(known_runs)
    known_runs.apply_runs("r", listing(make(1), make(2, "succeeded")))
    assert published.last.runs == {RunKey("r", "2")}
    assert published.last.removed == frozenset()
    assert known_runs.active == {RunKey("r", "1")}


def test_the_id_of_an_older_state_is_not_kept_in_memory() -> None:
    known_runs = KnownRuns()
    for status in ("running", "succeeded"):
        # A new string object each time, as decoded from a response.
        run_id = f"of {status}"[:2]
        known_runs.apply_run(Run(id=run_id, status=status, runner_id="r"))
    (stored,) = known_runs._runs["r"].by_id.items()
    assert stored[0] is stored[1].id


def test_the_same_response_changes_only_freshness() -> None:
    clock = Clock()
    known_runs = KnownRuns(monotonic=clock)
    answer = listing(make(1))
    known_runs.apply_runs("r", answer)
    published = Published(known_runs)
    clock.now += 7
    known_runs.apply_runs("r", answer)
    assert published == [Changes(polled=frozenset({"r"}), freshness_only=True)]
    assert known_runs.freshness("r").age(clock.now + 2) == 2


def test_a_first_response_and_one_after_a_failure_are_not_freshness_only() -> None:
    known_runs = KnownRuns()
    published = Published(known_runs)
    runs: Listing[Run] = listing()
    runners = Listing((Runner(id="r"),))
    for failure in (None, NotReachable("no route")):
        if failure is not None:
            known_runs.list_failed("r", failure)
            known_runs.list_failed(RUNNER_LIST, failure)
        for ages_only in (False, True):
            known_runs.apply_runs("r", runs)
            assert published.last.freshness_only is ages_only
            known_runs.apply_runners(runners)
            assert published.last.freshness_only is ages_only


def test_a_row_that_became_bad_is_news() -> None:
    known_runs = KnownRuns()
    known_runs.apply_runs("r", listing(make(1)))
    known_runs.apply_runners(Listing((Runner(id="r"),)))
    published = Published(known_runs)
    known_runs.apply_runs("r", Listing((make(1),), (BadRow(1, "no id"),)))
    known_runs.apply_runners(Listing((Runner(id="r"),), (BadRow(1, "no id"),)))
    assert [changes.freshness_only for changes in published] == [False, False]


def test_a_run_that_is_no_longer_listed_is_removed() -> None:
    known_runs = KnownRuns()
    known_runs.apply_runs("r", listing(make(1), make(2)))
    published = Published(known_runs)
    known_runs.apply_runs("r", listing(make(2)))
    assert published.last.removed == {RunKey("r", "1")}
    assert known_runs.run(RunKey("r", "1")) is None
    assert [run.id for run in known_runs.all_runs()] == ["2"]
    assert known_runs.active == {RunKey("r", "2")}


def test_a_run_newer_than_a_response_is_removed_when_the_same_response_repeats() -> None:
    clock = Clock()
    known_runs = KnownRuns(monotonic=clock)
    answer = listing(make(1))
    known_runs.apply_runs("r", answer)
    known_runs.apply_run(make(2))
    known_runs.apply_runs("r", answer, requested_at=clock.now - 1)
    assert {run.id for run in known_runs.runs_of("r")} == {"1", "2"}
    clock.now += 10
    known_runs.apply_runs("r", answer, requested_at=clock.now)
    assert {run.id for run in known_runs.runs_of("r")} == {"1"}


@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["running", "failed"])))))
def test_exactly_the_listed_runs_are_known_despite_duplicate_ids(
    answers: list[list[tuple[int, str]]],
) -> None:
    known_runs = KnownRuns()
    for rows in answers:
        known_runs.apply_runs("r", listing(*(make(number, status) for number, status in rows)))
        assert {run.id for run in known_runs.runs_of("r")} == {f"{number}" for number, _ in rows}


def test_an_outdated_response_revives_no_run() -> None:
    known_runs = KnownRuns()
    known_runs.apply_run(make(1, "canceled"))
    published = Published(known_runs)
    known_runs.apply_runs("r", listing(make(1, "running")))
    assert published.last.runs == frozenset()
    run = known_runs.run(RunKey("r", "1"))
    assert run is not None
    assert run.status == "canceled"


def test_a_run_triggered_while_the_list_was_in_flight_stays() -> None:
    clock = Clock()
    known_runs = KnownRuns(monotonic=clock)
    known_runs.apply_runs("r", listing(make(1)), requested_at=clock.now)
    asked_at = clock.now
    clock.now += 1
    known_runs.apply_run(make(2, "pending"))
    known_runs.apply_runs("r", listing(make(1)), requested_at=asked_at)
    assert [run.id for run in known_runs.runs_of("r")] == ["2", "1"]
    clock.now += 1
    known_runs.apply_runs("r", listing(make(1)), requested_at=clock.now)
    assert [run.id for run in known_runs.runs_of("r")] == ["1"]


def test_a_suspend_ages_all_lists() -> None:
    clock = Clock()
    known_runs = KnownRuns(monotonic=clock)
    known_runs.apply_runs("r", listing(make(1)))
    known_runs.list_failed("never answered", NotReachable())
    published = Published(known_runs)
    clock.now += 2
    known_runs.add_suspend_time(3600.0)
    assert known_runs.freshness("r").age(clock.now) == 3602
    assert known_runs.freshness("never answered").age(clock.now) is None
    assert published.last.polled == {"r", "never answered"}


def test_failures_keep_the_data_and_record_since_when() -> None:
    moments = iter((NOON, NOON + timedelta(minutes=1)))
    known_runs = KnownRuns(utcnow=lambda: next(moments))
    known_runs.apply_runs("r", listing(make(1)))
    known_runs.list_failed("r", NotReachable("no route"))
    known_runs.list_failed("r", NotReachable("no route"))
    fresh = known_runs.freshness("r")
    assert isinstance(fresh.error, NotReachable)
    assert fresh.answered_at == NOON
    assert len(known_runs.runs_of("r")) == 1
    known_runs.apply_runs("r", listing(make(1)))
    assert known_runs.freshness("r").error is None


def test_lists_are_complete_while_each_was_read_and_can_be_read() -> None:
    known_runs = KnownRuns()

    def is_complete_with(*ids: str) -> bool:
        known_runs.apply_runners(Listing(tuple(Runner(id=each) for each in ids)))
        return known_runs.is_complete

    known_runs.apply_runs("a", listing())
    assert not is_complete_with("a", "b")
    known_runs.apply_runs("b", listing())
    assert is_complete_with("a", "b")
    known_runs.list_failed("b", NotReachable())
    assert not known_runs.is_complete
    known_runs.apply_runs("b", listing())
    assert is_complete_with("a", "b")
    assert not is_complete_with("a", "b", "c")
    assert is_complete_with("a")


def test_runners_are_sorted_by_name_and_removed_with_their_runs() -> None:
    known_runs = KnownRuns()
    known_runs.apply_runners(Listing((Runner(id="b", name="beta"), Runner(id="a", name="Alpha"))))
    known_runs.apply_runs("a", listing(make(1, runner="a")))
    assert [runner.name for runner in known_runs.runners] == ["Alpha", "beta"]
    published = Published(known_runs)
    known_runs.apply_runners(
        Listing((Runner(id="b", name="beta"),), bad_rows=(BadRow(1, "no id"),))
    )
    assert published.last.runners_changed
    assert published.last.removed == {RunKey("a", "1")}
    assert not known_runs.all_runs()
    assert known_runs.bad_runners[0].problem == "no id"


def test_a_refused_runner_list_is_replaced_by_the_profiles() -> None:
    known_runs = KnownRuns(known_runners=(Runner(id="abc", name="mine"),))
    refused = ResourceNotFound("no such page", status=404, endpoint="GET /runners")
    known_runs.runner_list_failed(refused)
    assert known_runs.runners_denied is refused
    assert [runner.id for runner in known_runs.runners] == ["abc"]
    assert known_runs.freshness(RUNNER_LIST).error is None


def test_a_refused_runner_list_without_configured_runners_stays_as_it_was() -> None:
    known_runs = KnownRuns()
    known_runs.apply_runners(Listing((Runner(id="abc"),)))
    refused = ResourceNotFound("no such page", status=404, endpoint="GET /runners")
    known_runs.runner_list_failed(refused)
    assert known_runs.runners_denied is refused
    assert [runner.id for runner in known_runs.runners] == ["abc"]


def test_an_outage_is_no_refusal() -> None:
    known_runs = KnownRuns(known_runners=(Runner(id="abc"),))
    known_runs.runner_list_failed(NotReachable())
    assert known_runs.runners == ()
    assert known_runs.freshness(RUNNER_LIST).error is not None


def test_unsubscribed_callbacks_are_not_called() -> None:
    known_runs = KnownRuns()
    published: list[Changes] = []
    end = known_runs.subscribe(published.append)
    end()
    known_runs.apply_runs("r", listing(make(1)))
    assert published == []


statuses = st.sampled_from(("pending", "running", "succeeded", "failed", "canceled", "novel"))
snapshots = st.dictionaries(st.integers(0, 8), statuses, max_size=8)


@given(answers=st.lists(st.tuples(st.sampled_from("ab"), snapshots), max_size=12))
def test_changes_contain_exactly_what_changed(answers: list[tuple[str, dict[int, str]]]) -> None:
    known_runs = KnownRuns()
    mirror: dict[RunKey, Run] = {}

    def follow(changes: Changes) -> None:
        for key in changes.removed:
            del mirror[key]
        for key in changes.runs:
            run = known_runs.run(key)
            assert run is not None
            assert run != mirror.get(key)
            mirror[key] = run

    known_runs.subscribe(follow)
    for runner, snapshot in answers:
        runs = [make(number, status, runner) for number, status in snapshot.items()]
        known_runs.apply_runs(runner, listing(*runs))
        assert {run.id for run in known_runs.runs_of(runner)} == {run.id for run in runs}
    assert list(known_runs.all_runs()) == sorted(mirror.values(), key=place)
    failed = [run for run in known_runs.all_runs() if run.status == "failed"]
    assert list(known_runs.failed_runs()) == failed
    assert known_runs.active == {key for key, run in mirror.items() if not run.is_final}


def test_a_final_state_of_the_stream_precedes_any_list() -> None:
    known_runs = KnownRuns()
    published = Published(known_runs)
    key = RunKey("r", "one")
    known_runs.apply_final(key, FinalState(status="failed", exit_code=3))
    assert published == []  # the run is unknown
    known_runs.apply_run(RunRecord(id="one", runner_id="r", status="running", started_at=NOON).run)
    end = NOON + timedelta(minutes=2)
    known_runs.apply_final(key, FinalState(status="failed", exit_code=3, completed_at=end))
    run = known_runs.run(key)
    assert run is not None
    assert (run.status, run.exit_code, run.started_at, run.completed_at) == (
        "failed",
        3,
        NOON,
        end,
    )
    assert known_runs.active == set()
    assert published[-1].runs == {key}
    known_runs.apply_final(key, FinalState(status="succeeded", exit_code=0))
    assert known_runs.run(key) == run
