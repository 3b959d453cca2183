import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.text.sanitize import (
    MAX_COMBINING,
    is_clean,
    is_standalone,
    is_tidy,
    sanitize,
    sanitized_pieces,
    visible_form,
)

DANGEROUS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("plain ASCII", "plain ASCII"),
        ("Ünïcödé – ✓ ● 日本語", "Ünïcödé – ✓ ● 日本語"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("8-bit \x9b31m CSI", "8-bit <U+009B>31m CSI"),
        ("one\ttwo\r\n", "one␉two␍␊"),
        ("user\u202etxt.exe", "user<U+202E>txt.exe"),
        ("zero\u200bwidth", "zero<U+200B>width"),
        ("a\u200db", "a<U+200D>b"),
        ("\ufeffBOM", "<U+FEFF>BOM"),
        ("tag\U000e0041", "tag<U+E0041>"),
        ("beam\U0001d173\U0001bca0\U00013430", "beam<U+1D173><U+1BCA0><U+13430>"),
        ("lone \ud800", "lone <U+D800>"),
        ("line\u2028separator", "line<U+2028>separator"),
    ],
)
def test_control_and_hidden_characters_are_made_visible(sent: str, shown: str) -> None:
    assert sanitize(sent) == shown


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("👨‍👩‍👧 family", "👨👩👧 family"),
        ("👍🏽 ok", "👍 ok"),
        ("❤️ x", "❤ x"),
        ("🏳️‍🌈", "🏳🌈"),
        ("1️⃣ first", "1 first"),
        ("🇩🇪 flag", "DE flag"),
    ],
)
def test_emoji_clusters_are_split_so_that_every_terminal_agrees(sent: str, shown: str) -> None:
    assert sanitize(sent) == shown


def test_a_second_modifier_of_the_same_kind_could_hide_something_and_is_marked() -> None:
    assert sanitize("❤\ufe0f\ufe0f") == "❤<U+FE0F>"
    assert sanitize("👍\U0001f3fd\U0001f3fd") == "👍<U+1F3FD>"


def test_scripts_that_combine_stay_readable() -> None:
    for text in ("हिन्दी", "ไทย", "עִבְרִית", "العَرَبِيَّة", "Việt"):
        assert sanitize(text) == unicodedata.normalize("NFC", text)


def test_decomposed_korean_and_latin_are_composed() -> None:
    assert sanitize(unicodedata.normalize("NFD", "한글 é")) == "한글 é"


def test_stacked_marks_are_cut_to_what_a_script_needs() -> None:
    shown = sanitize("x" + "\u0335" * 50)
    assert shown.count("\u0335") == MAX_COMBINING
    assert shown.count("<U+0335>") == 50 - MAX_COMBINING


def test_a_mark_without_a_letter_before_it_does_not_land_on_the_border() -> None:
    assert sanitize("\u0301x") == "<U+0301>x"


def test_pieces_distinguish_placeholders_from_text() -> None:
    assert list(sanitized_pieces("a\x1bé")) == [
        ("a", False),
        (visible_form("\x1b"), True),
        ("é", False),
    ]


@given(st.text())
def test_no_control_or_hidden_character_is_left(text: str) -> None:
    assert not DANGEROUS.search(sanitize(text))


@given(st.text())
def test_visible_text_is_unchanged(text: str) -> None:
    shown = sanitize(text)
    assert sanitize(shown) == shown


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_ordinary_text_is_not_touched(text: str) -> None:
    assert is_clean(text)
    assert sanitize(text) == text


@given(st.text())
def test_clean_text_is_what_sanitize_leaves_unchanged(text: str) -> None:
    if is_clean(text):
        assert "".join(piece for piece, _ in sanitized_pieces(text)) == unicodedata.normalize(
            "NFC", text
        )


MIXED = st.text(
    st.characters(exclude_characters="\t")
    | st.sampled_from("aé日กำ\u0301\u1161\u1112\u200d\ufe0f\u20e3👍🏽🇩❤\u202e\ud800\u212b1 "),
    max_size=8,
)


@given(MIXED)
def test_the_quick_checks_tell_what_is_left_unchanged(text: str) -> None:
    whole = "".join(piece for piece, _ in sanitized_pieces(text, drawn=False))
    drawn = "".join(piece for piece, _ in sanitized_pieces(text))
    assert not is_clean(text) or drawn == text
    assert not is_tidy(text) or whole == text
    assert sanitize(whole) == sanitize(text) == drawn
    if all(map(is_standalone, text)):
        assert whole == text
