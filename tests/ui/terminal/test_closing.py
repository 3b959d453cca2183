"""An app may be closed at any moment of a screen's mount, without an error."""

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Label, Static

from nodion_tui.ui.terminal.dialog_door import mount_ahead
from nodion_tui.ui.terminal.inside.frame_app import FrameApp

if TYPE_CHECKING:
    from textual.app import ComposeResult


class Nested(Vertical):
    """Mounts its own child, as a field does."""

    def compose(self) -> "ComposeResult":
        yield Label("x", id="inner")


class Form(ModalScreen[None]):
    """Uses what is mounted in it when it is mounted itself, as most dialogs do."""

    def compose(self) -> "ComposeResult":
        with Vertical(), Vertical():
            yield Nested()
            yield Nested()

    def on_mount(self) -> None:
        for nested in self.query(Nested):
            nested.query_one("#inner", Label).update("y")


class Board(FrameApp):
    def compose(self) -> "ComposeResult":
        yield Static("board")


def start(app: FrameApp, *, pushed: bool) -> None:
    """Mount the form, which takes some ten iterations of the event loop."""
    if pushed:
        app.push_screen(Form())
    else:
        app.run_worker(mount_ahead(app, Form()))


@pytest.mark.parametrize("pushed", [False, True], ids=["ahead", "pushed"])
@pytest.mark.parametrize("iterations", range(20))
async def test_a_screen_that_is_being_mounted_closes_without_an_error(
    iterations: int, *, pushed: bool
) -> None:
    app = Board()
    async with app.run_test() as pilot:  # raises what the app ended with
        await pilot.pause()
        start(app, pushed=pushed)
        for _ in range(iterations):
            await asyncio.sleep(0)
    assert not app.return_code


@pytest.mark.parametrize("pushed", [False, True], ids=["ahead", "pushed"])
@pytest.mark.parametrize("iterations", range(20))
async def test_an_app_that_is_quit_meanwhile_ends_without_an_error(
    iterations: int, *, pushed: bool
) -> None:
    app = Board()

    async def quit_meanwhile(_: object) -> None:
        start(app, pushed=pushed)
        for _ in range(iterations):
            await asyncio.sleep(0)
        app.exit()

    async with asyncio.timeout(10):
        await app.run_async(headless=True, size=(80, 24), auto_pilot=quit_meanwhile)
    assert not app.return_code
