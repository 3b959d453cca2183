from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.ui.paint.styled_row import (
    FittedRow,
    StyledRow,
    StyledText,
    _cells,
    changed_spans,
    fit_row,
    wrap_row,
)

# Letters, breaking signs, and clusters: wide, combining, joined.
TEXTS = st.text(alphabet="ab-/_ 漢\u0301👍\U0001f3fd\u200d", max_size=20)


@given(text=TEXTS, columns=st.integers(1, 6))
def test_wrapping_ends_and_keeps_every_character(text: str, columns: int) -> None:
    lines = wrap_row([StyledText(text, "")], columns)

    shown = "".join(piece.text for line in lines for piece in line)
    assert shown.replace(" ", "") == text.replace(" ", "")


@given(text=st.text(alphabet="ab-/_ 漢", max_size=20), columns=st.integers(2, 6))
def test_no_line_is_wider_than_its_columns(text: str, columns: int) -> None:
    for line in wrap_row([StyledText(text, "")], columns):
        assert sum(cell_len(piece.text) for piece in line) <= columns


_PIECES = st.lists(
    st.builds(StyledText, st.text("ab\u0301漢", max_size=3), st.sampled_from(["", "dim"])),
    max_size=5,
).map(tuple)


@given(_PIECES, _PIECES)
def test_changed_spans_hold_every_different_cell_and_no_long_run_of_equal_ones(
    old: StyledRow, new: StyledRow
) -> None:
    columns = 12
    old, new = fit_row(old, columns), fit_row(new, columns)
    before, after = _cells(old), _cells(new)
    different = {x for x in range(columns) if before[x] != after[x]}
    spans = changed_spans(FittedRow(old), FittedRow(new))
    inside = [set(range(start, stop)) for start, stop in spans]
    assert different <= set().union(*inside)
    assert all({start, stop - 1} & different for start, stop in spans)
    assert all(later[0] - earlier[1] >= 6 for earlier, later in pairwise(spans))


@given(_PIECES, _PIECES)
def test_changed_spans_hold_whole_characters(old: StyledRow, new: StyledRow) -> None:
    columns = 12
    old, new = fit_row(old, columns), fit_row(new, columns)
    for start, stop in changed_spans(FittedRow(old), FittedRow(new)):
        for cells in (_cells(old), _cells(new)):
            assert cells[start][0]
            assert stop == columns or cells[stop][0]


@given(_PIECES, _PIECES)
def test_another_ground_changes_all_of_a_row(old: StyledRow, new: StyledRow) -> None:
    columns = 12
    old, new = fit_row(old, columns), fit_row(new, columns)
    assert changed_spans(FittedRow(old, ("cursor",)), FittedRow(new)) == ((0, columns),)
    blurred = FittedRow(new, ("cursor-blurred",))
    assert changed_spans(FittedRow(old), blurred) == ((0, columns),)
