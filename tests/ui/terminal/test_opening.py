"""A screen that is opened is painted once, when it is complete."""

import asyncio

import pytest
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Static

from nodion_tui.ui.terminal.inside.frame_app import FrameApp
from nodion_tui.ui.terminal.inside.minimal_compositor import is_opening
from nodion_tui.ui.terminal.inside.opening import Opening
from nodion_tui.ui.terminal.inside.repaint_modal import MinimalRepaintModal
from nodion_tui.ui.terminal.inside.repaint_screen import (
    MinimalRepaintScreen,
)


class Counting(MinimalRepaintScreen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.layouts = 0
        self.frames: list[str] = []

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static("head")
            yield Static(id="state")

    def on_mount(self) -> None:
        self.query_one("#state", Static).update("mounted")

    def on_resize(self) -> None:
        self.query_one("#state", Static).update("laid out")

    def paint(self) -> None:
        super().paint()
        if not is_opening(self):
            self.frames.append(str(self.query_one("#state", Static).content))


class Sized(Static):
    def on_resize(self, event: events.Resize) -> None:
        self.update(f"{event.size.height} rows")


class Split(MinimalRepaintScreen[None]):
    DEFAULT_CSS = "Sized { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.frames: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("head", id="head")
        yield Sized()

    def paint(self) -> None:
        super().paint()
        self.frames.append(str(self.query_one(Sized).content))


class Dialog(MinimalRepaintModal[None]):
    DEFAULT_CSS = "Dialog { background: $primary; }"

    def compose(self) -> ComposeResult:
        yield Static("dialog")


class Slow(MinimalRepaintModal[None]):
    def __init__(self) -> None:
        super().__init__()
        self.answered = asyncio.Event()

    async def on_mount(self) -> None:
        await self.answered.wait()


class Opener(FrameApp):
    def get_default_screen(self) -> Screen[None]:
        return MinimalRepaintScreen()


class Divided(FrameApp):
    def get_default_screen(self) -> Screen[None]:
        return Split()


class Tall(MinimalRepaintScreen[None]):
    def compose(self) -> ComposeResult:
        with VerticalScroll():
            yield Static("a line\n" * 99)


class Styled(Static):
    times = 0

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.times += 1


class FirstScreen(MinimalRepaintScreen[None]):
    def compose(self) -> ComposeResult:
        yield Styled()


async def opened(app: Opener) -> None:
    assert app.is_opening
    while app.is_opening:  # noqa: ASYNC110 - the condition has no event
        await asyncio.sleep(0)


@pytest.mark.parametrize("as_mode", [False, True])
async def test_a_screen_is_painted_when_it_is_mounted_and_laid_out(*, as_mode: bool) -> None:
    app, screen = Opener(), Counting()
    async with app.run_test() as pilot:
        await pilot.pause()
        if as_mode:
            app.add_mode("other", lambda: screen)
            app.switch_mode("other")
        else:
            app.push_screen(screen)
        await opened(app)
        assert screen.frames == ["laid out"]


async def test_a_scroll_bar_that_the_layout_shows_has_its_room() -> None:
    app, screen = Opener(), Tall()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.push_screen(screen)
        await opened(app)
        area = screen.query_one(VerticalScroll)
        assert area.show_vertical_scrollbar
        assert screen.query_one(Static).size.width == app.size.width - area.scrollbar_size_vertical


async def test_a_screen_that_does_not_become_complete_is_shown_as_it_is() -> None:
    app = Opener()
    async with app.run_test() as pilot:
        await pilot.pause()
        app.push_screen(slow := Slow())
        await asyncio.wait_for(opened(app), 5)
        assert not slow.is_mounted
        slow.answered.set()


async def test_a_screen_that_is_shown_before_it_is_laid_out_is_laid_out_then() -> None:
    app, screen = Opener(), Counting()
    async with app.run_test() as pilot:
        app._opening = Opening(app, patience=0.0)
        app.push_screen(screen)
        await opened(app)
        await pilot.pause()
        assert screen.frames[-1] == "laid out"


async def test_what_a_key_lays_out_anew_is_painted_once_when_widgets_know_their_size() -> None:
    app = Divided()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        painter, screen = app.key_painter, app.screen
        assert painter is not None
        assert isinstance(screen, Split)
        assert screen.frames[-1] == "23 rows"
        screen.frames.clear()

        async def act() -> bool:
            screen.query_one("#head").display = False
            return True

        await painter.track(act(), of_key=True)
        for iteration in range(1, 49):
            await asyncio.sleep(0)
            painter.paint_when_complete(iteration)
        await painter.finish()
        assert screen.frames == ["24 rows"]


async def test_a_theme_that_was_chosen_meanwhile_styles_a_screen_that_is_shown_again() -> None:
    app, dialog = Opener(), Dialog()
    async with app.run_test() as pilot:
        app.install_screen(dialog, "kept")
        app.push_screen("kept")
        await opened(app)
        before = dialog.styles.background
        app.pop_screen()
        app.theme = "nord"
        await pilot.pause()
        app.push_screen("kept")
        await opened(app)
        assert dialog.styles.background != before


async def test_the_first_screen_is_styled_once() -> None:
    class Starter(FrameApp):
        def get_default_screen(self) -> Screen[None]:
            return FirstScreen()

    app = Starter()
    async with app.run_test() as pilot:
        await pilot.pause()
        widget = app.screen.query_one(Styled)
        assert widget.times == 1
        app.theme = "nord"
        await pilot.pause()
        assert widget.times > 1
