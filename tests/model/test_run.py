"""Times, statuses and size of a run."""

import sys
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import Run, RunRecord, RunStatus, newest_first, newest_listed_first

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
TIMES = ("created_at", "started_at", "completed_at", "updated_at")
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))])
MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2242, 1, 1), timezones=ZONES)  # noqa: DTZ001 - they get a zone


def run(**fields: object) -> Run:
    return msgspec.convert({"id": "r", "status": "running"} | fields, RunRecord).run


@pytest.mark.parametrize(
    ("status", "is_final", "is_final_if_completed"),
    [
        ("pending", False, False),
        ("running", False, False),
        ("succeeded", True, True),
        ("failed", True, True),
        ("canceled", True, True),
        ("hibernating", False, True),
    ],
)
def test_an_unknown_status_is_kept_and_final_once_the_run_is_completed(
    status: str,
    is_final: bool,  # noqa: FBT001
    is_final_if_completed: bool,  # noqa: FBT001
) -> None:
    assert run(status=status).status == status
    assert run(status=status).is_final is is_final
    assert run(status=status, completed_at=NOON).is_final is is_final_if_completed


def test_queue_time_ends_at_the_start_and_duration_at_the_completion() -> None:
    ended = run(
        created_at=NOON,
        started_at=NOON + timedelta(seconds=5),
        completed_at=NOON + timedelta(seconds=65),
    )
    later = NOON + timedelta(days=1)
    assert ended.queue_time(later) == timedelta(seconds=5)
    assert ended.duration(later) == timedelta(seconds=60)


def test_a_running_duration_ticks_on_the_clock_that_is_given() -> None:
    ticking = run(created_at=NOON, started_at=NOON)
    assert ticking.duration(NOON + timedelta(seconds=42)) == timedelta(seconds=42)


def test_a_pending_run_has_no_duration_and_a_growing_queue_time() -> None:
    pending = run(status="pending", created_at=NOON)
    assert pending.duration(NOON) is None
    assert pending.queue_time(NOON + timedelta(seconds=3)) == timedelta(seconds=3)


@given(MOMENTS, MOMENTS, MOMENTS, MOMENTS)
def test_no_time_is_ever_negative(
    created: datetime, started: datetime, completed: datetime, now: datetime
) -> None:
    for odd in (
        run(created_at=created, started_at=started, completed_at=completed),
        run(created_at=created, started_at=started),
        run(created_at=created),
    ):
        duration, queued = odd.duration(now), odd.queue_time(now)
        assert duration is None or duration >= timedelta()
        assert queued is not None
        assert queued >= timedelta()


@given(
    st.builds(
        RunRecord,
        id=st.just("r"),
        status=st.just("odd"),
        **dict.fromkeys(TIMES, st.none() | MOMENTS),
    )
)
def test_a_run_keeps_every_time_to_the_microsecond(record: RunRecord) -> None:
    assert record.run.record == record


def test_equal_values_of_runs_are_there_once() -> None:
    made = [
        RunRecord(id=str(number), status=status, command=b"one command".decode()).run
        for number, status in enumerate((RunStatus.PENDING, b"pending".decode()))
    ]
    assert made[0].status is made[1].status
    assert made[0].command is made[1].command


def test_a_time_before_1970_is_missing() -> None:
    odd = run(created_at=datetime(1969, 12, 31, tzinfo=UTC), started_at=NOON)
    assert (odd.created_at, odd.started_at) == (None, NOON)


def test_a_run_takes_little_memory() -> None:
    rows = [
        {"id": f"{number:036}", "status": "failed"}
        | {time: NOON + timedelta(minutes=number, seconds=at) for at, time in enumerate(TIMES)}
        for number in range(1000)
    ]
    records = msgspec.convert(rows, list[RunRecord])
    ids = sum(sys.getsizeof(record.id) for record in records)
    tracemalloc.start()
    kept = [record.run for record in records]
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (taken + ids) / len(kept) < 260


def test_runs_sort_newest_first_ties_by_id_and_undated_last() -> None:
    berlin = timezone(timedelta(hours=1))
    runs = [
        run(id="undated"),
        run(id="old", created_at=NOON - timedelta(hours=1)),
        run(id="b", created_at=NOON.astimezone(berlin)),
        run(id="a", created_at=NOON),
        run(id="new", created_at=NOON + timedelta(hours=1)),
    ]
    assert [run.id for run in sorted(runs, key=newest_first)] == [
        "new",
        "a",
        "b",
        "old",
        "undated",
    ]


@pytest.mark.parametrize("oldest_first", [False, True])
def test_runs_of_one_moment_keep_the_order_of_the_service(*, oldest_first: bool) -> None:
    earlier = NOON - timedelta(hours=1)
    listed = [
        run(id="b", created_at=NOON),
        run(id="a", created_at=NOON),
        run(id="d", created_at=earlier),
        run(id="c", created_at=earlier),
    ]
    if oldest_first:
        listed.reverse()
    assert [listed[n].id for n in newest_listed_first(listed)] == ["b", "a", "d", "c"]


def test_a_run_of_the_default_is_told_from_one_with_overrides() -> None:
    assert run().is_default
    assert not run(argv=["true"]).is_default
    assert not run(command="true").is_default
