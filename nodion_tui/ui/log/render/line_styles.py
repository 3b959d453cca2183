"""The styles of a log, made of the theme's variables.

Not component classes: each of those is a node that is styled anew with every widget.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from nodion_tui.ui.log.render.line_text import TextRole
from nodion_tui.ui.paint.theme import UNICODE


class StyleRule(NamedTuple):
    """What a part of a row lays over the pane's own style."""

    color: str = ""
    """Variable of the theme; empty: as it is."""
    ground: str = ""
    """Variable for what is behind; empty: as it is."""
    share: float = 1.0
    """How much of the ground's colour, 0 to 1."""
    words: str = ""
    """Words of a rich style, such as `bold`: what is told where there is no colour."""


PARTS: Mapping[str, StyleRule] = MappingProxyType(
    {
        "frame": StyleRule("border-blurred"),
        "frame-focused": StyleRule("border"),
        "thumb": StyleRule("foreground-muted", words="bold"),
        "stamp": StyleRule("foreground-muted"),
        "sign": StyleRule("primary", words="bold"),
        "cursor": StyleRule(ground="primary", share=0.1),
        "cursor-focused": StyleRule(ground="primary", share=0.25),
        "selected": StyleRule(ground="primary", share=0.45),
        "match": StyleRule(ground="warning", share=0.35, words="underline"),
        "current": StyleRule("background", ground="warning", words="bold underline"),
        "mark": StyleRule("text-accent", words="dim"),
        "faint": StyleRule("foreground-muted"),
        "level": StyleRule(words="bold"),
        "key": StyleRule("foreground-muted"),
        "value": StyleRule("text-accent"),
        "error": StyleRule("text-error"),
        "warning": StyleRule("text-warning"),
        "note": StyleRule("foreground-muted", words="italic"),
        "bad-end": StyleRule("text-error", words="italic"),
        "title": StyleRule("text-muted"),
        "title-focused": StyleRule("foreground", words="bold"),
        "live": StyleRule("text-success"),
        "paused": StyleRule("text-warning", words="bold"),
        "failed": StyleRule("text-error", words="bold"),
        "facts": StyleRule("foreground-muted"),
        "bar": StyleRule("primary"),
        "gone": StyleRule(ground="warning", share=0.15),
        "gone-lit": StyleRule(ground="warning", share=0.45, words="bold"),
        "new": StyleRule(ground="error", share=0.18),
        "new-lit": StyleRule(ground="error", share=0.5, words="bold"),
    }
)


_ASCII = str.maketrans("╭╮╰╯─│┃━◆▌‹›▼→▸·…±✗␍┄", "++++-|#=*><>v>>-.~x<-")
"""Our own signs, and what stands for each where the terminal has none of them."""


@dataclass(frozen=True, slots=True)
class LogStyles:
    """Every style that a log is painted with; all but `base` are laid over it."""

    base: Style
    frame: Style
    thumb: Style
    stamp: Style
    sign: Style
    cursor: Style
    selected: Style
    match: Style
    current: Style
    roles: dict[TextRole, Style]
    ascii_only: bool = False
    """Whether our own signs are made of ASCII."""


def sign(text: str, *, ascii_only: bool) -> str:
    """Our own signs as the terminal can show them; each takes as many columns as before."""
    return text.translate(_ASCII) if ascii_only else text


def wants_ascii(widget: Widget) -> bool:
    """Whether the app paints with signs of ASCII alone."""
    return bool(getattr(widget.app, "glyphs", UNICODE).ascii)


def look_of(widget: Widget, *, focused: bool) -> LogStyles:
    """How a log looks in the theme of now.

    Args:
        widget: whose ground it is painted on.
        focused: whether it has the focus.
    """
    state = "-focused" if focused else ""
    selected = overlay(widget, "selected")
    return LogStyles(
        base=base_of(widget),
        frame=overlay(widget, f"frame{state}"),
        thumb=overlay(widget, "thumb"),
        stamp=overlay(widget, "stamp"),
        sign=overlay(widget, "sign"),
        cursor=_cursor(widget, f"cursor{state}"),
        selected=selected + Style(reverse=True) if widget.app.no_color else selected,
        match=overlay(widget, "match"),
        current=overlay(widget, "current"),
        roles={role: _role(widget, role) for role in TextRole},
        ascii_only=wants_ascii(widget),
    )


def _role(widget: Widget, role: TextRole) -> Style:
    """What a role lays over a line; an error must not fade where its colour turns into a grey."""
    if role is TextRole.TEXT or (role is TextRole.WARNING and widget.app.no_color):
        return Style()
    if role in {TextRole.ERROR, TextRole.BAD_END} and widget.app.no_color:
        return Style(bold=True)
    return overlay(widget, role.value)


def _cursor(widget: Widget, name: str) -> Style:
    """The ground of the cursor's line; on a terminal's own palette any text must stay readable."""
    style = overlay(widget, name)
    ground = style.bgcolor
    return Style(bold=True) if ground is not None and ground.is_system_defined else style


def base_of(widget: Widget) -> Style:
    """A widget's own colours."""
    own = widget.rich_style
    return Style.from_color(own.color, own.bgcolor)


def overlay(widget: Widget, name: str) -> Style:
    """What a part lays over a widget's own style."""
    part = PARTS[name]
    ground = widget.background_colors[1]
    color = behind = None
    if part.ground:
        behind = _colour(widget, part.ground, ground, part.share)
        ground = behind
    if part.color:
        color = _colour(widget, part.color, ground)
    if behind is not None and behind.ansi is not None:
        color = Color.parse("ansi_black")  # the terminal's palette has no shades to choose from
    return Style.from_color(
        color.rich_color if color else None, behind.rich_color if behind else None
    ) + Style.parse(part.words)


def _colour(widget: Widget, variable: str, ground: Color, share: float = 1.0) -> Color:
    """A variable of the theme as it is on this ground."""
    name, _, percent = widget.app.theme_variables.get(variable, "auto").partition(" ")
    share *= float(percent.rstrip("%")) / 100 if percent else 1.0
    try:
        colour = ground.get_contrast_text(share) if name == "auto" else Color.parse(name)
    except ColorParseError:
        colour = ground.get_contrast_text(share)
    return colour if colour.ansi is not None else ground + colour.multiply_alpha(share)
