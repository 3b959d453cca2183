"""What a style sheet remembers of a place in the tree is what Textual finds there."""

from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.terminal.inside.frame_app import FrameApp
from nodion_tui.ui.terminal.inside.remembered_styles import RememberingStylesheet
from tests.support.trigger_form import Make

DRAFT = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python job.py",
    env=(EnvRow("A", "1"), EnvRow("B", "2", hidden=True)),
)


def styled_nodes(app: App[Any]) -> list[DOMNode]:
    return [app, *(node for screen in app.screen_stack for node in screen.walk_children())]


def assert_as_textual_finds_it(app: App[Any]) -> None:
    """Style every widget again by Textual's own style sheet: nothing may change."""
    sheet = Stylesheet(variables=app.stylesheet._variables)
    sheet.source = app.stylesheet.source
    sheet.reparse()
    for node in styled_nodes(app):
        remembered = {name: styles.base.get_rules() for name, styles in all_styles(node).items()}
        mouse = node._has_hover_style
        sheet.apply(node)
        found = {name: styles.base.get_rules() for name, styles in all_styles(node).items()}
        assert (remembered, mouse) == (found, node._has_hover_style), repr(node)


def all_styles(node: DOMNode) -> dict[str, Any]:
    return {"": node.styles, **node._component_styles}


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many places were known, at each widget that was styled."""
    found: list[int] = []
    apply = RememberingStylesheet.apply

    def counted(sheet: RememberingStylesheet, node: DOMNode, **how: Any) -> None:
        hits = sheet._known.hits
        apply(sheet, node, **how)
        found.append(sheet._known.hits - hits)

    monkeypatch.setattr(RememberingStylesheet, "apply", counted)
    return found


async def shown(app: App[Any], pilot: Pilot[None], form: Screen[Any]) -> None:
    await app.push_screen(form)
    await pilot.pause()


async def test_a_form_that_is_opened_again_has_the_styles_that_textual_finds(
    make: Make, known: list[int]
) -> None:
    app = FrameApp()
    async with app.run_test() as pilot:
        await shown(app, pilot, make(DRAFT))
        app.screen.dismiss()
        await pilot.pause()
        known.clear()
        await shown(app, pilot, make(DRAFT))
        assert sum(known) > 30
        assert_as_textual_finds_it(app)


async def test_focus_classes_and_what_is_disabled_are_told_apart(make: Make) -> None:
    app = FrameApp()
    async with app.run_test() as pilot:
        await shown(app, pilot, make(DRAFT))
        for _ in range(2):
            for field in app.screen.query(Input):
                field.focus()
                await pilot.pause()
                assert_as_textual_finds_it(app)
            for button in app.screen.query(CompactButton):
                button.disabled = not button.disabled
            assert_as_textual_finds_it(app)
            for button in app.screen.query(CompactButton):
                button.toggle_class("-danger")
            assert_as_textual_finds_it(app)


async def test_a_theme_that_is_chosen_styles_all_anew(make: Make) -> None:
    app = FrameApp()
    async with app.run_test() as pilot:
        await shown(app, pilot, make(DRAFT))
        for theme in ("textual-light", "textual-dark", "textual-light"):
            app.theme = theme
            await pilot.pause()
            assert_as_textual_finds_it(app)


class NamedLines(FrameApp):
    """Lines that only their ids tell apart."""

    CSS = "#first { color: red; } #second { color: blue; } Static:hover { color: green; }"

    def compose(self) -> ComposeResult:
        yield Static(id="first")
        yield Static(id="second")


async def test_ids_and_the_mouse_are_told_apart() -> None:
    app = NamedLines()
    async with app.run_test() as pilot:
        assert_as_textual_finds_it(app)
        for name in ("#first", "#second", "#first"):
            await pilot.hover(name)
            assert_as_textual_finds_it(app)
