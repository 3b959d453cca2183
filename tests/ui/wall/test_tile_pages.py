"""Page, cursor and zoom of the wall."""

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.run import RunKey
from nodion_tui.ui.wall.tile_pages import TilePages


def keys(letters: str) -> tuple[RunKey, ...]:
    return tuple(RunKey("runner", letter) for letter in letters)


def filled(letters: str, room: int) -> TilePages:
    pages = TilePages()
    pages.fill(keys(letters), room)
    return pages


def shown(pages: TilePages) -> str:
    return "".join(key.run_id for key in pages.keys)


def current(pages: TilePages) -> str:
    return pages.current.run_id if pages.current else ""


def test_as_many_as_there_is_room_for_and_the_rest_on_further_pages() -> None:
    pages = filled("abcde", 2)
    assert (shown(pages), pages.has_more) == ("ab", True)
    pages.turn(1)
    assert (shown(pages), pages.first, current(pages)) == ("cd", 2, "c")
    pages.turn(1)
    assert shown(pages) == "e"
    pages.turn(1)
    assert shown(pages) == "e"
    pages.turn(-1)
    assert shown(pages) == "cd"
    assert not filled("ab", 2).has_more


def test_the_last_page_goes_with_its_last_run() -> None:
    pages = filled("abc", 2)
    pages.turn(1)
    pages.fill(keys("ab"), 2)
    assert shown(pages) == "ab"


def test_the_cursor_stays_on_its_run() -> None:
    pages = filled("abcd", 4)
    pages.move_to(2)
    pages.fill(keys("bcde"), 4)
    assert current(pages) == "c"
    pages.fill(keys("bd"), 4)
    assert current(pages) == "d"
    pages.fill((), 4)
    assert (current(pages), pages.cursor) == ("", 0)


def test_the_cursor_stops_at_the_ends_and_cycles_over_them() -> None:
    pages = filled("abc", 4)
    pages.move_to(9)
    assert current(pages) == "c"
    pages.cycle(1)
    assert current(pages) == "a"
    pages.cycle(-1)
    assert current(pages) == "c"
    pages.move_to(-9)
    assert current(pages) == "a"
    TilePages().cycle(1)


def test_a_zoom_goes_with_the_cursor_and_ends_with_its_run() -> None:
    pages = filled("abc", 4)
    pages.toggle_zoom()
    assert pages.visible == keys("a")
    pages.cycle(1)
    assert pages.visible == keys("b")
    pages.fill(keys("ac"), 4)
    assert pages.zoomed is None
    assert pages.visible == keys("ac")


def test_a_zoom_is_toggled() -> None:
    pages = filled("ab", 4)
    zoomed = []
    for _ in range(2):
        pages.toggle_zoom()
        zoomed.append(pages.zoomed)
    assert zoomed == [RunKey("runner", "a"), None]
    empty = TilePages()
    empty.toggle_zoom()
    assert empty.zoomed is None


def test_a_zoomed_run_that_moves_to_another_page_stays_zoomed() -> None:
    pages = filled("abcdef", 2)
    pages.turn(1)
    pages.toggle_zoom()
    pages.fill(keys("bcdef"), 2)
    assert pages.zoomed == RunKey("runner", "c")
    assert (shown(pages), current(pages)) == ("bc", "c")


@given(st.lists(st.tuples(st.text("abcdefgh", max_size=8), st.integers(1, 4), st.integers(-1, 4))))
def test_the_cursor_is_always_on_a_tile(steps: list[tuple[str, int, int]]) -> None:
    pages = TilePages()
    for letters, room, step in steps:
        pages.fill(tuple(dict.fromkeys(keys(letters))), room)
        pages.turn(step)
        pages.cycle(step)
        if step == 0:
            pages.toggle_zoom()
        assert len(pages.keys) <= room
        assert pages.current in (pages.keys or (None,))
        assert pages.zoomed in (*pages.keys, None)
        assert bool(pages.keys) == bool(letters)
