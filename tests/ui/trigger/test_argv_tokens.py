from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.ui.trigger.argv_tokens import wrap_tokens

TOKENS = st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=30), max_size=12)


def lines(tokens: tuple[str, ...], width: int) -> list[str]:
    return [line.plain for line in wrap_tokens(tokens, width)]


def test_tokens_stand_numbered_side_by_side() -> None:
    assert lines(("a", "b c", "-d"), 40) == ["1 a  2 b c  3 -d"]


def test_a_token_begins_a_line_rather_than_being_cut() -> None:
    assert lines(("aaaa", "bbbb", "cc"), 15) == ["1 aaaa  2 bbbb", "3 cc"]


def test_a_token_longer_than_a_line_goes_on_over_several() -> None:
    assert lines(("a", "b" * 20, "c"), 10) == ["1 a", "2 bbbbbbbb", "bbbbbbbbbb", "bb  3 c"]


def test_what_a_blank_hides_is_shown() -> None:
    assert lines(("", " a ", " ", "b\nc", "\t"), 60) == ["1 empty  2 ␣a␣  3 ␣  4 b␊c  5 ␉"]


def test_no_tokens_take_one_blank_line() -> None:
    assert lines((), 10) == [""]


@given(TOKENS.map(tuple), st.integers(8, 60))
def test_no_line_is_wider_than_its_place_and_no_number_is_lost(
    tokens: tuple[str, ...], width: int
) -> None:
    shown = lines(tokens, width)
    assert all(cell_len(line) <= width for line in shown)
    text = "".join(shown)
    at = 0
    for number in range(1, len(tokens) + 1):
        at = text.index(f"{number} ", at)
