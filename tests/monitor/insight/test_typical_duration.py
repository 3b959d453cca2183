from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.insight.statistics import quantile
from nodion_tui.monitor.insight.typical_duration import (
    LOOK_BACK,
    TypicalDuration,
    estimate_duration,
    typical_duration,
)

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
_SPANS = st.lists(
    st.integers(0, 10_000).map(lambda seconds: timedelta(seconds=seconds)), min_size=1, max_size=30
)


def seconds(*values: float) -> list[timedelta]:
    return [timedelta(seconds=value) for value in values]


def ended(number: int, took: float, status: str = "succeeded", **more: object) -> Run:
    """Run `number` is older than run `number - 1`."""
    started = NOW - timedelta(hours=number)
    fields: dict[str, object] = {
        "id": str(number),
        "runner_id": "r",
        "status": status,
        "argv": ("migrate",),
        "created_at": started,
        "started_at": started,
        "completed_at": started + timedelta(seconds=took),
    }
    return RunRecord(**(fields | more)).run  # type: ignore[arg-type] # test data


def running(elapsed: float, **more: object) -> Run:
    started = NOW - timedelta(seconds=elapsed)
    return ended(0, 0, "running", created_at=started, started_at=started, completed_at=None, **more)


@given(_SPANS, st.floats(0, 1))
def test_a_quantile_is_between_its_neighbours(spans: list[timedelta], share: float) -> None:
    ordered = sorted(spans)
    value = quantile(ordered, share)
    assert value is not None
    assert ordered[0] <= value <= ordered[-1]
    assert sum(span < value for span in ordered) <= share * (len(ordered) - 1) + 1
    assert sum(span <= value for span in ordered) >= share * (len(ordered) - 1)


def test_quantiles_of_few() -> None:
    assert quantile([], 0.5) is None
    assert quantile(seconds(1, 2), 0.5) == timedelta(seconds=1.5)
    assert quantile(seconds(1, 2, 30), 0.5) == timedelta(seconds=2)


def test_only_earlier_successes_of_the_same_count() -> None:
    earlier = [
        ended(1, 10),
        ended(2, 999, "failed"),
        ended(3, 20),
        ended(4, 999, argv=("other",)),
        ended(5, 999, entrypoint="/bin/sh"),
        ended(6, 999, runner_id="another"),
        ended(7, 30),
    ]
    result = typical_duration(running(5), earlier)
    assert result == TypicalDuration(tuple(seconds(10, 20, 30)))
    assert result.p50 == timedelta(seconds=20)
    assert typical_duration(earlier[0], earlier) is None, (
        "of an old one only the ones before it count"
    )


def test_two_successes_have_no_typical_duration() -> None:
    assert typical_duration(running(5), [ended(1, 10), ended(2, 10)]) is None


def test_the_newest_count_and_a_long_history_is_not_read_to_its_end() -> None:
    earlier = [ended(number, number) for number in range(1, 1_000)]
    assert typical_duration(running(5), earlier, sample=5) == TypicalDuration(
        tuple(seconds(1, 2, 3, 4, 5))
    )
    others = [ended(number, number, argv=("other",)) for number in range(1, LOOK_BACK + 1)]
    assert typical_duration(running(5), [*others, *earlier[LOOK_BACK:]]) is None


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 99), st.booleans()), max_size=40))
def test_the_newest_successes_of_the_same_count(rows: list[tuple[int, int, bool]]) -> None:
    runs = [
        ended(number, took, "succeeded" if good else "failed", argv=(str(what),))
        for number, (what, took, good) in enumerate(rows, start=1)
    ]
    for what in range(3):
        took = [took for other, took, good in rows if good and other == what][:4]
        expected = TypicalDuration(tuple(sorted(seconds(*took)))) if len(took) >= 3 else None
        assert typical_duration(running(0, argv=(str(what),)), runs, sample=4) == expected


@pytest.mark.parametrize(
    ("elapsed", "remaining", "slower"),
    [
        (0, 60, False),
        (50, 30, False),
        (65, 35, False),
        (99, 1, True),
        (100, None, True),
        (1000, None, True),
    ],
)
def test_the_estimate_of_a_running_run(
    elapsed: float, remaining: float | None, *, slower: bool
) -> None:
    result = estimate_duration(running(elapsed), TypicalDuration(tuple(seconds(40, 60, 100))), NOW)
    assert result is not None
    assert result.remaining == (None if remaining is None else timedelta(seconds=remaining))
    assert result.slower is slower


def test_an_ended_run_can_have_been_slower() -> None:
    result = estimate_duration(ended(1, 100), TypicalDuration(tuple(seconds(40, 41, 42))), NOW)
    assert result is not None
    assert (result.slower, result.remaining, result.progress) == (True, None, 1.0)


def test_a_little_longer_than_even_runs_is_not_slower() -> None:
    even = TypicalDuration(tuple(seconds(10, 10, 10)))
    assert even.slow_after == timedelta(seconds=15)
    long = TypicalDuration(tuple(seconds(1000, 1000, 1000)))
    assert long.slow_after == timedelta(seconds=1200)


def test_no_estimate_before_the_start_or_without_a_history() -> None:
    assert estimate_duration(running(5), None, NOW) is None
    pending = ended(0, 0, "pending", started_at=None, completed_at=None)
    assert estimate_duration(pending, TypicalDuration(tuple(seconds(1, 2, 3))), NOW) is None


@given(_SPANS, st.integers(0, 20_000))
def test_progress_is_a_share(spans: list[timedelta], elapsed: int) -> None:
    result = estimate_duration(running(elapsed), TypicalDuration(tuple(sorted(spans))), NOW)
    assert result is not None
    assert 0 <= result.progress <= 1
    assert result.remaining is None or result.remaining > timedelta()
