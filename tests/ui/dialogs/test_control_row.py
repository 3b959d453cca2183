"""A row of controls paints a text in the room that they leave."""

import pytest
from textual.app import App, ComposeResult
from textual.content import Content

from nodion_tui.ui.dialogs.control_row import ControlRow
from nodion_tui.ui.dialogs.controls import CompactButton
from tests.support.seen_terminal import screen_lines

TEXT = Content("a text that is longer")


class Rows(App[None]):
    CSS = "#end { align-horizontal: right; }"

    def compose(self) -> ComposeResult:
        yield ControlRow(CompactButton("one"), CompactButton("two"), text=TEXT, id="start")
        yield ControlRow(CompactButton("one"), CompactButton("two"), text=TEXT, id="end")

    def rows(self) -> list[str]:
        return [line.rstrip() for line in screen_lines(self)[:2]]


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (40, [" one  two a text that is longer", "a text that is longer          one  two"]),
        (20, [" one  two a text th…", "a text th… one  two"]),
        (8, [" one  tw", " one  tw"]),
    ],
)
async def test_a_text_has_the_room_that_the_controls_leave(width: int, shown: list[str]) -> None:
    app = Rows()
    async with app.run_test(size=(width, 5)):
        assert app.rows() == shown


async def test_a_text_moves_with_the_controls() -> None:
    app = Rows()
    async with app.run_test(size=(40, 5)) as pilot:
        for row in app.query(ControlRow):
            row.query(CompactButton).first().label = "number one"
        await pilot.pause()
        assert app.rows() == [
            " number one  two a text that is longer",
            "a text that is longer   number one  two",
        ]
        app.query_one("#start", ControlRow).show_text(Content("other"))
        await pilot.pause()
        assert app.rows()[0] == " number one  two other"
