"""What is behind a dialog stays in sight in the colours of the terminal, which cannot be mixed."""

from pathlib import Path

import pytest
from textual.app import App

import nodion_tui.ui
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.paint.theme import THEMES
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
