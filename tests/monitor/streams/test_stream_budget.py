"""Which runs have a stream: by priority, within one budget."""

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.streams.stream_budget import StreamBudget, StreamPriority, StreamShare

OPEN, ON_SCREEN, WALL, MERGED, REST = StreamPriority


def key(number: int) -> RunKey:
    return RunKey("r", str(number))


def keys(*numbers: int) -> frozenset[RunKey]:
    return frozenset(map(key, numbers))


def share_of(budget: StreamBudget) -> StreamShare:
    return budget.share(lambda: None)


def test_streams_go_by_priority_and_the_lowest_leaves_its_own_to_others() -> None:
    budget = StreamBudget(3)
    quiet, wall, log = share_of(budget), share_of(budget), share_of(budget)
    quiet.want({key(1): REST, key(2): ON_SCREEN, key(3): REST, key(4): REST})
    assert quiet.granted == keys(1, 2, 3)
    wall.want({key(5): WALL})
    assert (quiet.granted, wall.granted) == (keys(1, 2), keys(5))
    assert budget.is_full
    assert log.acquire(key(6), OPEN)
    assert (quiet.granted, wall.granted) == (keys(2), keys(5))
    log.release(key(6))
    wall.close()
    assert (quiet.granted, budget.in_use) == (keys(1, 2, 3), 3)


def test_an_open_log_is_streamed_whatever_the_budget() -> None:
    budget = StreamBudget(1)
    log, wall = share_of(budget), share_of(budget)
    wall.want({key(1): WALL})
    assert log.acquire(key(2), OPEN)
    assert log.acquire(key(3), OPEN)
    assert (log.granted, wall.granted) == (keys(2, 3), keys())


def test_a_run_that_several_want_takes_one_stream() -> None:
    budget = StreamBudget(2)
    quiet, wall = share_of(budget), share_of(budget)
    quiet.want({key(1): REST, key(2): REST, key(3): REST})
    wall.want({key(3): WALL})
    assert (quiet.granted, wall.granted) == (keys(1, 3), keys(3))


def test_who_has_a_stream_keeps_it_against_others_of_its_priority() -> None:
    budget = StreamBudget(1)
    share = share_of(budget)
    share.want({key(1): REST})
    share.want({key(2): REST, key(1): REST})
    assert share.granted == keys(1)
    share.release(key(1))
    assert share.granted == keys(2)


def test_who_is_told_of_a_change_may_want_something_else_at_once() -> None:
    budget = StreamBudget(1)
    quiet = budget.share(lambda: quiet.want({key(2): REST}))
    quiet.want({key(1): REST})
    wall = share_of(budget)
    wall.want({key(3): WALL})
    assert (quiet.granted, wall.granted) == (keys(), keys(3))
    wall.close()
    assert quiet.granted == keys(2)


wishes = st.dictionaries(
    st.integers(0, 8).map(key), st.sampled_from([ON_SCREEN, WALL, MERGED, REST])
)


@given(streams=st.integers(1, 5), rounds=st.lists(st.tuples(st.integers(0, 2), wishes)))
def test_the_budget_holds_and_no_stream_is_left_unused(
    streams: int, rounds: list[tuple[int, dict[RunKey, StreamPriority]]]
) -> None:
    budget = StreamBudget(streams)
    shares = [share_of(budget) for _ in range(3)]
    for number, wanted in rounds:
        shares[number].want(wanted)
        wants = {key for share in shares for key in share.wanted}
        granted = {key for share in shares for key in share.granted}
        assert len(granted) == budget.in_use == min(streams, len(wants))
        best = {
            key: min(share.wanted[key] for share in shares if key in share.wanted) for key in wants
        }
        assert all(best[one] <= best[other] for one in granted for other in wants - granted)
