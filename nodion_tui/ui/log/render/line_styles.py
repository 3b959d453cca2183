"""Styles of a log, derived from the theme's variables.

Component classes would cost a node that is restyled with every widget.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from rich.style import Style
from textual.color import Color, ColorParseError
from textual.widget import Widget

from nodion_tui.ui.log.render.line_text import TextRole


class StyleRule(NamedTuple):
    """What a part of a row changes in the pane's own style."""

    color: str = ""
    """Theme variable of the text; empty: unchanged."""
    background: str = ""
    """Theme variable of the background; empty: unchanged."""
    opacity: float = 1.0
    """Opacity of the background colour, 0 to 1."""
    style: str = ""
    """Rich style words such as `bold`, visible without colour too."""


STYLE_RULES: Mapping[str, StyleRule] = MappingProxyType(
    {
        "frame": StyleRule("border-blurred"),
        "frame-focused": StyleRule("border"),
        "thumb": StyleRule("foreground-muted", style="bold"),
        "stamp": StyleRule("foreground-muted"),
        "sign": StyleRule("primary", style="bold"),
        "cursor": StyleRule(background="primary", opacity=0.1),
        "cursor-focused": StyleRule(background="primary", opacity=0.25),
        "selected": StyleRule(background="primary", opacity=0.45),
        "match": StyleRule(background="warning", opacity=0.35, style="underline"),
        "current": StyleRule("background", background="warning", style="bold underline"),
        "mark": StyleRule("text-accent", style="dim"),
        "faint": StyleRule("foreground-muted"),
        "level": StyleRule(style="bold"),
        "key": StyleRule("foreground-muted"),
        "value": StyleRule("text-accent"),
        "error": StyleRule("text-error"),
        "warning": StyleRule("text-warning"),
        "note": StyleRule("foreground-muted", style="italic"),
        "bad-end": StyleRule("text-error", style="italic"),
        "title": StyleRule("text-muted"),
        "title-focused": StyleRule("foreground", style="bold"),
        "live": StyleRule("text-success"),
        "paused": StyleRule("text-warning", style="bold"),
        "failed": StyleRule("text-error", style="bold"),
        "facts": StyleRule("foreground-muted"),
        "bar": StyleRule("primary"),
        "gone": StyleRule(background="warning", opacity=0.15),
        "gone-lit": StyleRule(background="warning", opacity=0.45, style="bold"),
        "new": StyleRule(background="error", opacity=0.18),
        "new-lit": StyleRule(background="error", opacity=0.5, style="bold"),
    }
)


@dataclass(frozen=True, slots=True)
class LogStyles:
    """All styles of a log; all except `base` are overlays."""

    base: Style
    frame: Style
    thumb: Style
    timestamp: Style
    sign: Style
    cursor: Style
    selected: Style
    match: Style
    current: Style
    roles: dict[TextRole, Style]


def log_styles(widget: Widget, *, focused: bool) -> LogStyles:
    """The styles of a log in the current theme.

    Args:
        widget: widget whose background the log is painted on.
        focused: whether it has the focus.
    """
    state = "-focused" if focused else ""
    selected = overlay_style(widget, "selected")
    return LogStyles(
        base=base_style(widget),
        frame=overlay_style(widget, f"frame{state}"),
        thumb=overlay_style(widget, "thumb"),
        timestamp=overlay_style(widget, "stamp"),
        sign=overlay_style(widget, "sign"),
        cursor=_cursor(widget, f"cursor{state}"),
        selected=selected + Style(reverse=True) if widget.app.no_color else selected,
        match=overlay_style(widget, "match"),
        current=overlay_style(widget, "current"),
        roles={role: _role(widget, role) for role in TextRole},
    )


def _role(widget: Widget, role: TextRole) -> Style:
    """The overlay of a role; errors become bold where colours turn into greys."""
    if role is TextRole.TEXT or (role is TextRole.WARNING and widget.app.no_color):
        return Style()
    if role in {TextRole.ERROR, TextRole.BAD_END} and widget.app.no_color:
        return Style(bold=True)
    return overlay_style(widget, role.value)


def _cursor(widget: Widget, name: str) -> Style:
    """The background of the cursor's line; bold instead on the terminal's own palette."""
    style = overlay_style(widget, name)
    background = style.bgcolor
    return Style(bold=True) if background is not None and background.is_system_defined else style


def base_style(widget: Widget) -> Style:
    """The widget's own colours."""
    own = widget.rich_style
    return Style.from_color(own.color, own.bgcolor)


def overlay_style(widget: Widget, name: str) -> Style:
    """The overlay of a named rule on the widget's own style."""
    part = STYLE_RULES[name]
    background = widget.background_colors[1]
    color = behind = None
    if part.background:
        behind = _colour(widget, part.background, background, part.opacity)
        background = behind
    if part.color:
        color = _colour(widget, part.color, background)
    if behind is not None and behind.ansi is not None:
        color = Color.parse("ansi_black")  # the terminal's palette has no shades
    return Style.from_color(
        color.rich_color if color else None, behind.rich_color if behind else None
    ) + Style.parse(part.style)


def _colour(widget: Widget, variable: str, background: Color, share: float = 1.0) -> Color:
    """A theme variable as a colour on this background."""
    name, _, percent = widget.app.theme_variables.get(variable, "auto").partition(" ")
    share *= float(percent.rstrip("%")) / 100 if percent else 1.0
    try:
        colour = background.get_contrast_text(share) if name == "auto" else Color.parse(name)
    except ColorParseError:
        colour = background.get_contrast_text(share)
    return colour if colour.ansi is not None else background + colour.multiply_alpha(share)
