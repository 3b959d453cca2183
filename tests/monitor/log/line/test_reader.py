import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.line.pen import DEFAULT_PEN, Pen
from nodion_tui.monitor.log.line.reader import Piece, read_line, shown_text
from nodion_tui.monitor.log.line.states import line_states

OBEYED = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f"
    "\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)
BOLD, UNDERLINED = Pen(bold=True), Pen(underline=True)
PIECES = st.sampled_from(
    (
        *("a", "e", "ab c", " ", "\t", "é", "日本", "\u0301", "\u212b", "ﬁ", "🇩🇪", "👍🏽", "❤️‍🔥"),
        *("\r", "\x08", "\x1b", "\x1b[31m", "\x1b[8m", "\x1b[m\x0f", "\x1b[38:2::1:2:3m", "m"),
        *("\x1b[K", "\x1b[2K", "\x1b[G", "\x1b[4G", "\x1b[3D", "\x1b[C", "\x1b[2X"),
        *("\r\x1b[3C", "\x1b7", "\x1b8"),
        *("\x1b[?25l", "\x1b[A", "\x1b[2J", "\x1b(B", "\x1b]0;t", "\x07", "\u202e", "\x9b", "\n"),
        *("\x1b]8;;u\x07", "\x1b]8;;\x1b\\"),
        *("\u200d", "\ufe0f", "\ud800", "\u1112\u1161\u11ab", "กำ"),
    )
)
BODIES = st.lists(PIECES | st.text(st.characters(), max_size=4), max_size=9).map("".join)


@pytest.mark.parametrize(
    ("body", "text", "overwritten"),
    [
        ("plain\ttext", "plain\ttext", False),
        ("crlf\r\n", "crlf", False),
        ("crlf in colour\r\x1b[0m\r\n", "crlf in colour", False),
        ("10%\r20%\r100%", "100%", True),
        ("\r100%", "100%", False),
        ("100%\r\x1b[K", "100%", False),
        ("100%\r      \r", "100%", False),
        ("working\r\x1b[Kdone", "done", True),
        ("\x1b[2K\x1b[1G⠋ install\x1b[2K\x1b[1Gadded 5 packages", "added 5 packages", True),
        (
            "\x1b[?25l\x1b[1A\x1b[2K\rContainer x  Started\x1b[1B\x1b[?25h",
            "Container x  Started",
            False,
        ),
        ("\x1b[0G[+] Building\x1b[0K", "[+] Building", False),
        ("app.c:\x1b[m\x1b[K error", "app.c: error", False),
        ("\x1b(B\x1b[mtput\x1b[m\x0f sgr0", "tput sgr0", False),
        ("\x1b]8;;https://a.b\x07F401\x1b]8;;\x07 x", "␛]8;;https://a.b␇F401 x", False),
        ("\x1b]8;id=1;u\x1b\\F401\x1b]8;;\x1b\\ x", "␛]8;id=1;u␛\\F401 x", False),
        ("Starting\x1b[20G[ OK ]", "Starting           [ OK ]", False),
        ("名前\x1b[8Gx", "名前   x", False),
        ("a\x1b[3Cb", "a   b", False),
        ("✓\x1b[G\x1b[3Ctest passed", "✓  test passed", False),
        ("Starting cron\r\x1b[16C[ OK ]", "Starting cron   [ OK ]", False),
        (
            "[....] cron\x1b[?25l\x1b[?1c\x1b7\x1b[1G[\x1b[32m ok \x1b[39;49m\x1b8\x1b[?0c.",
            "[ ok ] cron.",
            True,
        ),
        ("12%\x1b[3D13%", "13%", True),
        ("|\b/\b-\b\\\b \bdone", "done", True),
        ("ab\x1b[2X", "ab", False),
        ("\x1b7 10%\x1b8 20%", " 20%", True),
        ("abc\x1b[2D\x1b[K", "a", True),
        ("N\bNA\bAM\bME", "NAME", False),
        ("_\bo_\bn", "on", False),
        ("\b\bfirst", "first", False),
        ("Mu\u0308ller \u212b", "Müller Å", False),
        ("\x1b[2J\x1b[Hgone", "␛[2J␛[Hgone", False),
        ("\x1b[8msecret\x1b[28m", "␛[8msecret", False),
        ("\x1b[38;5;256mx", "␛[38;5;256mx", False),
        ("pass\u200dword \u202e\x07", "pass<U+200D>word <U+202E>␇", False),
        ("👍🏽 🇩🇪 ❤️‍🔥", "👍🏽 🇩🇪 ❤️‍🔥", False),
        ("in\nside", "in␊side", False),
    ],
)
def test_what_a_line_says(body: str, text: str, overwritten: bool) -> None:  # noqa: FBT001
    assert shown_text(body) == text
    assert read_line(body).overwritten is overwritten


def test_overstruck_letters_are_bold_or_underlined_as_in_manual_pages() -> None:
    assert list(read_line("N\bNA\bA _\bx_\by +\b+o_\bz\bz").pieces) == [
        Piece("NA", BOLD),
        Piece(" "),
        Piece("xy", UNDERLINED),
        Piece(" "),
        Piece("+", BOLD),
        Piece("o"),
        Piece("z", Pen(bold=True, underline=True)),
    ]


def test_a_number_written_anew_is_not_overstruck() -> None:
    (piece,) = read_line("10%\b\b\b20%\b\b\b20%").pieces
    assert piece == Piece("20%")


def test_the_colour_before_a_carriage_return_stays_in_force() -> None:
    assert list(read_line("bar \x1b[32m10%\r 20%\x1b[0m after", BOLD).pieces) == [
        Piece(" 20%", Pen(color=2, bold=True)),
        Piece(" after", DEFAULT_PEN),
    ]


def test_the_states_that_were_overwritten_are_kept() -> None:
    assert line_states("10%\r20%\r\r100%\r\n") == ["10%", "20%", "100%"]
    assert line_states("a\x1b[2K\x1b[Gb\x1b[1E\x1b[Kc") == ["a", "b", "\x1b[Kc"]
    assert line_states("no bar") == ["no bar"]


def test_a_long_bar_shows_its_last_state_at_once() -> None:
    body = "".join(f"\r{number}%" for number in range(200_000))
    assert shown_text(body) == "199999%"
    assert shown_text(f"{'x' * 100_000}\r{'y' * 100_000}") == "y" * 100_000


def test_moves_of_a_long_line_are_marks() -> None:
    assert shown_text("ab\b" * 10_000) == "a" * 10_000 + "b"
    assert shown_text("ab\b" * 30_000)[:6] == "ab␈ab␈"
    assert len(shown_text("a\x1b[9999Cb\x1b[999Cc" + "\x1b[9999Gd" * 9)) == 1002


def test_the_first_characters_are_read_without_the_rest() -> None:
    assert shown_text("\x1b[1m" + "ab\t" * 1_000_000, 3)[:3] == "ab\t"


@given(BODIES)
def test_shown_text_is_inert_composed_and_read_again_the_same(body: str) -> None:
    text = shown_text(body)
    assert unicodedata.is_normalized("NFC", text)
    assert not OBEYED.search(text)
    assert shown_text(text) == text
    assert "".join(piece.text for piece in read_line(body).pieces) == text
    text.encode()


@given(st.lists(st.sampled_from("ae\u0301日👍🏽🇩🇪\u200d\ufe0f🔥❤ "), max_size=12).map("".join))
def test_drawing_the_shown_text_draws_the_same_as_the_text_itself(text: str) -> None:
    assert sanitize(shown_text(text)) == sanitize(text)
