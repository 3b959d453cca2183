"""Lines between two moments, decided while they come."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.monitor.log.moments.bounds import Bound, LineBounds
from nodion_tui.monitor.log.moments.moment import BeforeEnd, LineShare

START = datetime(2026, 1, 15, tzinfo=UTC)
BOUNDS = st.one_of(
    st.none(),
    st.integers(0, 100).map(lambda seconds: START + timedelta(seconds=seconds)),
    st.integers(0, 100).map(lambda seconds: BeforeEnd(timedelta(seconds=seconds))),
    st.integers(0, 100).map(lambda percent: LineShare(percent / 100)),
)


def is_between(
    number: int, time: datetime, times: list[datetime], since: Bound, until: Bound
) -> bool:
    def moment(bound: BeforeEnd) -> datetime:
        return max(times) - bound.duration

    match since:
        case None:
            late = True
        case LineShare():
            late = number >= since.index(len(times))
        case BeforeEnd():
            late = time >= moment(since)
        case _:
            late = time >= since
    match until:
        case None:
            early = True
        case LineShare():
            early = number < until.index(len(times))
        case BeforeEnd():
            early = time <= moment(until)
        case _:
            early = time <= until
    return late and early


@given(st.lists(st.integers(0, 100), max_size=40), BOUNDS, BOUNDS)
def test_lines_are_decided_as_if_all_were_known_and_in_order(
    seconds: list[int], since: Bound, until: Bound
) -> None:
    times = [START + timedelta(seconds=second) for second in seconds]
    lines = list(enumerate(times))
    bounds = LineBounds[tuple[int, datetime]](since, until, lambda line: line[1])
    decided = [*bounds.add(lines[:25]), *bounds.add(lines[25:]), *bounds.settle()]
    assert decided == [(line, is_between(*line, times, since, until)) for line in lines]


def test_what_moments_count_from_does_not_move_when_it_is_settled() -> None:
    def printed(since: Bound, until: Bound) -> list[int]:
        bounds = LineBounds[int](since, until, lambda line: START + timedelta(seconds=line))
        decided = [*bounds.add(range(10)), *bounds.settle(), *bounds.add(range(10, 15))]
        assert [line for line, _ in decided] == list(range(15))
        return [line for line, is_in in decided if is_in]

    last = BeforeEnd(timedelta(seconds=3))
    assert printed(last, None) == list(range(6, 15))
    assert printed(None, last) == list(range(7))
    assert printed(LineShare(0.8), None) == list(range(8, 15))
    assert printed(LineShare(0.2), LineShare(0.4)) == [2, 3]


def test_only_what_is_not_decided_is_held_back() -> None:
    bounds = LineBounds[int](
        None, BeforeEnd(timedelta(seconds=3)), lambda line: START + timedelta(seconds=line)
    )
    assert [line for line, _ in bounds.add(range(10))] == list(range(7))
    late = LineBounds[int](
        BeforeEnd(timedelta(seconds=3)), None, lambda line: START + timedelta(seconds=line)
    )
    assert list(late.add(range(10))) == [(line, False) for line in range(6)]
