from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer, LogEntry
from nodion_tui.monitor.log.segment import LogSegment
from nodion_tui.monitor.log.timestamps import to_micros

START = datetime(2026, 1, 15, 10, 1, tzinfo=UTC)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
TIMES = st.none() | st.datetimes(timezones=st.just(UTC))


def numbered(start: int, stop: int, width: int = 60) -> list[LogLine]:
    return [
        LogLine(f"id-{n}", f"{n:0{width}}", created_at=START + timedelta(milliseconds=n))
        for n in range(start, stop)
    ]


def filled(lines: int, max_bytes: int = 64 * 1024) -> LogBuffer:
    buffer = LogBuffer(max_bytes)
    for start in range(0, lines, 100):
        buffer.extend(numbered(start, min(start + 100, lines)))
    return buffer


def in_snapshot(segments: Iterable[LogSegment]) -> dict[int, str]:
    return {
        segment.first + position: segment.body(position).decode("utf-8", "surrogatepass")
        for segment in segments
        for position in range(len(segment))
        if position not in segment.markers
    }


@given(st.lists(st.tuples(ANY_TEXT, TIMES)))
def test_lines_come_back_as_they_were(rows: list[tuple[str, datetime | None]]) -> None:
    buffer = LogBuffer()
    buffer.extend([LogLine(str(n), body, created_at=at) for n, (body, at) in enumerate(rows)])
    entries = buffer.entries(0, len(rows))
    assert [entry.body for entry in entries] == [body for body, _ in rows]
    assert [entry.created_at for entry in entries] == [at for _, at in rows]
    assert all(entry.size == len(entry.body.encode("utf-8", "surrogatepass")) for entry in entries)


def test_times_of_another_zone_are_the_same_moment() -> None:
    at = datetime(2026, 1, 15, 10, 1, 0, 123000, tzinfo=timezone(timedelta(hours=1)))
    buffer = LogBuffer()
    buffer.extend([LogLine("a", "x", created_at=at)])
    assert buffer.entry(0).created_at == at
    assert buffer.started_at == at


@given(
    st.lists(st.lists(TIMES, max_size=5), max_size=8),
    st.integers(0, 60),
    st.sampled_from([2_000, 65_536]),
)
def test_times_are_those_of_the_lines_in_memory(
    batches: list[list[datetime | None]], start: int, max_bytes: int
) -> None:
    buffer = LogBuffer(max_bytes)
    for batch in batches:
        buffer.extend([LogLine("x", "x" * 50, created_at=at) for at in batch])
        buffer.append_marker(EntryKind.NOTICE, "a mark has no time of a line", START)
    entries = buffer.entries(max(start, buffer.first_retained), buffer.end)
    lines = [entry.created_at for entry in entries if entry.kind is EntryKind.LINE]
    assert buffer.times(start) == to_micros([at for at in lines if at is not None])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("lines"), st.lists(st.text(max_size=30), max_size=40)),
        st.tuples(st.just("mark"), st.sampled_from(list(EntryKind)[1:])),
        st.tuples(st.just("limit"), st.integers(2_000, 40_000)),
        st.tuples(st.just("restore"), st.none()),
        st.tuples(st.just("release"), st.none()),
    ),
    max_size=60,
)


class Model:
    """The reference: a plain list."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []
        self.lines: list[LogLine] = []

    def after(self, after_id: str | None, count: int) -> list[LogLine]:
        start = 0 if after_id is None else int(after_id) + 1
        return self.lines[start : start + count]


def take_lines(buffer: LogBuffer, model: Model, bodies: list[str]) -> None:
    lines = [LogLine(str(len(model.lines) + n), body) for n, body in enumerate(bodies)]
    buffer.extend(lines)
    model.lines += lines
    model.entries += [
        LogEntry(EntryKind.LINE, line.body, None, len(line.body.encode())) for line in lines
    ]


def append_marker(buffer: LogBuffer, model: Model, kind: EntryKind) -> None:
    assert buffer.append_marker(kind, "said", START) == len(model.entries)
    model.entries.append(LogEntry(kind, "said", START))


def take_limit(buffer: LogBuffer, _model: Model, limit: int) -> None:
    buffer.max_bytes = limit


def take_restore(buffer: LogBuffer, model: Model, _: None) -> None:
    if missing := buffer.dropped_segment():
        wanted = model.after(missing.after_id, missing.lines)
        restored = buffer.restore(missing, wanted)
        assert restored is (buffer.dropped_segment(missing.first) is None)
        assert not (restored and buffer.restore(missing, wanted))


def take_release(buffer: LogBuffer, _model: Model, _: None) -> None:
    buffer.drop_restored()


TAKE: dict[str, Callable[..., None]] = {
    "lines": take_lines,
    "mark": append_marker,
    "limit": take_limit,
    "restore": take_restore,
    "release": take_release,
}


@settings(max_examples=150, deadline=None)
@given(STEPS)
def test_the_buffer_equals_a_list_with_dropped_ranges(steps: list[tuple[str, object]]) -> None:
    buffer, model = LogBuffer(4_000), Model()
    for name, argument in steps:
        TAKE[name](buffer, model, argument)
        check(buffer, model)


def check(buffer: LogBuffer, model: Model) -> None:
    assert buffer.end == len(model.entries)
    assert buffer.lines == len(model.lines)
    assert buffer.last_id == (model.lines[-1].id if model.lines else None)
    dropped_lines = 0
    for index, expected in enumerate(model.entries):
        entry = buffer.entry(index)
        absent = buffer.dropped_segment(index) is not None
        assert absent or entry == expected
        assert not absent or entry.kind is EntryKind.DROPPED or entry == expected
        dropped_lines += absent and expected.kind is EntryKind.LINE and index != buffer.first
    entries = in_snapshot(buffer.snapshot())
    assert len(entries) == len(model.lines) - buffer.dropped
    assert all(model.entries[index].body == body for index, body in entries.items())
    assert dropped_lines <= buffer.dropped


def test_the_oldest_segments_are_dropped_with_an_entry() -> None:
    buffer = filled(2_000)
    assert buffer.bytes_held <= buffer.max_bytes
    assert buffer.first > 0
    marker = buffer.entry(buffer.first)
    assert marker.kind is EntryKind.DROPPED
    assert marker.body == f"{buffer.dropped:,} older lines dropped"
    assert buffer.dropped == buffer.first + 1
    assert buffer.entry(buffer.first + 1).body == f"{buffer.first + 1:060}"
    assert buffer.entry(1999).body == f"{1999:060}"


def test_reserved_memory_counts() -> None:
    buffer = LogBuffer(64 * 1024)
    buffer.reserve(32 * 1024)
    buffer.extend(numbered(0, 2_000))
    assert buffer.bytes_held <= 32 * 1024


def test_a_line_larger_than_the_budget_does_not_stay() -> None:
    buffer = LogBuffer(10_000)
    buffer.extend([LogLine("a", "x" * 20_000), LogLine("b", "next")])
    buffer.extend([LogLine("c", "last")])
    assert buffer.bytes_held <= 10_000
    assert buffer.entry(buffer.end - 1).body == "last"


def test_dropped_lines_come_back_by_the_id_before_them() -> None:
    buffer = filled(2_000)
    first = buffer.first
    missing = buffer.dropped_segment()
    assert missing is not None
    assert missing.after_id == f"id-{missing.first - 1}"
    assert buffer.restore(missing, numbered(missing.first, missing.stop))
    assert buffer.first == missing.first - 1 < first
    assert buffer.entry(missing.first).body == f"{missing.first:060}"


def test_a_restored_segment_stays_while_lines_arrive_until_it_is_dropped() -> None:
    buffer = filled(2_000)
    missing = buffer.dropped_segment()
    assert missing is not None
    buffer.restore(missing, numbered(missing.first, missing.stop))
    buffer.extend(numbered(2_000, 6_000))
    assert buffer.bytes_held <= buffer.max_bytes
    assert buffer.entry(missing.first).body == f"{missing.first:060}"
    hole = buffer.entry(missing.stop + 500)
    assert hole.kind is EntryKind.DROPPED
    assert hole.body.endswith(" lines dropped")
    assert "older" not in hole.body
    buffer.drop_restored()
    assert buffer.first > missing.stop


def test_a_restored_segment_with_other_lines_is_refused() -> None:
    buffer = filled(2_000)
    missing = buffer.dropped_segment()
    assert missing is not None
    assert not buffer.restore(missing, numbered(0, 1))
    assert buffer.dropped_segment() == missing


def test_a_marker_is_updated_only_while_it_is_last() -> None:
    buffer = LogBuffer()
    first = buffer.append_marker(EntryKind.LOST, "reconnecting in 1 s")
    assert buffer.update_marker(EntryKind.LOST, "reconnecting in 2 s") == first
    assert buffer.entry(first).body == "reconnecting in 2 s"
    assert buffer.update_marker(EntryKind.RESUMED, "resumed") == first + 1
    buffer.extend(numbered(0, 1))
    assert buffer.update_marker(EntryKind.RESUMED, "resumed") == first + 3


def test_a_long_body_is_cut_between_characters() -> None:
    buffer = LogBuffer()
    buffer.extend([LogLine("a", "é" * 1000)])
    entry = buffer.entry(0, limit=11)
    assert entry.body == "é" * 5
    assert entry.size == 2000
    assert buffer.entry(0, limit=2000).body == "é" * 1000


@pytest.mark.parametrize("index", [-1, 3, 99])
def test_an_index_outside_raises(index: int) -> None:
    buffer = LogBuffer()
    buffer.extend(numbered(0, 3))
    with pytest.raises(IndexError):
        buffer.entry(index)


@given(st.integers(0, 600), st.integers(0, 600))
def test_a_snapshot_has_the_requested_range_and_never_changes(start: int, stop: int) -> None:
    buffer = filled(500, max_bytes=2**20)
    segments = buffer.snapshot(start, stop)
    buffer.extend(numbered(500, 600))
    entries = in_snapshot(segments)
    assert all(entries[n] == f"{n:060}" for n in range(start, min(stop, 500)))
    assert all(n < 500 for n in entries)


def test_an_empty_buffer_has_nothing() -> None:
    buffer = LogBuffer()
    buffer.extend([])
    assert (buffer.first, buffer.end, buffer.lines, buffer.dropped) == (0, 0, 0, 0)
    assert buffer.snapshot() == ()
    assert buffer.dropped_segment() is None
    assert buffer.last_id is None


def test_lines_are_numbered_without_markers() -> None:
    buffer = filled(3)
    buffer.append_marker(EntryKind.LOST, "reconnecting in 1 s")
    buffer.append_marker(EntryKind.RESUMED, "resumed, 0 lines lost")
    buffer.extend(numbered(3, 5))
    buffer.append_marker(EntryKind.ENDED, "succeeded")
    assert [buffer.line_number(index) for index in range(buffer.end)] == [1, 2, 3, 3, 3, 4, 5, 5]


def test_dropped_lines_keep_their_numbers() -> None:
    buffer = filled(5_000)
    assert buffer.first_retained > 1000
    assert buffer.line_number(buffer.first_retained) == buffer.first_retained + 1
