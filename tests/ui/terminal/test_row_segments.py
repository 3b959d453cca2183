import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nodion_tui.ui.terminal.output.sgr_writer import SgrWriter
from nodion_tui.ui.terminal.row_segments import RowSegments

_STYLES = st.sampled_from([None, Style(bold=True), Style(color="#102030", link="https://a.b")])
_PAIRS = st.tuples(st.text("ab語é", max_size=5), _STYLES)
_SEGMENTS = st.lists(_PAIRS.map(lambda pair: Segment(*pair)), max_size=5)


@given(_SEGMENTS, st.integers(-2, 30), st.integers(-2, 30))
def test_a_crop_is_as_textual_crops(segments: list[Segment], start: int, stop: int) -> None:
    cropped = RowSegments.of(Strip(segments)).crop(start, stop)
    as_strip = Strip(segments).crop(max(start, 0), max(stop, 0))
    assert (cropped.text, cropped.width) == (as_strip.text, as_strip.cell_length)
    kept = [segment for segment in cropped.segments if segment.text]
    assert kept == [segment for segment in as_strip if segment.text]


def test_an_emoji_newer_than_the_terminal_cannot_shift_what_follows() -> None:
    screen = pyte.Screen(12, 1)
    stream = pyte.Stream(screen)
    row = RowSegments.of(Strip([Segment("│"), Segment("a \U0001fae8 b    "), Segment("│")]))
    stream.feed("x" * 12)
    stream.feed(f"\x1b[1;2H{row.render(SgrWriter(ColorSystem.TRUECOLOR), 1)}")
    assert (screen.buffer[0][1].data, screen.buffer[0][11].data) == ("│", "│")
    assert "x" not in screen.display[0][1:]
