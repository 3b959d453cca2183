"""What is behind a dialog stays in sight in the colours of the terminal, which cannot be mixed."""

from pathlib import Path

import pytest
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.widgets import Static

import nodion_tui.ui
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.paint.theme import THEMES
from nodion_tui.ui.terminal.door import FrameApp, MinimalRepaintScreen
from nodion_tui.ui.terminal.inside.minimal_compositor import MinimalCompositor
from nodion_tui.ui.terminal.inside.style_sheets import parse_styles


class Styled(App[None]):
    CSS_PATH = Path(nodion_tui.ui.__file__).with_name("app.tcss")


@pytest.mark.parametrize("is_parsed_before", [False, True])
async def test_a_dialog_hides_nothing_beside_it(*, is_parsed_before: bool) -> None:
    app = Styled()
    async with app.run_test():
        for theme in THEMES:
            app.register_theme(theme)
        app.theme = "nodion-ansi"
        if is_parsed_before:
            await parse_styles(app, "nodion_tui")
        dialog = DialogBox[None]()
        await app.push_screen(dialog)
        assert dialog.styles.background.a == 0


class Words(FrameApp):
    """A screen with words in colours, over which a dialog is opened."""

    CSS_PATH = Path(nodion_tui.ui.__file__).with_name("app.tcss")

    def get_default_screen(self) -> MinimalRepaintScreen[None]:
        return MinimalRepaintScreen()

    def compose(self) -> ComposeResult:
        yield Static("[red on blue]failed[/] [reverse]thumb[/]")


@pytest.mark.own_textual
async def test_in_the_colours_of_the_terminal_what_is_behind_a_dialog_is_grey() -> None:
    app = Words()
    async with app.run_test(size=(60, 10)) as pilot:
        for theme in THEMES:
            app.register_theme(theme)
        app.theme = "nodion-ansi"
        await app.push_screen(DialogBox[None]())
        await pilot.pause()
        compositor = app.screen._compositor
        assert isinstance(compositor, MinimalCompositor)
        (row,) = compositor.region_rows(Region(0, 0, 12, 1))
        assert "".join(segment.text for segment in row.segments) == "failed thumb"
        styles = [segment.style for segment in row.segments if segment.style is not None]
        assert {str(style) for style in styles} <= {
            "not reverse bright_black on default",
            "reverse bright_black on default",
        }
        assert any(style.reverse for style in styles), "a scroll bar is reversed"
