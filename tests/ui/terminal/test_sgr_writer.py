import pyte
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nodion_tui.ui.terminal.output.output_form import COMPACT, PLAIN, OutputForm
from nodion_tui.ui.terminal.output.sgr_writer import RESET, SgrWriter
from tests.support.cells import Cells, differences

_COLORS = st.sampled_from([None, "default", "red", "#102030", "color(17)"])
_SWITCHES = st.sampled_from([None, False, True])
_STYLES = st.builds(
    Style,
    color=_COLORS,
    bgcolor=_COLORS,
    bold=_SWITCHES,
    dim=_SWITCHES,
    underline=_SWITCHES,
    reverse=_SWITCHES,
    strike=_SWITCHES,
)
_TEXTS = st.text("ab語é ", max_size=6) | st.integers(0, 30).map(lambda n: "x" + " " * n)
_SEGMENTS = st.lists(st.builds(Segment, _TEXTS, st.none() | _STYLES), max_size=8)
WIDTH = 200


def cells(text: str) -> Cells:
    screen = Cells(WIDTH, 2)
    pyte.Stream(screen).feed(text)
    return screen


@given(_SEGMENTS, st.sampled_from([PLAIN, COMPACT]))
def test_the_terminal_shows_what_textual_would_show(
    segments: list[Segment], form: OutputForm
) -> None:
    writer = SgrWriter(ColorSystem.TRUECOLOR, form)
    written = "".join(map(writer.write, segments)) + writer.close()
    console = Console(color_system="truecolor", force_terminal=True)
    assert not differences(cells(written).cells, cells(Strip(segments).render(console)).cells)


@given(_SEGMENTS)
def test_it_leaves_no_style_behind(segments: list[Segment]) -> None:
    writer = SgrWriter(ColorSystem.TRUECOLOR, COMPACT)
    written = "".join(map(writer.write, segments)) + writer.close()
    screen = cells(f"{written}\x1b[2;1Hx")
    assert screen.cells[1][0] == cells("\x1b[2;1Hx").cells[1][0]


def test_an_equal_style_is_written_once_and_another_as_its_difference() -> None:
    writer = SgrWriter(ColorSystem.TRUECOLOR)
    dark = Style(color="#d5dbe6", bgcolor="#12161d")
    assert writer.write(Segment("a", dark)) == "\x1b[38;2;213;219;230;48;2;18;22;29ma"
    assert writer.write(Segment("b", dark)) == "b"
    assert writer.write(Segment("c", dark + Style(bold=True))) == "\x1b[1mc"
    assert writer.write(Segment("d", Style(bgcolor="#12161d", bold=True))) == "\x1b[39md"
    assert writer.close() == RESET
    assert writer.close() == ""


def test_an_attribute_is_taken_back_alone_where_that_is_shorter() -> None:
    dark = Style(color="#d5dbe6", bgcolor="#12161d")
    writer = SgrWriter(ColorSystem.TRUECOLOR, COMPACT)
    writer.write(Segment("a", dark + Style(bold=True, dim=True)))
    assert writer.write(Segment("b", dark + Style(dim=True))) == "\x1b[22;2mb"
    assert writer.write(Segment("c", dark)) == "\x1b[22mc"
    old = SgrWriter(ColorSystem.TRUECOLOR, replace(COMPACT, unsets=False))
    old.write(Segment("a", dark + Style(bold=True)))
    assert old.write(Segment("c", dark)) == "\x1b[0;38;2;213;219;230;48;2;18;22;29mc"


def test_a_link_is_closed_behind_its_text() -> None:
    written = SgrWriter(ColorSystem.TRUECOLOR).write(Segment("a", Style(link="https://a.b")))
    assert written.endswith(";https://a.b\x1b\\a\x1b]8;;\x1b\\")
