import re
import sys
import unicodedata
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.content import Content
from textual.filter import LineFilter
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.model.text.sanitize import HIDDEN_CHARACTERS
from nodion_tui.ui.terminal.row_segments import is_narrow
from nodion_tui.ui.terminal.sanitize_filter import SanitizeFilter

BLACK = Color(0, 0, 0)
OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
HOSTILE = "\x1b[2J\x9b31m\x07\x00\u202e\u200b\ud800\r\n\tend"


class Careless(Widget):
    """A widget that paints given segments."""

    def render_line(self, y: int) -> Strip:
        return Strip([Segment(HOSTILE if y == 0 else " ")])


class Careful(App[None]):
    """An app with the filter, whose widgets do not sanitize."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [*super().get_line_filters(), GUARD]

    def compose(self) -> ComposeResult:
        yield Careless()


GUARD = SanitizeFilter()


@given(st.lists(st.text(max_size=20), max_size=4))
def test_nothing_that_a_terminal_obeys_is_left_and_the_width_stays(texts: list[str]) -> None:
    before = [Segment(text) for text in texts]
    after = SanitizeFilter().apply(before, BLACK)
    assert not OBEYED.search("".join(segment.text for segment in after))
    assert Strip(after).cell_length == Strip(before).cell_length


def test_clean_segments_are_the_same_objects() -> None:
    segments = [Segment("ordinary", Style(bold=True)), Segment("日本語 ✓")]
    assert SanitizeFilter().apply(segments, BLACK) is segments


def test_a_link_that_breaks_out_of_its_sequence_is_taken_off() -> None:
    bad = Style(link="http://x\x1b\\\x1b[2J", bold=True)
    (segment,) = SanitizeFilter().apply([Segment("text", bad)], BLACK)
    assert segment.style is not None
    assert segment.style.link is None
    assert segment.style.bold
    good = [Segment("text", Style(link="http://x"))]
    assert SanitizeFilter().apply(good, BLACK) is good


async def test_what_a_careless_widget_paints_is_inert_on_screen() -> None:
    app = Careful()
    async with app.run_test(size=(60, 10)) as pilot:
        app.notify(Content(HOSTILE).plain, title=HOSTILE, markup=False)
        await pilot.pause()
        strips = app.screen._compositor.render_strips()
        text = "".join(strip.text for strip in strips)
        assert "end" in text
        assert not OBEYED.search(text)


def test_of_a_stack_of_marks_no_more_stay_than_a_script_needs() -> None:
    (segment,) = SanitizeFilter().apply([Segment("e" + "\u0301" * 40 + "o\u0308")], BLACK)
    assert segment.text == "e" + "\u0301" * 4 + "o\u0308"


def test_no_narrow_character_is_hidden_or_combining() -> None:
    narrow = "".join(filter(is_narrow, map(chr, range(sys.maxunicode + 1))))
    assert len(narrow) > 1000
    assert re.search(f"[{HIDDEN_CHARACTERS}]", narrow) is None
    assert not any(map(unicodedata.combining, narrow))
