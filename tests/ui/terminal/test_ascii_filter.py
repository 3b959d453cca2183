from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.terminal.ascii_filter import AsciiFilter, to_ascii


@given(st.text())
def test_what_is_left_is_ascii_and_as_wide(text: str) -> None:
    shown = sanitize(text)
    plain = to_ascii(shown)
    assert plain.isascii()
    assert cell_len(plain) == sum(map(cell_len, shown))


def test_signs_become_what_is_like_them() -> None:
    assert to_ascii("╭─ Log ─╮│ ▼ …· ✗ ⊘") == "+- Log -+| v ~- x /"
    assert to_ascii("││▏✗ failed") == "||:x failed", "the cursor without focus is no border"
    assert to_ascii("日本 ж") == "???? ?"


def test_letters_lose_their_accents() -> None:
    assert to_ascii("café Ångström e\u0301 ½ ﬁ ²") == "cafe Angstrom e ? ? 2"


def test_ascii_is_left_alone() -> None:
    segments = [Segment("plain"), Segment(" text")]
    assert AsciiFilter().apply(segments, Color(0, 0, 0)) is segments
