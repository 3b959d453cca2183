"""A key's effect is painted as soon as it is complete; other repaints wait for it."""

import asyncio
from collections.abc import Callable

import pytest
from textual import events
from textual.app import App, ComposeResult
from textual.widgets import Static

from nodion_tui.ui.terminal.inside.driver import BlockingInputDriver
from nodion_tui.ui.terminal.inside.key_painter import KeyPainter
from nodion_tui.ui.terminal.inside.opening import Opening
from nodion_tui.ui.terminal.inside.repaint_screen import MinimalRepaintScreen, paint_early
from nodion_tui.ui.terminal.typeahead import TypeAhead
from tests.support.keys import key_event


class Board(MinimalRepaintScreen[None]):
    frames = 0

    def compose(self) -> ComposeResult:
        yield Static("the one before", id="chosen")
        yield Static("a line", id="grown")

    def paint(self) -> None:
        self.frames += 1
        super().paint()

    def change(self, name: str) -> None:
        """Change a widget, and notify the screen at once."""
        widget = self.query_one(f"#{name}", Static)
        widget.refresh()
        self._dirty_widgets.add(widget)


class Typist(App[None]):
    typing = False

    def get_default_screen(self) -> Board:
        return Board()


def board_of(app: App[None]) -> Board:
    assert isinstance(app.screen, Board)
    return app.screen


async def turns_until(is_so: Callable[[], bool]) -> int:
    for turn in range(200):
        if is_so():
            return turn
        await asyncio.sleep(0)
    raise AssertionError("it did not come about")


async def test_a_key_is_painted_in_the_turns_after_its_work_and_only_then() -> None:
    app = Typist()
    held_when: list[bool] = []
    async with app.run_test() as pilot:
        await pilot.pause()
        board = board_of(app)

        async def act() -> bool:
            board.change("chosen")
            return True

        async def deliver(_: events.Event) -> None:
            board.change("grown")  # a log has grown, before the key does anything
            await typed.track_action(act())

        typed = TypeAhead(
            app, deliver, lambda *, held: held_when.append(held), KeyPainter(app, Opening(app))
        )
        before, app.typing, board._painted_at = board.frames, True, float("inf")
        await typed.submit(key_event("j"))
        assert typed.busy
        assert 2 <= await turns_until(lambda: board.frames > before) <= 5
        assert board._dirty_widgets == {board.query_one("#grown")}, "that has a frame of its own"
        await turns_until(lambda: not board._dirty_widgets)
        await turns_until(lambda: not typed.busy)
        assert held_when == [True, False]


async def test_a_key_that_is_bound_to_nothing_is_painted_as_well() -> None:
    app = Typist()
    async with app.run_test() as pilot:
        await pilot.pause()
        board = board_of(app)

        async def deliver(_: events.Event) -> None:
            board.change("chosen")

        typed = TypeAhead(app, deliver, lambda **_: None, KeyPainter(app, Opening(app)))
        before = board.frames
        await typed.submit(key_event("x"))
        await turns_until(lambda: board.frames > before)
        assert typed.busy
        await turns_until(lambda: not typed.busy)


async def test_a_frame_that_only_repaints_waits_while_a_key_is_on_its_way() -> None:
    app = Typist()
    async with app.run_test() as pilot:
        await pilot.pause()
        board = board_of(app)
        board._painted_at = float("inf")
        app.typing = True
        before = board.frames
        board.change("grown")
        board._on_timer_update()
        assert board.frames == before
        board._layout_required = True
        board._on_timer_update()
        assert board.frames > before, "a layout waits for nobody"

        before = board.frames
        board.change("grown")
        board._painted_at = 0.0
        board._on_timer_update()
        assert board.frames > before, "it has waited long enough"


async def test_a_change_that_is_awaited_does_not_wait_for_the_next_frame(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("textual.screen.UPDATE_PERIOD", 3600)
    app = Typist()
    async with app.run_test():
        board = board_of(app)
        line, other = board.query_one("#grown", Static), board.query_one("#chosen", Static)
        board.paint()  # the layout of the first frame
        before = board.frames

        other.refresh()
        await turns_until(lambda: other in board._dirty_widgets)
        paint_early(line)
        await asyncio.sleep(0)
        assert board.frames == before, "it has not changed yet"
        line.refresh()
        await turns_until(lambda: board.frames > before)
        assert not board._dirty_widgets, "what has changed meanwhile is in the same frame"

        line.refresh()
        await turns_until(lambda: line in board._dirty_widgets)
        assert board.frames == before + 1, "that was the only early one"


async def test_what_is_typed_is_known_before_the_app_has_it() -> None:
    app = Typist()
    async with app.run_test():
        driver = BlockingInputDriver(app)
        typed = []
        for event in (events.AppFocus(), key_event("j")):
            await asyncio.to_thread(driver._process, [event])
            typed.append(driver.has_input)
        assert typed == [False, True]
