"""The cursor of a list stays on its item, whatever is added, removed or reordered."""

from operator import itemgetter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.ui.dashboard.lists.list_cursor import ListCursor

Item = tuple[int, str]
KEYS = st.lists(st.integers(0, 30), unique=True, max_size=20)


def items(*keys: int) -> list[Item]:
    return [(key, f"item {key}") for key in keys]


def cursor_on(key: int, *keys: int) -> ListCursor[Item]:
    cursor = ListCursor[Item](itemgetter(0))
    cursor.items = items(*keys)
    cursor.follow()
    cursor.select(key)
    return cursor


def key_of(cursor: ListCursor[Item]) -> int | None:
    return cursor.current[0] if cursor.current else None


@pytest.mark.parametrize(
    ("before", "after", "index", "moved"),
    [
        ((1, 2, 3), (1, 2, 3), 1, False),
        ((1, 2, 3), (8, 9, 1, 2, 3), 3, False),
        ((1, 2, 3), (2,), 0, False),
        ((1, 2, 3), (3, 2, 1), 1, False),
        ((1, 3, 2), (2, 3, 1), 0, False),
        ((1, 2, 3), (1, 3), 1, True),
        ((1, 3, 2), (1, 3), 1, True),
        ((2,), (), 0, True),
    ],
)
def test_the_cursor_follows_its_item_or_takes_the_next_in_its_place(
    before: tuple[int, ...], after: tuple[int, ...], index: int, *, moved: bool
) -> None:
    cursor = cursor_on(2, *before)
    cursor.items = items(*after)
    assert cursor.follow() is moved
    assert cursor.index == index


@given(data=st.data(), before=KEYS.filter(bool), after=KEYS)
def test_a_cursor_whose_item_is_still_there_is_on_it(
    data: st.DataObject, before: list[int], after: list[int]
) -> None:
    key = data.draw(st.sampled_from(before))
    cursor = cursor_on(key, *before)
    place = cursor.index
    cursor.items = items(*after)
    moved = cursor.follow()
    if key in after:
        assert (key_of(cursor), moved) == (key, False)
    else:
        assert moved
        assert cursor.index == max(0, min(place, len(after) - 1))
        assert (cursor.current is None) is (not after)


@given(lists=st.lists(KEYS, min_size=1), key=st.integers(0, 30))
def test_a_pinned_cursor_is_on_the_first_item_until_it_is_moved(
    lists: list[list[int]], key: int
) -> None:
    cursor = ListCursor[Item](itemgetter(0))
    for keys in lists:
        cursor.items = items(*keys)
        cursor.follow()
        assert cursor.index == 0
    cursor.move_to(0)
    here = key_of(cursor)
    cursor.items = [*items(key + 100), *cursor.items]
    cursor.follow()
    assert key_of(cursor) == (key + 100 if here is None else here)


@given(lists=st.lists(KEYS), key=st.integers(0, 30))
def test_an_item_is_selected_as_soon_as_it_is_there(lists: list[list[int]], key: int) -> None:
    cursor = ListCursor[Item](itemgetter(0))
    cursor.select(key)
    seen = False
    for keys in lists:
        before = key_of(cursor)
        cursor.items = items(*keys)
        cursor.follow()
        if key in keys and not seen:
            seen = True
            assert key_of(cursor) == key
        elif seen and before in keys:
            assert key_of(cursor) == before


def test_moving_forgets_the_item_that_was_awaited() -> None:
    cursor = cursor_on(1, 1, 2, 3)
    assert cursor.select(9) is False
    assert cursor.move_to(2) is True
    cursor.items = items(9, 1, 2, 3)
    assert cursor.follow() is False
    assert key_of(cursor) == 3


@pytest.mark.parametrize(("index", "place"), [(-5, 0), (0, 0), (2, 2), (3, 2), (99, 2)])
def test_a_move_ends_at_the_last_item(index: int, place: int) -> None:
    cursor = cursor_on(2, 1, 2, 3)
    assert cursor.move_to(index) is True
    assert cursor.index == place
    assert cursor.move_to(index) is False


def test_an_item_that_changes_in_place_is_the_same_item() -> None:
    cursor = cursor_on(2, 1, 2, 3)
    rows = list(cursor.items)
    rows[1] = (2, "changed")
    cursor.items = rows
    assert cursor.follow() is False
    assert cursor.current == (2, "changed")


def test_an_empty_list_has_no_item_and_can_be_moved_in() -> None:
    cursor = ListCursor[Item](itemgetter(0))
    assert cursor.follow() is False
    assert cursor.move_to(3) is False
    assert (cursor.index, cursor.current) == (0, None)


def test_the_search_ends_where_the_item_is_near() -> None:
    asked: list[Item] = []

    def key(item: Item) -> int:
        asked.append(item)
        return item[0]

    cursor = ListCursor[Item](key)
    cursor.items = items(*range(10_000))
    cursor.select(5_000)
    asked.clear()
    cursor.items = items(-1, *range(10_000))
    assert cursor.follow() is False
    assert len(asked) < 10
