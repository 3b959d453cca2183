from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.ui.terminal.output.cursor_moves import Position, move
from tests.support.cells import CellByteStream, Cells

COLUMNS, ROWS = 200, 60
PLACES = st.builds(Position, st.integers(0, ROWS - 1), st.integers(0, COLUMNS - 1))


@given(before=st.none() | PLACES, after=PLACES)
def test_the_cursor_arrives_by_no_longer_way_than_by_its_position(
    before: Position | None, after: Position
) -> None:
    screen = Cells(COLUMNS, ROWS)
    at = before or Position(0, 0)
    screen.cursor.y, screen.cursor.x = at

    sequence = move(before, after)

    CellByteStream(screen).feed(sequence.encode())
    assert (screen.cursor.y, screen.cursor.x) == after
    assert len(sequence) <= len(f"\x1b[{after.y + 1};{after.x + 1}H")


def test_a_column_of_digits_takes_three_bytes_from_one_to_the_next() -> None:
    assert move(Position(5, 51), Position(6, 51)) == "\x1b[B"
