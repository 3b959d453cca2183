"""Keys that move a cursor by rows, at any height."""

import pytest

from nodion_tui.ui.commands.cursor_keys import CursorKeys


@pytest.mark.parametrize(
    ("action", "height", "moved"),
    [
        ("cursor_up", 10, -1),
        ("cursor_down", 10, 1),
        ("first", 10, -40),
        ("last", 10, 40),
        ("page_up", 10, -9),
        ("page_down", 10, 9),
        ("half_page_up", 10, -5),
        ("half_page_down", 10, 5),
        ("page_down", 1, 1),
        ("page_up", 0, -1),
        ("half_page_down", 1, 1),
        ("half_page_up", 0, -1),
    ],
)
def test_each_key_moves_by_its_rows_and_at_least_by_one(
    action: str, height: int, moved: int
) -> None:
    moves: list[int] = []
    keys = CursorKeys(moves.append, lambda: 40, lambda: height)
    getattr(keys, f"action_{action}")()
    assert moves == [moved]
