"""The row under the cursor stays under the cursor; only what changes is sent to the terminal."""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from operator import itemgetter

import pyte
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.pilot import Pilot
from textual.screen import Screen

from nodion_tui.ui.dashboard.lists.cursor_list import CLICK_SECONDS, CursorList
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, pad
from nodion_tui.ui.paint.theme import DEFAULT_THEME, THEMES
from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor
from tests.support.seen_terminal import assert_all_painted, screen_lines, terminal_of

Item = tuple[int, str]


def cells_of(item: Item, width: int) -> StyledRow:
    number, word = item
    look = "failed" if number % 3 else "dim"
    return (
        StyledText(f"{number:>4} "),
        StyledText(pad(word, width - 12), look),
        StyledText("end"),
    )


class Numbers(CursorList[Item]):
    """Items known by their number."""

    def __init__(self) -> None:
        super().__init__(itemgetter(0), cells_of)


class TightScreen(Screen[None]):
    def __init__(self, numbers: Numbers) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()
        self.numbers = numbers

    def compose(self) -> ComposeResult:
        yield self.numbers


class ListApp(App[None]):
    def __init__(self) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DEFAULT_THEME
        self.numbers = Numbers()
        self.moves = 0
        self.updates: list[str] = []

    def get_default_screen(self) -> TightScreen:
        return TightScreen(self.numbers)

    def on_cursor_list_moved(self) -> None:
        self.moves += 1

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.updates.append(renderable.render_segments(self.console))
        super()._display(screen, renderable)  # type: ignore[arg-type]  # as Textual gives it

    @property
    def lines(self) -> list[str]:
        return screen_lines(self)


def items(*numbers: int) -> list[Item]:
    return [(number, f"word {number}") for number in numbers]


@asynccontextmanager
async def shown(
    numbers: Sequence[int], size: tuple[int, int] = (30, 10)
) -> AsyncIterator[tuple[ListApp, Numbers, Pilot[None]]]:
    app = ListApp()
    async with app.run_test(size=size) as pilot:
        app.numbers.show(items(*numbers))
        app.numbers.cursor.pinned_to_top = False
        app.numbers.focus()
        await pilot.pause()
        yield app, app.numbers, pilot
        await pilot.pause()
        await assert_all_painted(app)


def line_of_cursor(app: ListApp) -> int:
    return next(y for y, line in enumerate(app.lines) if line.startswith("▌"))


def grounds(app: ListApp) -> list[set[str]]:
    """The colours behind the cells of each row, but for the column of the scrollbar."""
    return [{cell.bg for cell in row[:-1]} for row in terminal_of(app).cells]


async def test_the_ground_of_the_cursor_moves_with_it_from_edge_to_edge() -> None:
    async with shown(range(5)) as (app, numbers, pilot):
        numbers.focus()
        for place in (0, 1, 2, 4, 3, 0):
            numbers.move_to(place)
            await pilot.pause()
            (lit,), (ground,) = grounds(app)[place], grounds(app)[9]
            assert lit != ground
            assert [row for row, behind in enumerate(grounds(app)) if behind != {ground}] == [place]


async def test_a_row_that_the_mouse_has_asked_for_is_painted_all_the_same() -> None:
    """Textual renders the row under the mouse to look for links, and paints nothing."""
    async with shown(range(5)) as (app, numbers, pilot):
        rows = items(*range(5))
        numbers.show(rows)
        rows[0] = (0, "changed")
        app.screen.get_style_at(3, 0)
        numbers.update()
        await pilot.pause()
        assert "changed" in app.lines[0]


async def test_rows_that_come_above_leave_cursor_and_screen_where_they_are() -> None:
    async with shown(range(100)) as (app, numbers, pilot):
        numbers.select(50)
        await pilot.pause()
        line, moves = line_of_cursor(app), app.moves
        numbers.show(items(*range(-7, 100)))
        await pilot.pause()
        assert numbers.current == (50, "word 50")
        assert line_of_cursor(app) == line
        assert app.moves == moves


async def test_at_the_top_new_rows_come_into_sight_and_the_cursor_keeps_its_item() -> None:
    async with shown(range(5, 100)) as (app, numbers, pilot):
        numbers.show(items(*range(2, 100)))
        await pilot.pause()
        assert numbers.current == (5, "word 5")
        assert line_of_cursor(app) == 3
        assert app.lines[0].strip().startswith("2")


async def test_the_screen_is_laid_out_anew_only_where_the_scrollbar_comes_or_goes() -> None:
    async with shown(range(5)) as (app, numbers, pilot):
        laid_out: list[None] = []
        app.screen.screen_layout_refresh_signal.subscribe(numbers, lambda _: laid_out.append(None))

        async def layouts_of(count: int) -> int:
            laid_out.clear()
            numbers.show(items(*range(count)))
            await pilot.pause()
            return len(laid_out)

        assert await layouts_of(9) == 0
        assert await layouts_of(50) > 0
        await layouts_of(51)  # The scrollbar is styled with the first update after its coming.
        assert numbers.show_vertical_scrollbar
        assert await layouts_of(100) == 0
        assert numbers.vertical_scrollbar.window_virtual_size == 100


async def test_until_the_list_is_filled_the_cursor_stays_at_the_top() -> None:
    async with shown(range(5, 20)) as (_app, numbers, pilot):
        numbers.cursor.pinned_to_top = True
        numbers.show(items(*range(2, 20)))
        assert numbers.current == (2, "word 2")
        await pilot.press("down")
        numbers.show(items(*range(20)))
        assert numbers.current == (3, "word 3")


async def test_an_item_that_goes_leaves_its_place_to_the_next() -> None:
    async with shown(range(10)) as (app, numbers, pilot):
        numbers.select(4)
        await pilot.pause()
        moves = app.moves
        numbers.show(items(0, 1, 2, 3, 5, 6))
        await pilot.pause()
        assert numbers.current == (5, "word 5")
        assert app.moves == moves + 1
        numbers.show([])
        await pilot.pause()
        assert numbers.row_count == 0
        assert app.moves == moves + 2


async def test_an_item_can_be_selected_before_it_comes() -> None:
    async with shown(range(3)) as (app, numbers, pilot):
        await pilot.pause()
        moves = app.moves
        numbers.select(7)
        assert numbers.current == (0, "word 0")
        numbers.show(items(*range(9)))
        await pilot.pause()
        assert numbers.current == (7, "word 7")
        assert app.moves > moves


async def test_keys_move_and_stop_at_the_ends() -> None:
    async with shown(range(40)) as (_app, numbers, pilot):
        for keys, place in (
            (["k"], 0),
            (["j", "j"], 2),
            (["pagedown"], 11),
            (["ctrl+d"], 16),
            (["ctrl+u"], 11),
            (["G"], 39),
            (["j"], 39),
            (["pageup"], 30),
            (["g"], 0),
        ):
            await pilot.press(*keys)
            assert numbers.cursor.index == place
        await pilot.click(numbers, offset=(4, 3))
        assert numbers.cursor.index == 3


async def test_one_changed_digit_costs_one_digit() -> None:
    async with shown(range(8)) as (app, numbers, pilot):
        app.updates.clear()
        changed = items(*range(8))
        changed[5] = (5, "word 6")
        numbers.show(changed)
        await pilot.pause()
        assert len(app.updates) == 1
        assert len(app.updates[0]) < 70
        assert app.updates[0].startswith("\x1b[6;12H")


async def test_nothing_changed_sends_nothing() -> None:
    async with shown(range(8)) as (app, numbers, pilot):
        app.updates.clear()
        numbers.show(items(*range(8)))
        numbers.update()
        await pilot.pause()
        assert app.updates == []


async def test_what_is_sent_in_parts_is_what_would_be_painted_at_once() -> None:
    rng = random.Random(20260115)  # noqa: S311 - the same every time
    texts = ["word", "wörter", "日本語", "a", "", "é́", "long " * 9, "x" * 40]
    async with shown(range(30), size=(34, 9)) as (app, numbers, pilot):
        terminal = pyte.Screen(34, 9)
        stream = pyte.Stream(terminal)
        stream.feed("".join(f"\x1b[{y + 1};1H{line}" for y, line in enumerate(app.lines)))
        current_items = items(*range(30))
        for _ in range(80):
            app.updates.clear()
            for _ in range(rng.randrange(1, 4)):
                place = rng.randrange(len(current_items))
                current_items[place] = (current_items[place][0], rng.choice(texts))
            if rng.random() < 0.2:
                numbers.move_to(rng.randrange(len(current_items)))
            numbers.show(list(current_items))
            await pilot.pause()
            stream.feed("".join(app.updates))
            assert [line.rstrip() for line in terminal.display] == [
                line.rstrip() for line in app.lines
            ]


async def test_what_the_mouse_selects_is_what_stands_there_however_far_it_is_scrolled() -> None:
    async with shown(range(100)) as (app, numbers, pilot):
        numbers.scroll_to(y=40, animate=False)
        await pilot.pause()
        await pilot.mouse_down(numbers, offset=(7, 2))
        await pilot.hover(numbers, offset=(3, 4))
        await pilot.mouse_up(numbers, offset=(3, 4))
        selected = (app.screen.get_selected_text() or "").splitlines()
        assert [line.split() for line in selected] == [
            ["ord", "42", "end"], ["43", "word", "43", "end"], ["4"]
        ]  # fmt: skip


async def test_a_row_is_painted_in_the_same_styles_wherever_it_stands() -> None:
    async with shown(range(100)) as (_, numbers, pilot):
        seen: list[set[object]] = []
        for y in (0, 30, 60):
            numbers.scroll_to(y=y, animate=False)
            await pilot.pause()
            strips = numbers.render_lines(numbers.size.region)
            seen.append({segment.style for strip in strips for segment in strip})
        assert seen[1] == seen[2] <= seen[0]


async def test_a_click_means_the_row_that_stood_there_before_the_list_changed_its_height() -> None:
    async with shown(range(50), size=(40, 8)) as (_, numbers, pilot):
        await pilot.resize_terminal(40, 16)
        await pilot.click(numbers, offset=(4, 12))
        assert numbers.cursor.index == 0, "that row was not there"
        await pilot.click(numbers, offset=(4, 5))
        assert numbers.cursor.index == 5
        numbers.move_to(14)
        await pilot.resize_terminal(40, 6)
        assert numbers.scroll_offset.y == 9
        await pilot.click(numbers, offset=(4, 1))
        assert numbers.cursor.index == 14, "another row stood there"
        await asyncio.sleep(CLICK_SECONDS)
        await pilot.click(numbers, offset=(4, 1))
        assert numbers.cursor.index == 10


def test_a_marked_row_shows_whether_the_cursor_is_on_it() -> None:
    marked = CursorList[Item](itemgetter(0), cells_of, is_marked=lambda item: item[0] > 1)
    marked.cursor.items = items(1, 2, 3)
    signs = {}
    for at in range(3):
        marked.cursor.index = at
        signs[at] = [marked._item_row(row, 30)[0].text for row in range(3)]
    assert signs[1] == [" ", "◈", "◆"]
    assert signs[2] == [" ", "◆", "◈"]


async def test_a_row_keeps_a_column_from_the_scroll_bar() -> None:
    app = ListApp()
    app.numbers._cells_of = lambda _, width: (StyledText("x" * width),)
    async with app.run_test(size=(40, 5)) as pilot:
        app.numbers.show(items(*range(3)))
        await pilot.pause()
        assert app.lines[1] == " " + "x" * 39
        app.numbers.show(items(*range(20)))
        await pilot.pause()
        assert app.numbers.show_vertical_scrollbar
        assert app.lines[1][:39] == " " + "x" * 37 + " "
