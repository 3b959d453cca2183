"""What can be used, is chosen or has the focus looks like it, and can be read, in every theme."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.color import Color
from textual.command import CommandList, DiscoveryHit, Hits, Provider
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nodion_tui.ui import app as application
from nodion_tui.ui.commands.palette import PaletteScreen
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.choice_list import ChoiceList
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox, RadioRow
from nodion_tui.ui.dialogs.menu import Menu, MenuEntry
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField
from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.paint.theme import THEMES
from nodion_tui.ui.paint.theme_depths import themes_of
from nodion_tui.ui.paint.widget_styles import WidgetStyles, contrast

if TYPE_CHECKING:
    from textual.pilot import Pilot

ANSI = "nodion-ansi"
MIXED = [theme.name for theme in THEMES if not theme.ansi]
DEPTHS = [256, 1 << 24]
TEXT, FAINT, DISABLED = 4.5, 3.5, 3.0
"""Least contrast of a text, of one that tells what a field is for, and of what cannot be used."""
WHITE_ON_BLUE = (15, 4)
GREY = 8
MENU = [MenuEntry(str(number), f"e{number}", f"entry {number}", "more") for number in range(12)]

in_every_theme = pytest.mark.parametrize("theme", MIXED)
in_every_depth = pytest.mark.parametrize("depth", DEPTHS)


class Shelf(DialogBox[None]):
    """One of each control."""

    AUTO_FOCUS = ""

    def compose(self) -> ComposeResult:
        disabled = CompactButton("Save", id="off", classes="-main")
        disabled.disabled = True
        with Vertical(classes="box"):
            yield LineField("", "what is typed", id="line")
            yield MultilineField("", "what is typed", id="area")
            yield CompactButton("Do", id="main", classes="-main")
            yield CompactButton("Stop", id="danger", classes="-danger")
            yield disabled
            yield RadioRow([("a", "one"), ("b", "two")], "a", id="radio")
            yield CompactCheckbox("box", id="check")
            yield Static("It ends.", classes="box--note", id="note")
            yield ChoiceList(Option("some row"), id="list")


class Commands(Provider):
    async def discover(self) -> Hits:
        for number in range(3):
            yield DiscoveryHit(f"command {number}", lambda: None, help="what it does")

    async def search(self, query: str) -> Hits:
        del query
        for _ in ():
            yield DiscoveryHit("", lambda: None)


class ThemedApp(App[None]):
    CSS_PATH = Path(application.__file__).with_suffix(".tcss")

    def __init__(self, theme: str, depth: int = 1 << 24) -> None:
        super().__init__()
        for each in themes_of(depth):
            self.register_theme(each)
        self.theme = theme
        self.pilot: Pilot[None]

    async def until(self, condition: Callable[[], object]) -> None:
        async with asyncio.timeout(10):
            while not condition():
                await self.pilot.pause()


@asynccontextmanager
async def shown(screen: Any, theme: str, depth: int = 1 << 24) -> AsyncIterator[ThemedApp]:
    app = ThemedApp(theme, depth)
    async with app.run_test(size=(80, 40), notifications=True) as pilot:
        app.pilot = pilot
        app.push_screen(screen)
        await pilot.pause()
        await pilot.pause()
        yield app


def painted(widget: Widget) -> list[Segment]:
    """What is on the screen where a widget is, without blank cells."""
    region, screen = widget.region, widget.app.screen
    strips = screen._compositor.render_strips()
    rows = (strips[y].crop(region.x, region.right) for y in region.line_range)
    return [segment for row in rows for segment in row if segment.text.strip()]


def style_of(widget: Widget, text: str) -> Style:
    """The style of the cells of a widget in which a text stands."""
    style = next(segment.style for segment in painted(widget) if text in segment.text)
    assert style is not None
    return style


def contrast_of(style: Style) -> float:
    assert style.color is not None
    assert style.bgcolor is not None
    pair = (Color.from_rich_color(style.color), Color.from_rich_color(style.bgcolor))
    return contrast(*pair)


def look(style: Style) -> tuple[object, ...]:
    colour, ground = style.color, style.bgcolor
    return (colour, ground, bool(style.reverse))


def numbers(style: Style) -> tuple[int | None, int | None]:
    """Numbers of the terminal's colours of text and ground; None for its own."""
    color, ground = style.color, style.bgcolor
    return (color.number if color else None, ground.number if ground else None)


@in_every_depth
@in_every_theme
async def test_each_control_can_be_read(theme: str, depth: int) -> None:
    async with shown(Shelf(), theme, depth) as app:
        texts = {
            ("#danger", "Stop"): TEXT,
            ("#main", "Do"): TEXT,
            ("#radio", "one"): TEXT,
            ("#off", "Save"): DISABLED,
            ("#line", "what is typed"): FAINT,
            ("#area", "what is typed"): FAINT,
        }
        found = {
            (name, text): contrast_of(style_of(app.screen.query_one(name), text))
            for name, text in texts
        }
        for name in ("#line", "#area"):
            app.screen.query_one(name).focus()
            await app.pilot.pause()
            found[name, "hat is typed"] = contrast_of(
                style_of(app.screen.query_one(name), "hat is typed")
            )
            texts[name, "hat is typed"] = FAINT
        assert {key: value for key, value in found.items() if value < texts[key]} == {}


@pytest.mark.parametrize("theme", [theme.name for theme in THEMES])
async def test_all_controls_show_the_focus_in_one_way_that_nothing_else_has(theme: str) -> None:
    async with shown(Shelf(), theme) as app:
        controls = {"#main": "Do", "#danger": "Stop", "#radio": "one", "#check": "box"}

        def now(name: str) -> tuple[object, ...]:
            return look(style_of(app.screen.query_one(name), controls[name]))

        app.set_focus(None)
        before = {name: now(name) for name in controls}
        focused = set()
        for name in controls:
            app.screen.query_one(name).focus()
            await app.pilot.pause()
            focused.add(now(name))
        assert len(focused) == 1
        assert focused.isdisjoint(before.values())


@in_every_depth
@in_every_theme
async def test_the_chosen_row_is_that_of_a_list_while_a_filter_has_the_focus(
    theme: str, depth: int
) -> None:
    async with shown(Menu("Which?", MENU), theme, depth) as app:
        rows = app.screen.query_one(OptionList)
        assert not rows.has_focus
        variables = app.theme_variables
        cursor = Color.parse(variables["block-cursor-background"]).rich_color
        assert style_of(rows, "entry 0").bgcolor == cursor
        assert style_of(rows, "entry 1").bgcolor != cursor


@pytest.mark.parametrize("theme", [*MIXED, ANSI])
async def test_the_chosen_row_of_the_palette_is_that_of_a_list(theme: str) -> None:
    async with shown(PaletteScreen([Commands]), theme) as app:
        rows = app.screen.query_one(CommandList)
        await app.until(lambda: rows.option_count == 3 and painted(rows))
        cursor = Color.parse(app.theme_variables["block-cursor-background"]).rich_color
        assert style_of(rows, "command 0").bgcolor == cursor
        assert style_of(rows, "command 1").bgcolor != cursor


@pytest.mark.parametrize("entries", [MENU, MENU[:3]], ids=["filtered", "short"])
async def test_the_whole_chosen_row_has_one_pair_of_the_terminal_s_colours(
    entries: list[MenuEntry],
) -> None:
    async with shown(Menu("Which?", entries), ANSI) as app:
        rows = app.screen.query_one(OptionList)
        chosen = [each for each in painted(rows) if each.style and numbers(each.style)[1] == 4]
        assert "".join(each.text for each in chosen).split() == [
            *(["0"] if len(entries) == 3 else []),
            *("entry", "0", "more"),
        ]
        assert {numbers(each.style) for each in chosen if each.style} == {WHITE_ON_BLUE}
        assert numbers(style_of(rows, "more")) == WHITE_ON_BLUE


async def test_what_matters_is_not_grey_in_the_terminal_s_colours_but_what_is_disabled_is() -> None:
    async with shown(Shelf(), ANSI) as app:
        found = {
            name: numbers(style_of(app.screen.query_one(name), text))[0]
            for name, text in (
                ("#off", "Save"),
                ("#note", "ends"),
                ("#radio", "two"),
                ("#check", "box"),
            )
        }
        assert found == {"#off": GREY, "#note": None, "#radio": None, "#check": None}


async def test_the_caret_is_reversed_in_the_terminal_s_colours() -> None:
    async with shown(Shelf(), ANSI) as app:
        field = app.screen.query_one("#line", LineField)
        field.focus()
        await app.pilot.pause()
        caret = style_of(field, "w")
        assert caret.reverse
        assert numbers(caret) == (None, None)


@in_every_depth
@in_every_theme
async def test_a_toast_can_be_read_and_is_no_row_under_a_cursor(theme: str, depth: int) -> None:
    async with shown(Shelf(), theme, depth) as app:
        for severity in ("information", "warning", "error"):
            app.notify("Body", title="Title", severity=severity)
        await app.until(lambda: len(app.screen.query("Toast")) == 3)
        row = Color.parse(app.theme_variables["block-cursor-blurred-background"])
        for toast in app.screen.query("Toast"):
            ground = toast.background_colors[1]
            assert ground != row
            assert contrast(toast.get_component_styles("toast--title").color, ground) >= TEXT
            assert contrast_of(toast.rich_style) >= TEXT
        green = Color.parse(app.theme_variables["success"])
        assert all(each.styles.border_left[1] != green for each in app.screen.query("Toast"))


@in_every_depth
@in_every_theme
async def test_the_line_under_the_cursor_of_a_log_can_be_read(theme: str, depth: int) -> None:
    async with shown(Shelf(), theme, depth) as app:
        styles, poor = WidgetStyles(app.screen, LOG_STYLES), {}
        for ground in ("cursor", "cursor-focused"):
            for role in ("stamp", "key", "value", "error", "warning", "faint"):
                found = contrast_of(styles.style(ground, role))
                if found < TEXT:
                    poor[ground, role] = round(found, 2)
        selected = styles.style("error", "selected")
        assert contrast_of(selected) >= TEXT
        assert (Style(dim=True) + selected).dim is False
        assert poor == {}
        cursors = {styles.style(name).bgcolor for name in ("cursor", "cursor-focused")}
        assert len(cursors) == 2
