"""Style sheets are parsed once, and those of what is opened next before it is."""

import pytest
from textual.css.stylesheet import Stylesheet

from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.terminal.inside.frame_app import FrameApp
from nodion_tui.ui.terminal.inside.remembered_styles import RememberingStylesheet
from nodion_tui.ui.terminal.inside.style_sheets import parse_styles
from tests.support import shared_css

PACKAGE = "nodion_tui.ui.dialogs"


async def style_of_a_button(*, is_prepared: bool) -> tuple[object, int]:
    """How a button looks, and how many sheets were parsed for it."""
    app = FrameApp()
    async with app.run_test():
        if is_prepared:
            await parse_styles(app, PACKAGE)
        before = app.stylesheet._parse_cache.misses
        await app.mount(button := CompactButton("go", classes="-main"))
        return button.styles.base.get_rules(), app.stylesheet._parse_cache.misses - before


async def test_a_widget_of_a_prepared_package_looks_the_same_and_has_nothing_parsed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # What other tests have parsed is not taken over.
    monkeypatch.setattr(Stylesheet, "_parse_rules", shared_css.parse)
    prepared, parsed = await style_of_a_button(is_prepared=True)
    fresh, parsed_then = await style_of_a_button(is_prepared=False)
    assert prepared == fresh
    assert (parsed, parsed_then > 0) == (0, True)


async def test_styles_of_a_theme_that_was_left_meanwhile_are_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = FrameApp()
    async with app.run_test():
        parse_rules = app.stylesheet._parse_rules

        def parse_and_leave(*args: object) -> object:
            rules = parse_rules(*args)  # type: ignore[arg-type]  # as they were given
            app.call_from_thread(setattr, app, "theme", "nord")
            return rules

        monkeypatch.setattr(app.stylesheet, "_parse_rules", parse_and_leave)
        await parse_styles(app, PACKAGE)
        assert not any("controls.py" in path for path, _ in app.stylesheet.source)
        assert len(app.stylesheet._parse_cache) == 0


def test_a_sheet_is_parsed_once_however_many_there_are() -> None:
    stylesheet = RememberingStylesheet()
    for number in range(100):
        stylesheet.add_source(f"#n{number} {{ color: red; }}", (f"{number}.tcss", ""))
    stylesheet.parse()
    parsed = stylesheet._parse_cache.misses
    stylesheet.parse()
    assert stylesheet._parse_cache.misses == parsed
