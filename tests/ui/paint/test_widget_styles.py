"""Every style is readable in every theme."""

import pytest
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from nodion_tui.ui.paint.theme import THEME_STYLES, THEMES
from nodion_tui.ui.paint.widget_styles import WidgetStyles

OURS = [theme.name for theme in THEMES]
LEAST = {"nodion-contrast": 7.0}
"""Contrast of text to its background; WCAG AA requires 4.5, AAA 7."""
FRAMES = {"bar", "bar-blurred"}
"""Styles of lines, not of text."""


class OneApp(App[None]):
    def __init__(self, theme: str) -> None:
        super().__init__()
        for each in THEMES:
            self.register_theme(each)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield Static("x")


def luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def contrast(one: Color, other: Color) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [name for name in OURS if name != "nodion-ansi"])
@pytest.mark.parametrize("ground", ["", "cursor", "cursor-blurred"])
async def test_our_own_themes_have_contrast(theme: str, ground: str) -> None:
    app = OneApp(theme)
    async with app.run_test():
        looks = WidgetStyles(app.query_one(Static))
        poor = {}
        for look in THEME_STYLES:
            style = looks.style(*filter(None, (ground, look)))
            assert style.color is not None
            assert style.bgcolor is not None
            found = contrast(
                Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor)
            )
            if look not in FRAMES and found < LEAST.get(theme, 4.5):
                poor[look] = round(found, 2)
        assert poor == {}


@pytest.mark.parametrize("theme", sorted({*BUILTIN_THEMES, *OURS}))
async def test_every_theme_gives_every_look_a_style(theme: str) -> None:
    app = OneApp(theme)
    async with app.run_test():
        looks = WidgetStyles(app.query_one(Static))
        for look in THEME_STYLES:
            assert looks.style("cursor", look).color is not None
