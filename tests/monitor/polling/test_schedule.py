import math
import random
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.monitor.polling.request_budget import RequestBudget
from nodion_tui.monitor.polling.schedule import (
    FLOOR_SECONDS,
    MAX_FIRST,
    PREFERRED_IN_A_ROW,
    REST_SECONDS,
    SELECTED_SECONDS,
    PollSchedule,
)
from nodion_tui.monitor.runs.changes import RUNNER_LIST
from nodion_tui.monitor.runs.expected_runs import ExpectedRuns
from tests.support.simulated_fleet import InTurn, fleet, watch

Sent = list[tuple[float, str]]


def play(schedule: PollSchedule, seconds: float, latency: float = 0.0, start: float = 0.0) -> Sent:
    """Poll for this long; every response takes `latency`."""
    now, sent = start, []
    while now < start + seconds:
        target, wait = schedule.next_target(now)
        if target is None:
            now += wait
            continue
        schedule.request_sent(target, now)
        sent.append((now, target))
        now += latency
        schedule.request_succeeded(target)
    return sent


def busiest_minute(times: list[float]) -> int:
    return max(
        (sum(1 for other in times[i:] if other < begin + 60) for i, begin in enumerate(times)),
        default=0,
    )


def of(runners: int, per_minute: int = 60) -> PollSchedule:
    schedule = PollSchedule(per_minute, 0.0)
    schedule.set_runners(f"r{number}" for number in range(runners))
    return schedule


@given(
    per_minute=st.integers(2, 120),
    gaps=st.lists(st.floats(0, 90, allow_nan=False), min_size=1, max_size=200),
)
def test_no_minute_exceeds_the_budget(per_minute: int, gaps: list[float]) -> None:
    now, budget, times = 0.0, RequestBudget(per_minute, 0.0), []
    for gap in gaps:
        now += gap
        while wait := budget.wait(now):
            now += wait
        budget.consume(now)
        times.append(now)
    assert busiest_minute(times) <= per_minute


def test_delayed_requests_do_not_overfill_a_minute() -> None:
    now, budget, arrivals = 0.0, RequestBudget(60, 0.0), []
    for number in range(90):
        now += budget.wait(now)
        budget.consume(now)
        arrivals.append(now + (2.0 if number < 15 else 0.0))
    assert busiest_minute(sorted(arrivals)) <= 60


def test_a_budget_of_one_a_minute_is_refused() -> None:
    with pytest.raises(ValueError, match="minimum 2"):
        RequestBudget(1, 0.0)


@settings(max_examples=30, deadline=None)
@given(
    runners=st.integers(0, 60),
    running=st.integers(0, 60),
    per_minute=st.integers(2, 90),
    latency=st.floats(0, 3),
)
def test_the_budget_holds_for_any_lists(
    runners: int, running: int, per_minute: int, latency: float
) -> None:
    schedule = of(runners, per_minute)
    schedule.set_preferred(selected=("r0",), running=[f"r{n}" for n in range(running)])
    sent = play(schedule, 300, latency)
    assert busiest_minute([at for at, _ in sent]) <= per_minute


@settings(max_examples=20, deadline=None)
@given(runners=st.integers(2, 50), running=st.integers(0, 20))
def test_no_list_starves(runners: int, running: int) -> None:
    schedule = of(runners)
    first = {f"r{n}" for n in range(min(running, runners))} | {"r0"}
    schedule.set_preferred(selected=("r0",), running=first)
    sent = play(schedule, 1800)
    rest = {f"r{n}" for n in range(runners)} - first
    turns = (PREFERRED_IN_A_ROW + 1) * (len(rest) + 1)
    longest = REST_SECONDS + turns * 60 / 45
    for target in rest:
        times = [at for at, sent_target in sent if sent_target == target]
        assert times
        assert max((b - a for a, b in pairwise(times)), default=0) <= longest


def test_the_other_lists_are_polled_evenly() -> None:
    sent = play(of(200), 3600)
    counts = Counter(target for _, target in sent if target != RUNNER_LIST)
    assert max(counts.values()) - min(counts.values()) <= 1


def test_runners_come_first_of_all() -> None:
    assert play(of(9), 1)[0][1] == RUNNER_LIST


def test_selected_lists_are_polled_at_their_interval() -> None:
    schedule = of(50)
    schedule.set_preferred(selected=("r7",), running=())
    times = [at for at, target in play(schedule, 600) if target == "r7"]
    gaps = [b - a for a, b in pairwise(times)]
    assert min(gaps) >= SELECTED_SECONDS
    assert max(gaps) <= 2 * SELECTED_SECONDS


def test_lists_of_runs_with_a_long_past_share_the_turns_of_selected_ones() -> None:
    schedule = of(270)
    running = [f"r{number}" for number in range(1, 30)]
    schedule.set_preferred(selected=("r0",), running=running, first=running)
    sent = play(schedule, 1.2 * FLOOR_SECONDS)
    longest = {
        target: max(b - a for a, b in pairwise(at for at, other in sent if other == target))
        for target in [*running[:MAX_FIRST], "r0"]
    }
    first = running[:MAX_FIRST]
    assert max(longest[target] for target in first) <= 1.5 * schedule.expected_interval("r1") < 240
    assert longest["r0"] <= 1.5 * schedule.expected_interval("r0") < 30
    assert len({target for _, target in sent}) == 271, "nobody starves"


def test_one_runner_leaves_most_of_the_budget_alone() -> None:
    schedule = of(1)
    schedule.set_preferred(selected=("r0",), running=())
    assert len(play(schedule, 600)) <= 600 / SELECTED_SECONDS + 600 / 60 + 2


def test_a_list_in_flight_is_not_polled_again() -> None:
    schedule = of(1)
    schedule.request_sent("r0", 0.0)
    schedule.request_sent(RUNNER_LIST, 0.0)
    assert schedule.next_target(1000.0) == (None, math.inf)
    schedule.request_succeeded("r0")
    assert schedule.next_target(1000.0)[0] == "r0"


def test_lists_made_due_come_next() -> None:
    schedule = of(3)
    play(schedule, 20)
    schedule.make_due(("r1",))
    assert schedule.next_target(20.0)[0] == "r1"


def test_a_back_off_can_be_shortened_but_not_a_pause_set_by_the_service() -> None:
    schedule = of(1)
    schedule.pause_until(50.0)
    assert schedule.next_target(1.0) == (None, 49.0)
    schedule.make_due(("r0",))
    assert schedule.next_target(1.0)[0] is not None
    schedule.pause_until(50.0, mandatory=True)
    schedule.make_due(("r0",))
    assert schedule.next_target(1.0) == (None, 49.0)


def test_a_failed_list_is_postponed() -> None:
    schedule = of(1)
    play(schedule, 1)
    schedule.request_sent("r0", 31.0)
    assert schedule.request_failed("r0") == 1
    schedule.postpone("r0", 500.0)
    assert "r0" not in {target for _, target in play(schedule, 400, start=62.0)}
    assert "r0" in {target for _, target in play(schedule, 60, start=462.0)}


def test_a_removed_runner_is_not_polled() -> None:
    schedule = of(3)
    schedule.set_runners(("r1",))
    assert {target for _, target in play(schedule, 100)} == {RUNNER_LIST, "r1"}
    assert schedule.request_failed("r0") == 1


@pytest.mark.parametrize(("runners", "running"), [(1, 0), (6, 1), (50, 0), (50, 20), (200, 30)])
def test_the_expected_interval_is_the_actual_one(runners: int, running: int) -> None:
    schedule = of(runners)
    first = [f"r{n}" for n in range(running)]
    schedule.set_preferred(selected=(), running=first)
    sent = [(at, target) for at, target in play(schedule, 3600) if at > 600]
    for target in {f"r{runners - 1}", *first[:1]}:
        times = [at for at, sent_target in sent if sent_target == target]
        longest = max(b - a for a, b in pairwise(times))
        assert longest <= schedule.expected_interval(target) * 1.2 + 2


def test_lists_never_polled_come_before_running_ones_again() -> None:
    schedule = of(50)
    schedule.set_preferred(selected=("r0",), running=[f"r{n}" for n in range(20)])
    sent = play(schedule, 75)
    assert {target for _, target in sent} == {RUNNER_LIST, *(f"r{n}" for n in range(50))}
    assert sum(1 for _, target in sent if target == "r0") > 1


def test_runs_are_seen_sooner_where_they_are_expected_and_no_list_becomes_too_old() -> None:
    luck, hours = random.Random(3), 5 * 3600.0  # noqa: S311 - the same every time
    # A fifth of the runners that 60 requests a minute are tested with in the benchmarks.
    runners = fleet(luck, 100, hours)
    ours = watch(runners, hours, per_minute=12)
    in_turn = watch(runners, hours, per_minute=12, schedule_type=InTurn)
    assert ours.share(0.5) <= in_turn.share(0.5) / 6
    assert ours.share(0.95) <= in_turn.share(0.95) * 0.7
    assert ours.oldest <= FLOOR_SECONDS


def test_a_run_that_is_due_to_the_second_is_asked_for_just_after() -> None:
    schedule = of(40)
    sent = play(schedule, 60)
    last = max(at for at, target in sent if target == "r7")
    schedule.expect("r7", ExpectedRuns(last + 10, last + 14, 0.0))
    soon = play(schedule, 120, start=60.0)
    assert last + 14 <= next(at for at, target in soon if target == "r7") <= last + 30
