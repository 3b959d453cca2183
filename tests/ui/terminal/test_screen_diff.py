from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from textual._compositor import LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalUpdate
from nodion_tui.ui.terminal.inside.screen_diff import ScreenDiff
from nodion_tui.ui.terminal.row_segments import PaintedRow, RowSegments

WIDTH, HEIGHT = 8, 2


def strip(text: str) -> Strip:
    return Strip([Segment(text)])


def stripe(text: str) -> RowSegments:
    return RowSegments.of(strip(text))


def whole(*rows: Iterable[Strip]) -> LayoutUpdate:
    return LayoutUpdate(list(rows), Region(0, 0, WIDTH, HEIGHT))


def apart(pieces: Iterable[PaintedRow]) -> list[PaintedRow]:
    """Those that overlap none before them, as in each frame."""
    kept: list[PaintedRow] = []
    cells: set[tuple[int, int]] = set()
    for piece in pieces:
        own = {(piece.y, piece.x + column) for column in range(piece.segments.width)}
        if not own & cells:
            cells |= own
            kept.append(piece)
    return kept


PIECES = st.builds(
    lambda y, x, text: PaintedRow(y, x, stripe(text[: WIDTH - x])),
    st.integers(0, HEIGHT - 1),
    st.integers(0, WIDTH - 1),
    st.text("ab", min_size=1, max_size=WIDTH),
)
PARTS = st.lists(PIECES, max_size=6).map(lambda pieces: MinimalUpdate(apart(pieces)))
WHOLES = st.lists(st.text("ab", min_size=WIDTH, max_size=WIDTH), min_size=HEIGHT, max_size=HEIGHT)
WHOLE = WHOLES.map(lambda rows: whole(*([strip(row)] for row in rows)))


class Screen:
    """A terminal of letters."""

    def __init__(self) -> None:
        self.rows = [["?"] * WIDTH for _ in range(HEIGHT)]

    def write(self, painted: Iterable[PaintedRow]) -> None:
        for y, x, part in painted:
            self.rows[y][x : x + part.width] = part.text


def painted(update: MinimalUpdate | LayoutUpdate) -> list[PaintedRow]:
    if isinstance(update, MinimalUpdate):
        return update.rows
    rows = [next(iter(strips)) for strips in update.strips]
    return [PaintedRow(y, 0, RowSegments.of(row)) for y, row in enumerate(rows)]


@given(st.lists(PARTS | WHOLE, max_size=12))
def test_the_terminal_shows_what_it_would_if_all_were_sent(
    updates: list[MinimalUpdate | LayoutUpdate],
) -> None:
    shadow, all_sent, less_sent = ScreenDiff(), Screen(), Screen()
    for update in updates:
        all_sent.write(painted(update))
        sent = shadow.changed_part(update)
        assert sent is None or isinstance(sent, MinimalUpdate)
        less_sent.write(sent.rows if sent else ())
        assert less_sent.rows == all_sent.rows


def test_nothing_is_sent_twice_unless_the_terminal_may_show_something_else() -> None:
    shadow, update = (
        ScreenDiff(),
        MinimalUpdate([PaintedRow(0, 0, stripe("abcd")), PaintedRow(1, 2, stripe("e"))]),
    )
    assert shadow.changed_part(update) is not None
    assert shadow.changed_part(update) is None
    assert shadow.changed_part(MinimalUpdate([PaintedRow(0, 1, stripe("bc"))])) is None
    shadow.reset()
    assert shadow.changed_part(update) is not None


def test_of_a_whole_screen_what_is_new_is_sent() -> None:
    shadow = ScreenDiff()
    first = [strip("name"), strip(" 1 s")]
    shadow.changed_part(whole(first, [strip("none"), strip(" 2 s")]))
    update = shadow.changed_part(whole(first, [strip("none"), strip(" 3 s")]))
    assert isinstance(update, MinimalUpdate)
    assert update.rows == [PaintedRow(1, 5, stripe("3"))]


def test_of_an_update_of_another_kind_all_is_sent_and_nothing_known_any_more() -> None:
    shadow, update = ScreenDiff(), MinimalUpdate([PaintedRow(0, 0, stripe("a"))])
    shadow.changed_part(update)
    assert shadow.changed_part("something else") == "something else"
    assert shadow.changed_part(None) is None
    assert shadow.changed_part(update) is not None
