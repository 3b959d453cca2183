"""Every style is readable in every theme, and what CSS would make of it."""

import pytest
from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.paint.theme import THEME_STYLES, THEMES, ThemeStyle
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


NAMED = [*THEME_STYLES.values(), *LOG_STYLES.values()]
ALL_THEMES = sorted({*BUILTIN_THEMES, *OURS})


def css(number: int, style: ThemeStyle) -> str:
    """The rule of Textual's CSS that says the same as a named style."""
    background = f"background: ${style.background} {style.opacity:.0%};" if style.background else ""
    color = f"color: ${style.color};" if style.color else ""
    return f"#probe-{number} {{ {background} {color} }}"


class ProbeApp(OneApp):
    """One widget for each named style, coloured by CSS."""

    CSS = "\n".join(css(number, style) for number, style in enumerate(NAMED))

    def compose(self) -> ComposeResult:
        yield Static("x", id="plain")
        for number in range(len(NAMED)):
            yield Static("x", id=f"probe-{number}")


@pytest.mark.parametrize("theme", ALL_THEMES)
async def test_a_named_style_is_what_css_makes_of_the_same_variables(theme: str) -> None:
    app = ProbeApp(theme)
    async with app.run_test():
        plain = app.query_one("#plain")
        for number, named in enumerate(NAMED):
            if app.native_ansi_color and named.background:
                continue  # CSS paints text in a colour of the palette on another one
            expected = app.query_one(f"#probe-{number}").rich_style
            style = WidgetStyles(plain, {"it": named}).style("it")
            assert (named, style.color, style.bgcolor) == (
                named,
                expected.color,
                expected.bgcolor,
            )
            words = Style.parse(named.style)
            assert Style(bold=style.bold, underline=style.underline, reverse=style.reverse) == (
                Style(bold=words.bold, underline=words.underline, reverse=words.reverse)
            )


@pytest.mark.parametrize("theme", [name for name in ALL_THEMES if "ansi" in name])
async def test_text_is_readable_on_a_colour_of_the_palette(theme: str) -> None:
    app = OneApp(theme)
    async with app.run_test():
        looks = WidgetStyles(app.query_one(Static), LOG_STYLES)
        for name, named in LOG_STYLES.items():
            style = looks.style(name)
            if named.background:
                assert style.color == RichColor.from_ansi(0)
                assert style.bgcolor not in {None, RichColor.default(), style.color}
