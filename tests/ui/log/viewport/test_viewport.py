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


def viewport_of(buffer: LogBuffer, *, height: int = 10, width: int = 20) -> LogViewport:
    viewport = LogViewport(buffer)
    viewport.set_size(width, height)
    return viewport


def indexes(viewport: LogViewport) -> list[int]:
    return [place.index for place in viewport.visible_rows()]


def test_the_end_is_followed_at_first() -> None:
    buffer = buffer_of(numbered(100))
    viewport = viewport_of(buffer)
    assert indexes(viewport) == list(range(90, 100))
    buffer.extend(log_lines(numbered(5, 100), 100))
    viewport.sync()
    assert indexes(viewport) == list(range(95, 105))
    assert viewport.unseen == 0


@pytest.mark.parametrize(
    "leave",
    [
        lambda viewport: viewport.scroll(-1),
        lambda viewport: viewport.move_cursor(-1),
        lambda viewport: viewport.scroll_pages(-1),
        lambda viewport: viewport.to_start(),
        lambda viewport: viewport.to_fraction(0.5),
        lambda viewport: viewport.set_cursor(95),
        lambda viewport: viewport.go_to(50),
    ],
)
def test_moving_up_leaves_the_end_and_what_comes_is_counted(
    leave: Callable[[LogViewport], None],
) -> None:
    buffer = buffer_of(numbered(100))
    viewport = viewport_of(buffer)
    leave(viewport)
    assert [viewport.follow] == [False]
    before = indexes(viewport)
    buffer.extend(log_lines(numbered(213, 100), 100))
    viewport.sync()
    assert indexes(viewport) == before
    assert viewport.unseen == 213
    viewport.to_end()
    assert [viewport.follow] == [True]
    assert viewport.unseen == 0
    assert indexes(viewport)[-1] == 312


def test_reading_on_counts_down_what_is_unseen() -> None:
    viewport = LogViewport(buffer_of(numbered(100)))
    viewport.follow = False
    viewport.set_size(20, 10)
    assert viewport.unseen == 90
    viewport.scroll(5)
    assert viewport.unseen == 85


@pytest.mark.parametrize(
    "beyond", [lambda viewport: viewport.move_cursor(1), lambda viewport: viewport.scroll_pages(1)]
)
def test_going_down_beyond_the_end_follows_again(beyond: Callable[[LogViewport], None]) -> None:
    viewport = viewport_of(buffer_of(numbered(30)))
    viewport.scroll(-3)
    viewport.scroll(3)
    viewport.go_to(29)
    assert [viewport.follow] == [False]
    beyond(viewport)
    assert [viewport.follow] == [True]


def test_the_cursor_goes_along_with_the_window_and_the_window_with_the_cursor() -> None:
    viewport = viewport_of(buffer_of(numbered(100)))
    viewport.scroll(-20)
    assert viewport.cursor == 79
    assert indexes(viewport) == list(range(70, 80))
    viewport.move_cursor(-9)
    assert indexes(viewport)[0] == 70
    viewport.move_cursor(-1)
    assert viewport.cursor == 69
    assert indexes(viewport)[0] == 69


def test_go_puts_a_far_line_in_the_middle_and_a_near_one_where_it_is() -> None:
    viewport = viewport_of(buffer_of(numbered(100)))
    viewport.go_to(20)
    assert viewport.offset_of(20) == 5
    viewport.go_to(22)
    assert viewport.offset_of(22) == 7


def test_a_short_log_stands_at_the_top() -> None:
    viewport = viewport_of(buffer_of(numbered(3)))
    assert indexes(viewport) == [0, 1, 2]
    assert viewport.at_end
    assert not viewport.scrollbar_thumb()


def test_nothing_moves_in_an_empty_log() -> None:
    viewport = viewport_of(LogBuffer())
    for move in (viewport.to_start, viewport.to_end, viewport.sync, viewport.scroll_to_line_end):
        move()
    viewport.move_cursor(1)
    viewport.scroll(-3)
    viewport.scroll_pages(1)
    viewport.scroll_columns(8)
    viewport.to_fraction(0.3)
    viewport.set_options(DisplayOptions(wrap=True))
    assert viewport.visible_rows() == []


def test_dropped_lines_do_not_move_what_is_on_screen() -> None:
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(["x" * 80 for _ in range(3_000)]))
    viewport = viewport_of(buffer)
    viewport.go_to(2_500)
    before = viewport.visible_rows()
    buffer.extend(log_lines(["y" * 80 for _ in range(1_000)], 3_000))
    viewport.sync()
    assert 0 < buffer.first < 2_500
    assert viewport.visible_rows() == before


def test_what_is_dropped_under_the_window_takes_it_to_the_oldest_line() -> None:
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(["x" * 80 for _ in range(3_000)]))
    viewport = viewport_of(buffer)
    viewport.to_start()
    buffer.extend(log_lines(["y" * 80 for _ in range(9_000)], 3_000))
    viewport.sync()
    assert viewport.visible_rows()[0] == EntryRow(buffer.first)
    assert buffer.entry(viewport.cursor).kind is EntryKind.DROPPED


def test_a_hole_behind_what_was_fetched_again_is_one_entry() -> None:
    bodies = [f"line {number} {'x' * 60}" for number in range(9_000)]
    buffer = LogBuffer(max_bytes=300_000)
    buffer.extend(log_lines(bodies[:6_000]))
    missing = buffer.dropped_segment()
    assert missing is not None
    lines = log_lines(bodies[missing.first : missing.stop], missing.first)
    assert buffer.restore(missing, lines)
    viewport = viewport_of(buffer)
    viewport.to_start()
    buffer.extend(log_lines(bodies[6_000:], 6_000))
    viewport.sync()
    (hole,) = buffer.dropped_ranges()
    viewport.go_to(hole.start)
    page = indexes(viewport)
    at = page.index(hole.start)
    assert page[at + 1] == hole.stop
    assert buffer.entry(hole.start).kind is EntryKind.DROPPED
    viewport.to_end()
    assert not buffer.dropped_ranges()


def test_wrapped_lines_take_the_rows_they_need() -> None:
    viewport = viewport_of(buffer_of(["a" * 45, "b", "c" * 21]), width=20, height=4)
    viewport.set_options(DisplayOptions(wrap=True))
    assert viewport.visible_rows() == [EntryRow(0, 2), EntryRow(1), EntryRow(2), EntryRow(2, 1)]
    viewport.scroll(-1)
    assert viewport.visible_rows()[0] == EntryRow(0, 1)
    viewport.scroll(-10)
    assert viewport.visible_rows()[0] == EntryRow(0)


def test_wrapping_keeps_the_cursors_line_where_it_is() -> None:
    viewport = viewport_of(buffer_of(["z" * 45] * 50), width=20)
    viewport.go_to(25)
    offset = viewport.offset_of(25)
    viewport.set_options(DisplayOptions(wrap=True))
    assert viewport.offset_of(25) == offset
    viewport.set_options(DisplayOptions(wrap=False))
    assert viewport.offset_of(25) == offset


def test_sideways_goes_as_far_as_the_lines_on_screen() -> None:
    viewport = viewport_of(buffer_of(["short", "x" * 50]), width=20)
    viewport.scroll_columns(8)
    assert viewport.first_column == 8
    for _ in range(10):
        viewport.scroll_columns(8)
    assert viewport.first_column == 30
    viewport.scroll_columns(-100)
    assert viewport.first_column == 0
    viewport.scroll_to_line_end()
    assert viewport.first_column == 30


def test_appended_lines_leave_the_sideways_place() -> None:
    buffer = buffer_of(["x" * 100] * 30)
    viewport = viewport_of(buffer)
    viewport.scroll_columns(8)
    buffer.extend(log_lines(["short"] * 30, 30))
    viewport.sync()
    assert viewport.first_column == 8


def test_a_smaller_window_keeps_the_cursor_that_was_on_screen() -> None:
    viewport = viewport_of(buffer_of(numbered(100)))
    viewport.go_to(40)
    viewport.scroll_entry_to(40, viewport.height - 1)
    viewport.set_size(20, 3)
    assert indexes(viewport) == [38, 39, 40]
    viewport.scroll_entry_to(10, 0)
    viewport.set_size(20, 5)
    assert indexes(viewport) == [10, 11, 12, 13, 14]


def test_while_the_past_arrives_the_start_is_shown() -> None:
    buffer = buffer_of(numbered(100))
    viewport = LogViewport(buffer)
    viewport.hold_at_start = True
    viewport.set_size(20, 10)
    assert indexes(viewport) == list(range(10))
    viewport.to_end()
    assert indexes(viewport)[-1] == 99


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("scroll"), st.integers(-30, 30)),
        st.tuples(st.just("move_cursor"), st.integers(-5, 5)),
        st.tuples(st.just("scroll_pages"), st.sampled_from([-1.0, -0.5, 0.5, 1.0])),
        st.tuples(st.just("to_fraction"), st.floats(0, 1)),
        st.tuples(st.just("go_to"), st.integers(0, 200)),
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
    viewport = viewport_of(buffer)
    for name, value in moves:
        match name:
            case "grow":
                buffer.extend(log_lines(["y" * 30] * int(value), buffer.lines))
                viewport.sync()
            case "wrap":
                viewport.set_options(DisplayOptions(wrap=bool(value)))
            case "size":
                viewport.set_size(20, int(value))
            case _:
                getattr(viewport, name)(value)
        page = viewport.visible_rows()
        assert len(page) == viewport.height
        assert page == sorted(set(page))
        assert viewport.cursor in {place.index for place in page} or name in {
            "wrap",
            "size",
            "grow",
        }
        if viewport.follow:
            assert page[-1].index == buffer.end - 1
        assert 0 <= viewport.unseen <= buffer.lines


def test_an_entry_higher_than_the_window_is_gone_through_row_by_row() -> None:
    buffer = buffer_of(["first", "x" * 25 * 20, "last", *numbered(30)])
    viewport = viewport_of(buffer)
    viewport.set_options(DisplayOptions(wrap=True))
    viewport.to_start()
    viewport.move_cursor(1)
    assert (viewport.cursor, viewport.top) == (1, EntryRow(1, 0))
    seen = []
    while viewport.cursor == 1:
        seen.append(viewport.top.row)
        viewport.move_cursor(1)
    assert seen == list(range(16))
    viewport.scroll(-3)
    viewport.move_cursor(-1)
    while viewport.top.row:
        assert viewport.cursor == 1
        viewport.move_cursor(-1)
    viewport.move_cursor(-1)
    assert (viewport.cursor, viewport.top) == (0, EntryRow(0, 0))
