"""A repaint is known to the screen at once, and painted on demand."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.pilot import Pilot
from textual.strip import Strip

from nodion_tui.ui.terminal.inside.repaint_screen import MinimalRepaintScreen, paint_changes
from nodion_tui.ui.terminal.region_widget import RegionWidget


class Clock(RegionWidget):
    text = "12:00"

    def render_line(self, y: int) -> Strip:
        del y
        return Strip.blank(self.size.width)

    def tick(self) -> None:
        self.refresh(Region(0, 0, 5, 1))


class Board(MinimalRepaintScreen[None]):
    def __init__(self) -> None:
        super().__init__()
        self.frames = 0
        self.painted = asyncio.Event()

    def compose(self) -> ComposeResult:
        yield Clock()

    def paint(self) -> None:
        self.frames += 1
        super().paint()
        self.painted.set()


class Clocks(App[None]):
    typing = False

    def get_default_screen(self) -> Board:
        return Board()


@asynccontextmanager
async def clock_on_board() -> AsyncIterator[tuple[Clock, Board, Pilot[None]]]:
    """Both once all is painted, and the pilot."""
    app = Clocks()
    async with app.run_test() as pilot:
        await pilot.pause()
        assert isinstance(app.screen, Board)
        app.screen.painted.clear()
        yield app.screen.query_one(Clock), app.screen, pilot


async def test_what_ticks_is_painted_at_once_and_only_once() -> None:
    async with clock_on_board() as (clock, board, _):
        before = board.frames
        clock.tick()
        assert board._dirty_widgets == {clock}
        paint_changes(board)
        assert not board._dirty_widgets
        await asyncio.sleep(0.05)  # three frames; a pause of the pilot paints by itself
        assert board.frames == before + 1


async def test_what_is_not_painted_on_demand_comes_with_the_next_frame() -> None:
    async with clock_on_board() as (clock, board, _):
        clock.tick()
        await asyncio.wait_for(board.painted.wait(), 5)
        assert not board._dirty_widgets


async def test_a_new_layout_is_left_to_the_next_frame() -> None:
    async with clock_on_board() as (clock, board, _):
        clock.tick()
        board.refresh(layout=True)
        paint_changes(board)
        assert not board.painted.is_set()
        await asyncio.wait_for(board.painted.wait(), 5)
        assert not board._layout_required


async def test_a_widget_that_is_hidden_is_not_painted() -> None:
    async with clock_on_board() as (clock, board, pilot):
        clock.display = False
        await pilot.pause()
        clock.tick()
        assert clock not in board._dirty_widgets
