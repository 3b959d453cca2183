import re
from dataclasses import replace

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.style import Style
from textual.strip import Strip

from nodion_tui.monitor.log.line.pen import Pen
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole
from nodion_tui.ui.log.render.row_painter import Highlight, LogRow, paint_row
from tests.support.log_styles import LOOK

OURS = re.compile(r"\x1b\[[0-9;]*m")
CONSOLE = Console(color_system="truecolor", force_terminal=True)
HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\x1b\r\t\x07\x9b\u202e\u0301\u200d\ufe0f[]m;0123日👍🇩e "),
    ),
    max_size=200,
)


def painted(body: str, width: int = 60) -> Strip:
    line = LineText(body)
    return Strip(paint_row(LogRow(segments=tuple(line.slice(0, width - 3))), width, LOOK))


@given(HOSTILE, st.integers(4, 60))
def test_only_our_own_colours_reach_the_terminal(body: str, width: int) -> None:
    strip = painted(body, width)
    sent = OURS.sub("", strip.render(CONSOLE))
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\ud800-\udfff]", sent)
    assert strip.cell_length == width
    assert strip.text.endswith("│")


@pytest.mark.parametrize(
    "body",
    [
        "plain",
        "日本語のログ行がとても長いので枠のところで切れるはずですそうですよね長い長い長い",
        "combining e\u0301 a\u0308 n\u0303 and more",
        "family 👨‍👩‍👧 thumbs 👍🏽 flag 🇩🇪 heart ❤️ keycap 1️⃣ end",
        "한글 \u1112\u1161\u11ab\u1100\u1173\u11af",
        "tab\tto\tstops 日\tx",
        "box ─│┌┐ block ▌█ arrows →⇒ marks ✓✗●◉",
        "x" * 57,
        "日" * 29,
    ],
)
def test_no_column_drifts_in_a_real_terminal(body: str) -> None:
    screen = pyte.Screen(60, 2)
    pyte.Stream(screen).feed(painted(body).render(CONSOLE))
    row = screen.buffer[0]
    assert row[0].data == "│"
    assert row[59].data == "│"
    assert screen.display[1].strip() == ""


def test_roles_pens_and_the_cursor_make_the_style() -> None:
    pieces = (LineSegment("key", role=TextRole.KEY), LineSegment("red", Pen(color=1)))
    strip = paint_row(LogRow(segments=pieces, is_cursor=True), 20, LOOK)
    styles = {segment.text: segment.style for segment in strip}
    assert styles["key"] is not None
    assert styles["key"].italic
    assert styles["key"].bgcolor == Style(bgcolor="green").bgcolor
    assert styles["red"] is not None
    assert styles["red"].color is not None
    assert styles["red"].color.number == 1


@pytest.mark.parametrize(
    ("role", "is_bold"),
    [(TextRole.TEXT, False), (TextRole.WARNING, True), (TextRole.ERROR, True)],
)
def test_only_the_level_of_what_goes_wrong_is_bold(role: TextRole, *, is_bold: bool) -> None:
    level = Style(bold=True)
    look = replace(LOOK, roles={**dict.fromkeys(TextRole, Style()), TextRole.LEVEL: level})
    row = LogRow(segments=(LineSegment("word", role=TextRole.LEVEL),), role=role)
    (style,) = (segment.style for segment in paint_row(row, 20, look) if "word" in segment.text)
    assert style is not None
    assert bool(style.bold) == is_bold


@pytest.mark.parametrize(("sign", "color"), [("▌", "red"), ("◆", "blue")])
def test_the_sign_of_the_cursor_has_a_style_of_its_own(sign: str, color: str) -> None:
    look = replace(LOOK, cursor_sign=Style(color="red"))
    row = LogRow(segments=(LineSegment("text"),), sign=sign, is_cursor=True)
    (style,) = (segment.style for segment in paint_row(row, 20, look) if sign in segment.text)
    assert style is not None
    assert style.color == Style(color=color).color


def test_what_is_lit_is_lit_over_every_other_colour() -> None:
    strip = paint_row(
        LogRow(segments=(LineSegment("0123456789"),), highlights=(Highlight(2, 5, LOOK.match),)),
        20,
        LOOK,
    )
    lit = [
        segment.text
        for segment in strip
        if segment.style and segment.style.bgcolor == LOOK.match.bgcolor
    ]
    assert lit == ["234"]


def test_light_beyond_the_text_is_not_an_error() -> None:
    row = LogRow(
        segments=(LineSegment("short"),),
        highlights=(Highlight(3, 50, LOOK.match), Highlight(60, 70, LOOK.match)),
    )
    assert Strip(paint_row(row, 20, LOOK)).cell_length == 20


@pytest.mark.parametrize("width", range(6))
def test_the_narrowest_windows(width: int) -> None:
    row = LogRow(segments=(LineSegment("text"),), timestamp="12:00:00")
    assert Strip(paint_row(row, width, LOOK)).cell_length == width
