"""Every style is readable in every theme, and what CSS would make of it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.color import Color as RichColor
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES
from textual.widgets import Static

from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.paint.theme import THEME_STYLES, THEMES, ThemeStyle
from nodion_tui.ui.paint.theme_depths import themes_of
from nodion_tui.ui.paint.widget_styles import WidgetStyles, contrast, readable_on
from nodion_tui.ui.terminal.colors.palette_filter import in_palette

OURS = [theme.name for theme in THEMES]
LEAST = {"nodion-contrast": 7.0}
"""Contrast of text to its background; WCAG AA requires 4.5, AAA 7."""
FRAMES = {"bar", "bar-blurred"}
"""Styles of lines, not of text."""
LINES = [
    ("border", "background"),
    ("border-blurred", "background"),
    ("border-blurred", "surface"),
    ("scrollbar", "scrollbar-background"),
    ("scrollbar-hover", "scrollbar-background"),
]
"""Lines and their backgrounds: WCAG requires a contrast of 3."""
PARTS = {part for pair in LINES for part in pair}
TEXTS_OF_A_LOG = ("stamp", "sign", "key", "value", "error", "warning", "note", "live", "paused")


class OneApp(App[None]):
    def __init__(self, theme: str, depth: int = 1 << 24) -> None:
        super().__init__()
        for each in themes_of(depth):
            self.register_theme(each)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield Static("x")


def measured(style: Style) -> float:
    """The contrast of a text."""
    assert style.color is not None
    assert style.bgcolor is not None
    return contrast(Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))


def test_contrast_is_what_wcag_defines() -> None:
    assert round(contrast(Color.parse("#ffffff"), Color.parse("#000000")), 2) == 21
    assert round(contrast(Color.parse("#767676"), Color.parse("#ffffff")), 2) == 4.54


@pytest.mark.parametrize("depth", [256, 1 << 24])
@pytest.mark.parametrize("theme", [name for name in OURS if name != "nodion-ansi"])
async def test_our_own_themes_have_contrast(theme: str, depth: int) -> None:
    app = OneApp(theme, depth)
    async with app.run_test():
        looks, poor = WidgetStyles(app.query_one(Static)), {}
        for ground, look in itertools.product(("", "cursor", "cursor-blurred"), THEME_STYLES):
            found = measured(looks.style(ground, look))
            if look not in FRAMES and found < LEAST.get(theme, 4.5):
                poor[ground, look] = round(found, 2)
        log = WidgetStyles(app.query_one(Static), LOG_STYLES)
        poor |= {
            ("log", look): round(found, 2)
            for look in TEXTS_OF_A_LOG
            if (found := measured(log.style(look))) < 4.5
        }
        poor |= {
            ("log", name): round(found, 2)
            for name, look in LOG_STYLES.items()
            if look.unmixed in app.theme_variables and (found := measured(log.style(name))) < 4.5
        }
        variables = {name: Color.parse(app.theme_variables[name]) for name in PARTS}
        poor |= {
            pair: round(found, 2)
            for pair in LINES
            if (found := contrast(*(variables[part] for part in pair))) < 3
        }
        assert poor == {}


def test_no_colour_of_a_theme_of_the_palette_is_converted() -> None:
    for theme in themes_of(256):
        own = {theme.background, theme.panel, theme.primary, *theme.variables.values()}
        colors = [Color.parse(name) for name in own if name and len(name) == len("#rrggbb")]
        assert [color for color in colors if in_palette(color) != color] == []


def test_with_sixteen_colours_every_theme_has_those_of_the_terminal() -> None:
    assert [(theme.name, theme.ansi) for theme in themes_of(16)] == [(name, True) for name in OURS]


@given(st.builds(Color, *[st.integers(0, 255)] * 3))
def test_text_on_any_colour_is_readable(color: Color) -> None:
    for shown in (color, in_palette(color)):
        assert contrast(readable_on(shown), shown) >= 4.5


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
            if named.unmixed in app.theme_variables:
                continue  # a colour of its own in place of the mixed one
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


@pytest.mark.parametrize("look", ["running-chosen", "dim", "bad", "bar"])
async def test_all_texts_of_the_cursor_s_row_have_its_colours_of_the_palette(look: str) -> None:
    app = OneApp("nodion-ansi")
    async with app.run_test():
        looks = WidgetStyles(app.query_one(Static))
        cursor, style = looks.style("cursor"), looks.style("cursor", look)
        assert (style.color, style.bgcolor) == (cursor.color, cursor.bgcolor)
        assert looks.style("cursor-blurred", look).color == looks.style(look).color
        assert looks.style("cursor-blurred", look).bold, "on the same ground it is still seen"
