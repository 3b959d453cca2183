import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nodion_tui.monitor.log.line.pen import Pen
from nodion_tui.monitor.log.line.reader import shown_text
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

OBEYED = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\r\t\x07\x08\x9b\u202e\u0301\u200d\ufe0f[]m;0123日👍🇩e "),
    ),
    max_size=300,
)


def shown(body: str) -> str:
    line = LineText(body)
    return line.text(0, line.width)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("plain", "plain"),
        ("", ""),
        ("\x1b[31mred\x1b[m plain", "red plain"),
        ("\x1b[2J\x1b[Hgone", "␛[2J␛[Hgone"),
        ("\x1b]0;pwned\x07after", "␛]0;pwned␇after"),
        ("\x1b]52;c;QUJD\x1b\\after", "␛]52;c;QUJD␛\\after"),
        ("\x1bPq…\x1b\\x", "␛Pq…␛\\x"),
        ("\x1bcreset", "␛creset"),
        ("\x9b2Jeight bit", "<U+009B>2Jeight bit"),
        ("\x1b[8mhidden?", "␛[8mhidden?"),
        ("\x1b[31", "␛[31"),
        ("ends with \x1b", "ends with ␛"),
        ("a\tb\tc", "a       b       c"),
        ("日\tb", "日      b"),
        ("windows\r", "windows"),
        ("windows\r\n", "windows"),
        ("10%\r20%\r100%", "100% ␍"),
        ("nul\x00bel\x07", "nul␀bel␇"),
        ("in\nside", "in␊side"),
    ],
)
def test_what_a_line_shows(body: str, text: str) -> None:
    assert shown(body) == text


def test_colour_becomes_a_pen_and_marks_have_a_role() -> None:
    line = LineText("\x1b[1;31mred\x1b[0m\x07 end")
    assert line.slice(0, 20) == [
        LineSegment("red", Pen(color=1, bold=True)),
        LineSegment("␇", role=TextRole.MARK),
        LineSegment(" end"),
    ]


def test_a_progress_bar_keeps_the_colour_that_is_in_force() -> None:
    (piece, _) = LineText("\x1b[32m10%\r20%").slice(0, 20)
    assert piece == LineSegment("20%", Pen(color=2))


def test_a_window_shows_its_columns() -> None:
    line = LineText("0123456789\x1b[31mabcdefghij")
    assert line.text(8, 13) == "89abc"
    assert line.text(15, 99) == "fghij"
    assert line.text(20, 30) == ""


def test_a_wide_character_cut_by_the_edge_is_a_space() -> None:
    line = LineText("日本語")
    assert line.text(1, 6) == " 本語"
    assert line.text(0, 3) == "日 "
    assert line.text(1, 3) == "  "


def test_a_wide_character_beside_one_without_width_is_never_halved() -> None:
    narrow = "\u0a32\u0a3c"
    line = LineText(f"{narrow}日{narrow}日")
    assert [line.text(0, end) for end in (1, 2, 3)] == [narrow, f"{narrow} ", f"{narrow}日"]
    assert line.text(2, 4) == f" {narrow}"
    assert list(line.row_starts(2, 6)) == [0, 1, 3, 4]
    assert cell_len(LineText("\x80\u0a32\u0a3c\u2e80").text(0, 10)) == 10


def test_rows_when_wrapped() -> None:
    assert list(LineText("x" * 25).row_starts(10, 1000)) == [0, 10, 20]
    assert list(LineText("x" * 20).row_starts(10, 1000)) == [0, 10]
    assert list(LineText("").row_starts(10, 1000)) == [0]


def test_wrapping_never_cuts_a_wide_character() -> None:
    line = LineText("a日本語日本語")
    starts = list(line.row_starts(4, 1000))
    assert starts == [0, 3, 7, 11]
    assert [line.text(*span) for span in zip(starts, [*starts[1:], 13], strict=True)] == [
        "a日",
        "本語",
        "日本",
        "語",
    ]


def test_parts_of_ours_are_cleaned_too() -> None:
    line = LineText.from_segments(
        [LineSegment("key", role=TextRole.KEY), LineSegment("=\x1b[31m\u202e")]
    )
    assert line.text(0, 40) == "key=␛[31m<U+202E>"


@given(HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(body: str) -> None:
    assert not OBEYED.search(shown(body))


@given(HOSTILE)
def test_the_columns_are_as_wide_as_the_text(body: str) -> None:
    line = LineText(body)
    text = line.text(0, line.width)
    assert cell_len(text) == line.width
    assert sum(cell_len(character) for character in text) == line.width


@given(HOSTILE, st.integers(0, 60), st.integers(1, 40))
def test_a_window_is_as_wide_as_was_asked(body: str, start: int, width: int) -> None:
    line = LineText(body)
    whole = LineText(body).width
    assert cell_len(line.text(start, start + width)) == max(0, min(width, whole - start))


@given(HOSTILE, st.integers(2, 30))
def test_wrapped_rows_are_the_whole_line(body: str, width: int) -> None:
    line = LineText(body)
    starts = list(line.row_starts(width, 100_000))
    ends = [*starts[1:], line.width]
    rows = [line.text(start, end) for start, end in zip(starts, ends, strict=True)]
    assert "".join(rows) == line.text(0, line.width)
    assert all(cell_len(row) <= width for row in rows)


@pytest.mark.parametrize(
    "body",
    [
        "x" * 10_000_000,
        "日本語 " * 2_500_000,
        "\x1b[31mab\x1b[0mcd " * 600_000,
        "\x1b" * 10_000_000,
        "\x1b]0;" + "a" * 10_000_000,
        "a\t" * 5_000_000,
        "a\u0301" * 5_000_000,
    ],
    ids=["ascii", "wide", "colour", "escapes", "unclosed", "tabs", "combining"],
)
def test_ten_megabytes_are_read_no_further_than_looked_at(body: str) -> None:
    started = time.process_time()
    line = LineText(body)
    line.slice(0, 200)
    line.slice(2000, 2200)
    line.row_starts(100, 4096)
    assert time.process_time() - started < 0.3
    assert len(line._segments) < 10_000


@pytest.mark.parametrize("part", ["\x1b[31mab\x1b[0m ", "\x01a"])
def test_a_line_whose_look_changes_all_the_time_is_wrapped_in_part(part: str) -> None:
    line = LineText(part * 1_000_000)
    end = line.wrap_end(65_536)
    assert 9_000 < end < 65_536
    assert len(line._segments) <= 10_001
    line.reaches(60_000)
    assert line.wrap_end(65_536) == end
    assert line.row_starts(100, end)[-1] < end


def test_columns_and_places_in_the_text_are_converted() -> None:
    line = LineText("a\t日本 👍🏽 🇩🇪 e\u0301\x07.")
    assert line.text(0, 99) == "a       日本 👍 DE é␇."
    columns = line.columns(0, 99)
    assert columns.text == "a\t日本 👍🏽 🇩🇪 é␇."
    places = {letter: columns.column(columns.text.index(letter)) for letter in "\t日本👍🇩é."}
    assert places == {"\t": 1, "日": 8, "本": 10, "👍": 13, "🇩": 16, "é": 19, ".": 21}
    assert columns.column(len(columns.text)) == line.width == 22


@pytest.mark.parametrize(
    ("start", "end", "text", "columns"),
    [
        (0, 8, "a\t", (0, 8)),
        (3, 9, "\t日", (1, 10)),
        (9, 11, "日本", (8, 12)),
        (13, 14, "👍🏽", (13, 15)),
        (9, 9, "", (9, 9)),
        (40, 50, "", (40, 50)),
    ],
)
def test_a_selection_takes_characters_whole(
    start: int, end: int, text: str, columns: tuple[int, int]
) -> None:
    line = LineText("a\t日本 👍🏽")
    assert line.shown_text(start, end) == text
    assert line.whole_columns(start, end) == columns


def test_the_mark_of_an_overwritten_line_is_no_text() -> None:
    line = LineText("10%\r100%")
    assert (line.text(0, 20), line.shown_text(0, 20), line.head(20)) == ("100% ␍", "100%", "100%")


@given(HOSTILE)
def test_the_whole_text_is_what_is_read(body: str) -> None:
    line = LineText(body)
    columns = line.columns(0, line.width)
    assert columns.text == line.head(1000) == shown_text(body)
    assert columns.column(len(columns.text)) <= line.width


@given(HOSTILE, st.integers(0, 60), st.integers(1, 40))
def test_selected_text_is_part_of_the_shown_text(body: str, start: int, size: int) -> None:
    selected = LineText(body).shown_text(start, start + size)
    assert selected in shown_text(body)
