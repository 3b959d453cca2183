from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.viewport.row_window import EntryRow
from nodion_tui.ui.log.viewport.viewport import LogViewport
from tests.support.loglines import buffer_of, log_lines


def numbered(count: int, first: int = 0) -> list[str]:
    return [f"line {number}" for number in range(first, first + count)]


def reader_of(buffer: LogBuffer, *, height: int = 10, width: int = 20) -> LogViewport:
    reader = LogViewport(buffer)
    reader.set_size(width, height)
    return reader


def indexes(reader: LogViewport) -> list[int]:
    return [place.index for place in reader.page()]


def test_the_end_is_followed_at_first() -> None:
    buffer = buffer_of(numbered(100))
    reader = reader_of(buffer)
    assert indexes(reader) == list(range(90, 100))
    buffer.extend(log_lines(numbered(5, 100), 100))
    reader.sync()
    assert indexes(reader) == list(range(95, 105))
    assert reader.unseen == 0


@pytest.mark.parametrize(
    "leave",
    [
        lambda reader: reader.scroll(-1),
        lambda reader: reader.move_cursor(-1),
        lambda reader: reader.scroll_pages(-1),
        lambda reader: reader.to_start(),
        lambda reader: reader.to_fraction(0.5),
        lambda reader: reader.put_cursor(95),
        lambda reader: reader.go(50),
    ],
)
def test_moving_up_leaves_the_end_and_what_comes_is_counted(
    leave: Callable[[LogViewport], None],
) -> None:
    buffer = buffer_of(numbered(100))
    reader = reader_of(buffer)
    leave(reader)
    assert [reader.follow] == [False]
    before = indexes(reader)
    buffer.extend(log_lines(numbered(213, 100), 100))
    reader.sync()
    assert indexes(reader) == before
    assert reader.unseen == 213
    reader.to_end()
    assert [reader.follow] == [True]
    assert reader.unseen == 0
    assert indexes(reader)[-1] == 312


def test_reading_on_counts_down_what_is_unseen() -> None:
    reader = LogViewport(buffer_of(numbered(100)))
    reader.follow = False
    reader.set_size(20, 10)
    assert reader.unseen == 90
    reader.scroll(5)
    assert reader.unseen == 85


@pytest.mark.parametrize(
    "beyond", [lambda reader: reader.move_cursor(1), lambda reader: reader.scroll_pages(1)]
)
def test_going_down_beyond_the_end_follows_again(beyond: Callable[[LogViewport], None]) -> None:
    reader = reader_of(buffer_of(numbered(30)))
    reader.scroll(-3)
    reader.scroll(3)
    reader.go(29)
    assert [reader.follow] == [False]
    beyond(reader)
    assert [reader.follow] == [True]


def test_the_cursor_goes_along_with_the_window_and_the_window_with_the_cursor() -> None:
    reader = reader_of(buffer_of(numbered(100)))
    reader.scroll(-20)
    assert reader.cursor == 79
    assert indexes(reader) == list(range(70, 80))
    reader.move_cursor(-9)
    assert indexes(reader)[0] == 70
    reader.move_cursor(-1)
    assert reader.cursor == 69
    assert indexes(reader)[0] == 69


def test_go_puts_a_far_line_in_the_middle_and_a_near_one_where_it_is() -> None:
    reader = reader_of(buffer_of(numbered(100)))
    reader.go(20)
    assert reader.offset_of(20) == 5
    reader.go(22)
    assert reader.offset_of(22) == 7


def test_a_short_log_stands_at_the_top() -> None:
    reader = reader_of(buffer_of(numbered(3)))
    assert indexes(reader) == [0, 1, 2]
    assert reader.at_end
    assert not reader.thumb()


def test_nothing_moves_in_an_empty_log() -> None:
    reader = reader_of(LogBuffer())
    for move in (reader.to_start, reader.to_end, reader.sync, reader.to_line_end):
        move()
    reader.move_cursor(1)
    reader.scroll(-3)
    reader.scroll_pages(1)
    reader.scroll_columns(8)
    reader.to_fraction(0.3)
    reader.set_options(DisplayOptions(wrap=True))
    assert reader.page() == []


def test_dropped_lines_do_not_move_what_is_on_screen() -> None:
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(["x" * 80 for _ in range(3_000)]))
    reader = reader_of(buffer)
    reader.go(2_500)
    before = reader.page()
    buffer.extend(log_lines(["y" * 80 for _ in range(1_000)], 3_000))
    reader.sync()
    assert 0 < buffer.first < 2_500
    assert reader.page() == before


def test_what_is_dropped_under_the_window_takes_it_to_the_oldest_line() -> None:
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(["x" * 80 for _ in range(3_000)]))
    reader = reader_of(buffer)
    reader.to_start()
    buffer.extend(log_lines(["y" * 80 for _ in range(9_000)], 3_000))
    reader.sync()
    assert reader.page()[0] == EntryRow(buffer.first)
    assert buffer.entry(reader.cursor).kind is EntryKind.DROPPED


def test_a_hole_behind_what_was_fetched_again_is_one_entry() -> None:
    bodies = [f"line {number} {'x' * 60}" for number in range(9_000)]
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(bodies[:6_000]))
    missing = buffer.dropped_segment()
    assert missing is not None
    lines = log_lines(bodies[missing.first : missing.stop], missing.first)
    assert buffer.restore(missing, lines)
    reader = reader_of(buffer)
    reader.to_start()
    buffer.extend(log_lines(bodies[6_000:], 6_000))
    reader.sync()
    (hole,) = buffer.dropped_ranges()
    reader.go(hole.start)
    page = indexes(reader)
    at = page.index(hole.start)
    assert page[at + 1] == hole.stop
    assert buffer.entry(hole.start).kind is EntryKind.DROPPED
    reader.to_end()
    assert not buffer.dropped_ranges()


def test_wrapped_lines_take_the_rows_they_need() -> None:
    reader = reader_of(buffer_of(["a" * 45, "b", "c" * 21]), width=20, height=4)
    reader.set_options(DisplayOptions(wrap=True))
    assert reader.page() == [EntryRow(0, 2), EntryRow(1), EntryRow(2), EntryRow(2, 1)]
    reader.scroll(-1)
    assert reader.page()[0] == EntryRow(0, 1)
    reader.scroll(-10)
    assert reader.page()[0] == EntryRow(0)


def test_wrapping_keeps_the_cursors_line_where_it_is() -> None:
    reader = reader_of(buffer_of(["z" * 45] * 50), width=20)
    reader.go(25)
    offset = reader.offset_of(25)
    reader.set_options(DisplayOptions(wrap=True))
    assert reader.offset_of(25) == offset
    reader.set_options(DisplayOptions(wrap=False))
    assert reader.offset_of(25) == offset


def test_sideways_goes_as_far_as_the_lines_on_screen() -> None:
    reader = reader_of(buffer_of(["short", "x" * 50]), width=20)
    reader.scroll_columns(8)
    assert reader.left == 8
    for _ in range(10):
        reader.scroll_columns(8)
    assert reader.left == 30
    reader.scroll_columns(-100)
    assert reader.left == 0
    reader.to_line_end()
    assert reader.left == 30


def test_appended_lines_leave_the_sideways_place() -> None:
    buffer = buffer_of(["x" * 100] * 30)
    reader = reader_of(buffer)
    reader.scroll_columns(8)
    buffer.extend(log_lines(["short"] * 30, 30))
    reader.sync()
    assert reader.left == 8


def test_while_the_past_arrives_the_start_is_shown() -> None:
    buffer = buffer_of(numbered(100))
    reader = LogViewport(buffer)
    reader.holding = True
    reader.set_size(20, 10)
    assert indexes(reader) == list(range(10))
    reader.to_end()
    assert indexes(reader)[-1] == 99


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("scroll"), st.integers(-30, 30)),
        st.tuples(st.just("move_cursor"), st.integers(-5, 5)),
        st.tuples(st.just("scroll_pages"), st.sampled_from([-1.0, -0.5, 0.5, 1.0])),
        st.tuples(st.just("to_fraction"), st.floats(0, 1)),
        st.tuples(st.just("go"), st.integers(0, 200)),
        st.tuples(st.just("grow"), st.integers(1, 40)),
        st.tuples(st.just("wrap"), st.booleans()),
        st.tuples(st.just("size"), st.integers(1, 30)),
    ),
    max_size=25,
)


@settings(max_examples=60)
@given(MOVES)
def test_whatever_is_done_the_window_is_full_and_holds_the_cursor(
    moves: list[tuple[str, float]],
) -> None:
    buffer = LogBuffer()
    buffer.extend(log_lines("x" * (number % 60) for number in range(60)))
    reader = reader_of(buffer)
    for name, value in moves:
        match name:
            case "grow":
                buffer.extend(log_lines(["y" * 30] * int(value), buffer.lines))
                reader.sync()
            case "wrap":
                reader.set_options(DisplayOptions(wrap=bool(value)))
            case "size":
                reader.set_size(20, int(value))
            case _:
                getattr(reader, name)(value)
        page = reader.page()
        assert len(page) == reader.height
        assert page == sorted(set(page))
        assert reader.cursor in {place.index for place in page} or name in {"wrap", "size", "grow"}
        if reader.follow:
            assert page[-1].index == buffer.end - 1
        assert 0 <= reader.unseen <= buffer.lines


def test_an_entry_higher_than_the_window_is_gone_through_row_by_row() -> None:
    buffer = buffer_of(["first", "x" * 25 * 20, "last", *numbered(30)])
    reader = reader_of(buffer)
    reader.set_options(DisplayOptions(wrap=True))
    reader.to_start()
    reader.move_cursor(1)
    assert (reader.cursor, reader.top) == (1, EntryRow(1, 0))
    seen = []
    while reader.cursor == 1:
        seen.append(reader.top.row)
        reader.move_cursor(1)
    assert seen == list(range(16))
    reader.scroll(-3)
    reader.move_cursor(-1)
    while reader.top.row:
        assert reader.cursor == 1
        reader.move_cursor(-1)
    reader.move_cursor(-1)
    assert (reader.cursor, reader.top) == (0, EntryRow(0, 0))
