"""Only changes are sent, and only of the front widgets."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager

import pyte
from rich.segment import Segment
from textual._compositor import CompositorUpdate
from textual.app import App, ComposeResult
from textual.containers import Vertical
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor, MinimalUpdate

SIZE = (40, 12)


class Letters(Widget):
    """Rows of one changeable letter each."""

    def __init__(self, name: str) -> None:
        super().__init__(id=name)
        self.texts = dict.fromkeys(range(SIZE[1]), name[0])
        self.rendered: list[int] = []
        self.asked_for: list[Region] = []

    def render_lines(self, crop: Region) -> list[Strip]:
        self.asked_for.append(crop)
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        self.rendered.append(y)
        return Strip([Segment(self.texts[y] * self.size.width)])

    def change(self, y: int, letter: str, left: int = 0, right: int | None = None) -> None:
        self.texts[y] = letter
        self.refresh(Region(left, y, (right or self.size.width) - left, 1))


class Overlaid(Screen[None]):
    """Two side by side in an invisible box, a third over both, and one partly off screen."""

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()

    def compose(self) -> ComposeResult:
        with Vertical(id="box"):
            yield Letters("left")
            yield Letters("right")
        yield Letters("over")
        yield Letters("edge")


class Painting(App[None]):
    """Paints on a pyte terminal."""

    CSS = """
    Overlaid { layers: ground above; }
    #box { layout: horizontal; layer: ground; height: 12; }
    #left, #right { width: 20; height: 12; }
    #over { layer: above; width: 12; height: 4; offset: 14 3; }
    #edge { layer: above; width: 8; height: 3; offset: 36 9; }
    """

    def __init__(self) -> None:
        super().__init__()
        self.terminal = pyte.Screen(*SIZE)
        self.stream = pyte.Stream(self.terminal)
        self.sent = ""

    def get_default_screen(self) -> Overlaid:
        return Overlaid()

    def _display(self, screen: Screen[object], renderable: object) -> None:
        if isinstance(renderable, CompositorUpdate):
            self.sent = renderable.render_segments(self.console)
            self.stream.feed(self.sent)
        super()._display(screen, renderable)  # type: ignore[arg-type]  # as Textual gives it

    @contextmanager
    def rendered(self) -> Iterator[dict[str, list[int]]]:
        """Records the rows requested from each widget."""
        letters = list(self.screen.query(Letters))
        for each in letters:
            each.rendered.clear()
        asked: dict[str, list[int]] = {}
        yield asked
        asked.update({str(each.id): sorted(each.rendered) for each in letters if each.rendered})

    def letters(self, name: str) -> Letters:
        return self.screen.query_one(f"#{name}", Letters)

    @property
    def whole(self) -> list[str]:
        """The screen after a full paint."""
        return [strip.text for strip in self.screen._compositor.render_strips()]


async def test_after_any_changes_the_terminal_shows_the_whole_screen() -> None:
    luck = random.Random(20260115)  # noqa: S311 - the same every time
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        app.screen.refresh()
        await pilot.pause()
        for _ in range(60):
            for _ in range(luck.randrange(1, 7)):
                letters = app.letters(luck.choice(("left", "right", "over", "edge")))
                letters.change(luck.randrange(letters.size.height), luck.choice("abcdefghij"))
            await pilot.pause()
            assert app.terminal.display == app.whole


async def test_only_rows_that_are_in_sight_and_have_changed_are_rendered() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        with app.rendered() as asked:
            app.letters("left").change(4, "x")
            app.letters("left").change(9, "x")
            app.letters("right").change(9, "y")
            await pilot.pause()
        assert asked == {"left": [4, 9], "right": [9]}


async def test_only_the_columns_between_changes_are_asked_for() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        left = app.letters("left")
        left.asked_for.clear()
        left.change(8, "x", left=3, right=5)
        left.change(9, "x", left=7, right=9)
        await pilot.pause()
        assert left.asked_for == [Region(3, 8, 6, 2)]


async def test_what_lies_behind_another_widget_is_neither_rendered_nor_sent() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        with app.rendered() as asked:
            app.letters("left").change(4, "x", left=15, right=18)
            await pilot.pause()
        assert asked == {}
        assert "x" not in app.sent


class Framed(Screen[None]):
    """A box with a border around nothing, and a line over it."""

    CSS = """
    Framed { layers: ground above; }
    #frame { layer: ground; height: 12; border: round red; padding: 1; background: blue; }
    #line { layer: above; height: 1; width: 9; offset: 20 5; background: green; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = MinimalCompositor()

    def compose(self) -> ComposeResult:
        yield Vertical(id="frame")
        yield Vertical(id="line")


async def test_of_a_box_around_nothing_one_row_is_rendered_besides_its_border() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        app.push_screen(framed := Framed())
        await pilot.pause()
        frame = framed.query_one("#frame")
        frame.refresh()
        await pilot.pause()
        assert set(frame._styles_cache._cache) == {0, 1, 11}
        assert app.terminal.display == app.whole


async def test_a_row_of_the_whole_screen_is_sent_in_one_piece() -> None:
    app = Painting()
    async with app.run_test(size=SIZE):
        update = app.screen._compositor.render_full_update()
        assert isinstance(update, MinimalUpdate)
        assert [row[:2] for row in update.rows] == [(y, 0) for y in range(SIZE[1])]
        assert update.columns == SIZE[0] * SIZE[1]


async def test_painting_all_leaves_nothing_to_the_garbage_collector() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        await pilot.pause()
        gc.collect()
        for _ in range(2):
            for letters in app.screen.query(Letters):
                letters.refresh()
            app.screen._compositor.render_update(full=True)
        assert gc.collect() == 0


async def test_what_changes_after_a_scroll_is_repainted_although_widgets_were_looked_up() -> None:
    app = Painting()
    async with app.run_test(size=SIZE) as pilot:
        app.screen.refresh()
        await pilot.pause()
        compositor, over = app.screen._compositor, app.letters("over")
        place = over.region
        over.display = False
        compositor._full_map_invalidated = True  # as by a scroll
        assert over not in compositor.full_map
        assert place in compositor._dirty_regions
        await pilot.pause()
        assert app.terminal.display == app.whole
