"""Styles of a log, derived from the theme's variables.

Component classes would cost a node that is restyled with every widget.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from rich.style import Style
from textual.widget import Widget

from nodion_tui.model.line_pattern import LOOK_COLORS, LOOK_WORDS
from nodion_tui.ui.log.render.line_text import TextRole
from nodion_tui.ui.paint.theme import ThemeStyle
from nodion_tui.ui.paint.widget_styles import base_style, resolve

_LOOK_VARIABLES: Mapping[str, str] = MappingProxyType(
    {word: f"text-{word}" for word in LOOK_COLORS if word != "muted"}
    | {"muted": "foreground-muted"}
)
"""Word of a look → variable of the theme."""

LOG_STYLES: Mapping[str, ThemeStyle] = MappingProxyType(
    {
        "frame": ThemeStyle("border-blurred"),
        "frame-focused": ThemeStyle("border"),
        "thumb": ThemeStyle("foreground-muted", style="bold"),
        "stamp": ThemeStyle("foreground-muted"),
        "sign": ThemeStyle("primary", style="bold"),
        "cursor-sign": ThemeStyle("border-blurred", style="bold"),
        "cursor-sign-focused": ThemeStyle("primary", style="bold"),
        "cursor": ThemeStyle(background="primary", opacity=0.1, unmixed="log-cursor"),
        "cursor-focused": ThemeStyle(
            background="primary", opacity=0.25, unmixed="log-cursor-focused"
        ),
        "selected": ThemeStyle(
            "foreground", "primary", opacity=0.45, style="not dim", unmixed="log-selected"
        ),
        "match": ThemeStyle(
            background="warning", opacity=0.35, style="underline", unmixed="log-match"
        ),
        "current": ThemeStyle("background", background="warning", style="bold underline"),
        "mark": ThemeStyle("text-accent", style="dim"),
        "faint": ThemeStyle("foreground-muted"),
        "level": ThemeStyle(style="bold"),
        "key": ThemeStyle("foreground-muted"),
        "value": ThemeStyle("text-accent"),
        "error": ThemeStyle("text-error"),
        "warning": ThemeStyle("text-warning"),
        "note": ThemeStyle("foreground-muted", style="italic"),
        "bad-end": ThemeStyle("text-error", style="italic"),
        **{f"look-{word}": ThemeStyle(_LOOK_VARIABLES[word]) for word in LOOK_COLORS},
        "run-1": ThemeStyle("text-primary"),
        "run-2": ThemeStyle("text-success"),
        "run-3": ThemeStyle("text-warning"),
        "run-4": ThemeStyle("text-accent"),
        "run-5": ThemeStyle("text-secondary"),
        "run-6": ThemeStyle("text-error"),
        "title": ThemeStyle("text-muted"),
        "title-focused": ThemeStyle("foreground", style="bold"),
        "live": ThemeStyle("text-success"),
        "running": ThemeStyle("text-primary", style="bold"),
        "paused": ThemeStyle("text-warning", style="bold"),
        "failed": ThemeStyle("text-error", style="bold"),
        "facts": ThemeStyle("foreground-muted"),
        "bar": ThemeStyle("primary"),
        "gone": ThemeStyle(background="warning", opacity=0.15, unmixed="log-gone"),
        "gone-lit": ThemeStyle(
            background="warning", opacity=0.45, style="bold", unmixed="log-gone-lit"
        ),
        "new": ThemeStyle(background="error", opacity=0.18, unmixed="log-new"),
        "new-lit": ThemeStyle(background="error", opacity=0.5, style="bold", unmixed="log-new-lit"),
    }
)
"""All styles of a log and its border, by name."""


@dataclass(frozen=True, slots=True)
class LogStyles:
    """All styles of a log; all except `base` are overlays."""

    base: Style
    frame: Style
    thumb: Style
    timestamp: Style
    sign: Style
    cursor_sign: Style
    cursor: Style
    selected: Style
    match: Style
    current: Style
    roles: dict[TextRole, Style]
    looks: Mapping[str, Style]
    """By the words of looks that are colours."""

    def look(self, words: frozenset[str]) -> Style:
        """The overlay of a look: its colour and its styles."""
        style = Style()
        for word in LOOK_WORDS:
            if word in words:
                style += self.looks.get(word) or Style.parse(word)
        return style


def log_styles(widget: Widget, *, focused: bool) -> LogStyles:
    """The styles of a log in the current theme.

    Args:
        widget: widget whose background the log is painted on.
        focused: whether it has the focus.
    """
    state = "-focused" if focused else ""
    variables, background = widget.app.theme_variables, widget.background_colors[1]
    no_color = widget.app.no_color

    def overlay(name: str) -> Style:
        return resolve(LOG_STYLES[name], variables, background)[0]

    selected = overlay("selected")
    return LogStyles(
        base=base_style(widget),
        frame=overlay(f"frame{state}"),
        thumb=overlay("thumb"),
        timestamp=overlay("stamp"),
        sign=overlay("sign"),
        cursor_sign=overlay(f"cursor-sign{state}"),
        cursor=_cursor(overlay(f"cursor{state}")),
        selected=selected + Style(reverse=True) if no_color else selected,
        match=overlay("match"),
        current=overlay("current"),
        looks={
            word: Style(underline=word != "muted") if no_color else overlay(f"look-{word}")
            for word in LOOK_COLORS
        },
        roles={role: _role(role, overlay, no_color=no_color) for role in TextRole},
    )


def _role(role: TextRole, overlay: Callable[[str], Style], *, no_color: bool) -> Style:
    """The overlay of a role; errors become bold where colours turn into greys."""
    if role is TextRole.TEXT or (role is TextRole.WARNING and no_color):
        return Style()
    if role in {TextRole.ERROR, TextRole.BAD_END} and no_color:
        return Style(bold=True)
    return overlay(role.value)


def _cursor(style: Style) -> Style:
    """The background of the cursor's line; bold instead on the terminal's own palette."""
    background = style.bgcolor
    return Style(bold=True) if background is not None and background.is_system_defined else style
