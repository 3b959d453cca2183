"""Where the tiles of the wall stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.geometry import Region

from nodion_tui.ui.wall.grid import MIN_HEIGHT, MIN_WIDTH, capacity, neighbour, tile_regions

WIDTHS, HEIGHTS = st.integers(1, 300), st.integers(1, 100)


@given(WIDTHS, HEIGHTS, st.data())
def test_tiles_fill_the_screen_and_none_is_over_another(
    width: int, height: int, data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, capacity(width, height)))
    places = tile_regions(count, width, height)
    assert len(places) == count
    assert sum(place.area for place in places) == width * height
    cells = {cell for place in places for cell in _cells(place)}
    assert len(cells) == width * height
    for place in places:
        assert place.width >= min(width, MIN_WIDTH)
        assert place.height >= min(height, MIN_HEIGHT)


def _cells(place: Region) -> set[tuple[int, int]]:
    return {(x, y) for x in range(place.x, place.right) for y in range(place.y, place.bottom)}


@pytest.mark.parametrize(
    ("count", "size", "rows"),
    [
        (1, (120, 33), [1]),
        (2, (120, 33), [2]),
        (2, (80, 21), [1, 1]),
        (3, (120, 33), [2, 1]),
        (4, (120, 33), [2, 2]),
        (6, (200, 47), [3, 3]),
        (10, (200, 47), [3, 3, 2, 2]),
    ],
)
def test_as_many_beside_each_other_as_stay_readable(
    count: int, size: tuple[int, int], rows: list[int]
) -> None:
    places = tile_regions(count, *size)
    tops = sorted({place.y for place in places})
    assert [sum(place.y == top for place in places) for top in tops] == rows


def test_from_tile_to_tile() -> None:
    places = tile_regions(3, 120, 33)  # two over one
    assert neighbour(places, 0, 1, 0) == 1
    assert neighbour(places, 1, 1, 0) == 1
    assert neighbour(places, 1, -1, 0) == 0
    assert neighbour(places, 1, 0, 1) == 2
    assert neighbour(places, 2, 0, 1) == 2
    assert neighbour(places, 2, 0, -1) in {0, 1}
    assert neighbour(places, 2, -1, 0) == 2
    assert neighbour(places, 9, 0, 1) == 2
    assert neighbour([], 0, 1, 0) == 0
