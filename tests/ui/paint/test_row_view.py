"""Views of rows: placeholder, scrolling, wrapping, and bars of one row."""

import itertools
from collections.abc import Iterator

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.geometry import Region, Size, SpacingDimensions
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.paint.row_view import RowView
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, restyle_span, wrap_row
from nodion_tui.ui.paint.text_bar import TextBar
from nodion_tui.ui.paint.theme import DEFAULT_THEME, THEMES
from nodion_tui.ui.paint.wrapped_row_view import WrappedRowView
from nodion_tui.ui.terminal.row_segments import RowSegments


class OneWidget(App[None]):
    def __init__(self, widget: Widget) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self.widget = widget

    def compose(self) -> ComposeResult:
        yield self.widget


def lines(widget: Widget) -> list[str]:
    return [strip.text.rstrip() for strip in widget.render_lines(widget.size.region)]


def numbered(count: list[int]) -> RowView:
    return RowView(lambda: count[0], lambda index, _width: (StyledText(f"row {index}"),))


async def test_rows_that_end_above_what_is_shown_scroll_it_back() -> None:
    count = [100]
    view = numbered(count)
    async with OneWidget(view).run_test(size=(30, 10)) as pilot:
        view.update()
        await pilot.pause()
        view.scroll_to_row(99)
        await pilot.pause()
        assert view.scroll_offset.y == 90
        count[0] = 60
        view.update()
        await pilot.pause()
        assert view.scroll_offset.y == 50
        assert lines(view)[-1] == "row 59"


@pytest.mark.parametrize(("row", "top"), [(5, 5), (20, 20), (25, 20), (29, 20), (30, 21)])
async def test_a_row_is_scrolled_into_view_by_as_little_as_possible(row: int, top: int) -> None:
    view = numbered([100])
    async with OneWidget(view).run_test(size=(30, 10)) as pilot:
        view.update()
        await pilot.pause()
        view.set_top_row(20)
        view.scroll_to_row(row)
        assert view.scroll_offset.y == top


MIXED = (
    StyledText("ab"),
    StyledText("日本", "strong"),
    StyledText("e\u0301x", "strong"),
    StyledText(""),
    StyledText("↻ ok", "warning"),
)


def regions(size: Size) -> Iterator[Region]:
    """All regions of the full height."""
    for left, right in itertools.combinations(range(size.width + 1), 2):
        yield Region(left, 0, right - left, size.height)


@pytest.mark.parametrize("padding", [0, (0, 1, 0, 2)])
async def test_columns_of_a_row_look_as_textual_paints_them(padding: SpacingDimensions) -> None:
    view = RowView(lambda: 3, lambda _index, _width: MIXED, lambda index: ("cursor",) * index)
    view.styles.padding = padding
    async with OneWidget(view).run_test(size=(16, 2)) as pilot:
        await pilot.pause()
        for region in regions(view.outer_size):
            own = view.region_segments(region)
            assert own is not None
            assert [RowSegments.joined([row]) for row in own] == [
                RowSegments.joined([RowSegments.of(strip)]) for strip in view.render_lines(region)
            ]


async def test_columns_of_a_bar_look_as_in_its_whole_row() -> None:
    class Mixed(TextBar):
        def pieces(self, width: int) -> StyledRow:
            del width
            return MIXED

    bar = Mixed()
    async with OneWidget(bar).run_test(size=(16, 2)) as pilot:
        await pilot.pause()
        whole = bar.row_segments(0, 16)
        for region in regions(bar.size):
            (own,) = bar.region_segments(region)
            wanted = whole.crop(region.x, region.right)
            assert RowSegments.joined([own]) == RowSegments.joined([wanted])


async def test_without_rows_the_placeholder_is_wrapped() -> None:
    count = [0]
    view = numbered(count)
    view.placeholder = ("No runs so far.", "Press t.")
    async with OneWidget(view).run_test(size=(12, 5)) as pilot:
        view.update()
        await pilot.pause()
        assert lines(view) == [" No runs so", " far.", " Press t.", "", ""]
        count[0] = 1
        view.update()
        await pilot.pause()
        assert lines(view)[:2] == ["row 0", ""]


async def test_rows_are_wrapped_again_for_a_wider_screen_however_far_it_is_scrolled() -> None:
    wrapped: list[int] = []

    def wrap(width: int) -> Iterator[StyledRow]:
        wrapped.append(width)
        yield from wrap_row((StyledText("word " * 60),), width)

    view = WrappedRowView(wrap)
    async with OneWidget(view).run_test(size=(12, 6)) as pilot:
        view.update()
        await pilot.pause()
        assert 0 not in wrapped, "before the first layout there is no width to wrap for"
        view.scroll_to(y=999, animate=False)
        await pilot.pause()
        rows = view.row_count
        assert view.scroll_offset.y == rows - 6
        await pilot.resize_terminal(100, 6)
        await pilot.pause()
        assert view.row_count < rows
        assert lines(view)[0].startswith("word word")
        wrapped.clear()
        view.update()
        assert wrapped == [], "nothing has changed"


async def test_rows_are_wrapped_again_for_another_content() -> None:
    words = ["one"]
    view = WrappedRowView(lambda _: [(StyledText(word),) for word in words], lambda: tuple(words))
    async with OneWidget(view).run_test(size=(12, 3)) as pilot:
        view.update()
        await pilot.pause()
        assert lines(view) == ["one", "", ""]
        words.append("two")
        view.update()
        await pilot.pause()
        assert lines(view) == ["one", "two", ""]


async def test_a_bar_is_empty_unless_it_says_something() -> None:
    bar = TextBar()
    async with OneWidget(bar).run_test(size=(12, 3)):
        assert lines(bar) == [""]


@pytest.mark.parametrize(
    ("span", "selected"), [((0, -1), "a漢字b"), ((1, 2), "漢"), ((2, -1), "字b"), ((3, 3), "")]
)
def test_a_span_of_characters_gets_another_style(span: tuple[int, int], selected: str) -> None:
    strip = Strip([Segment("a漢", Style(bold=True)), Segment("字b", Style())])
    styled = restyle_span(strip, span, Style(reverse=True))
    assert styled.text == strip.text
    chosen = [segment.text for segment in styled if segment.style and segment.style.reverse]
    assert "".join(chosen) == selected
