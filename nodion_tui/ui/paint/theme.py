"""All colours, and the styles of statuses and other parts of rows, by name.

Styles refer to Textual's own variables, so that every other theme works as well; `log-…` is ours,
and mixed from those where a theme does not set it. `text-error` means
failed, `text-success` succeeded, `text-primary` running.
"""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec
from msgspec.structs import replace
from textual.theme import BUILTIN_THEMES, Theme

from nodion_tui.model.text.signs import STATUS_SIGNS

DEFAULT_THEME = "nodion-dark"

THEMES = (
    Theme(
        name=DEFAULT_THEME,
        primary="#5aa9f2",
        secondary="#9d8cf0",
        accent="#5aa9f2",
        success="#5fbf87",
        warning="#d9ab55",
        error="#ee6a78",
        foreground="#d5dbe6",
        background="#12161d",
        surface="#171c25",
        panel="#1d2430",
        boost="#232c3a",
        variables={
            "border": "#5aa9f2",
            "border-blurred": "#5f6c83",
            "text-primary": "#74b8f7",
            "text-success": "#6fca95",
            "text-warning": "#e3b862",
            "text-error": "#f57f8b",
            "text-accent": "#8fc7ff",
            "text-muted": "#97a3b8",
            "text-disabled": "#7d899e",
            "foreground-muted": "#97a3b8",
            "foreground-disabled": "#7d899e",
            "block-cursor-background": "#253954",
            "block-cursor-foreground": "#f2f5fa",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": "#1d2430",
            "block-cursor-blurred-foreground": "#d5dbe6",
            "primary-muted": "#253954",
            "log-cursor": "#1d2430",
            "log-cursor-focused": "#253954",
            "log-selected": "#2f5179",
            "input-selection-background": "#5aa9f2 35%",
            "scrollbar": "#5f6c83",
            "scrollbar-hover": "#76849c",
            "scrollbar-active": "#5aa9f2",
            "scrollbar-background": "#12161d",
            "scrollbar-background-hover": "#12161d",
            "scrollbar-background-active": "#12161d",
            "scrollbar-corner-color": "#12161d",
            "button-color-foreground": "#10141b",
            "footer-key-foreground": "#8fc7ff",
        },
    ),
    Theme(
        name="nodion-light",
        dark=False,
        primary="#1263b0",
        secondary="#6247c4",
        accent="#1263b0",
        success="#1c7a45",
        warning="#8f5f00",
        error="#b8263a",
        foreground="#20262f",
        background="#fbfbf9",
        surface="#f3f3f0",
        panel="#eaeae6",
        boost="#e2e3df",
        variables={
            "border": "#1263b0",
            "border-blurred": "#83888c",
            "text-primary": "#0f5ea9",
            "text-success": "#17703e",
            "text-warning": "#855800",
            "text-error": "#ae2034",
            "text-accent": "#0f5ea9",
            "text-muted": "#566070",
            "text-disabled": "#6c7580",
            "foreground-muted": "#566070",
            "foreground-disabled": "#6c7580",
            "block-cursor-background": "#cfe2f5",
            "block-cursor-foreground": "#10161f",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": "#eaeae6",
            "block-cursor-blurred-foreground": "#20262f",
            "primary-muted": "#cfe2f5",
            "log-cursor": "#eaeae6",
            "log-cursor-focused": "#cfe2f5",
            "log-selected": "#b3d3f0",
            "scrollbar": "#83888c",
            "scrollbar-hover": "#6b7175",
            "scrollbar-active": "#1263b0",
            "scrollbar-background": "#fbfbf9",
            "scrollbar-background-hover": "#fbfbf9",
            "scrollbar-background-active": "#fbfbf9",
            "scrollbar-corner-color": "#fbfbf9",
            "button-color-foreground": "#ffffff",
            "footer-key-foreground": "#0f5ea9",
        },
    ),
    Theme(
        name="nodion-contrast",
        primary="#66ccff",
        secondary="#d0b0ff",
        accent="#ffff66",
        success="#66ff99",
        warning="#ffdd33",
        error="#ff8080",
        foreground="#ffffff",
        background="#000000",
        surface="#000000",
        panel="#1a1a1a",
        boost="#333333",
        variables={
            "border": "#ffff66",
            "border-blurred": "#9a9a9a",
            "text-primary": "#80d4ff",
            "text-success": "#66ff99",
            "text-warning": "#ffdd33",
            "text-error": "#ff8f8f",
            "text-accent": "#ffff66",
            "text-muted": "#d0d0d0",
            "text-disabled": "#b0b0b0",
            "foreground-muted": "#d0d0d0",
            "foreground-disabled": "#b0b0b0",
            "block-cursor-background": "#00006b",
            "block-cursor-foreground": "#ffffff",
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": "#1f1f1f",
            "block-cursor-blurred-foreground": "#ffffff",
            "primary-muted": "#00006b",
            "log-cursor": "#1f1f1f",
            "log-cursor-focused": "#00006b",
            "log-selected": "#0000a8",
            "scrollbar": "#9a9a9a",
            "scrollbar-background": "#000000",
            "button-color-foreground": "#000000",
            "footer-key-foreground": "#ffff66",
        },
    ),
    Theme(
        name="nodion-ansi",
        ansi=True,
        primary="ansi_blue",
        secondary="ansi_magenta",
        accent="ansi_cyan",
        success="ansi_green",
        warning="ansi_yellow",
        error="ansi_red",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={
            "ansi-background": "ansi_default",
            "ansi-foreground": "ansi_default",
            "border": "ansi_cyan",
            "border-blurred": "ansi_bright_black",
            "text-muted": "ansi_bright_black",
            "text-disabled": "ansi_bright_black",
            "foreground-muted": "ansi_bright_black",
            "block-cursor-background": "ansi_blue",
            "block-cursor-foreground": "ansi_bright_white",
            "block-cursor-text-style": "none",
            "block-cursor-blurred-background": "ansi_default",
            "block-cursor-blurred-foreground": "ansi_default",
            "footer-key-foreground": "ansi_cyan",
            "scrollbar": "ansi_bright_black",
            "scrollbar-background": "ansi_default",
        },
    ),
)
"""Dark, light, high contrast, and the terminal's own colours."""


class ThemeStyle(msgspec.Struct, frozen=True):
    """How a part of a row differs from its widget: theme variables and a Rich style."""

    color: str = ""
    """Theme variable of the text; empty: the widget's own colour."""
    background: str = ""
    """Theme variable of the background; empty: the widget's own."""
    opacity: float = 1.0
    """Opacity of the background colour, 0 to 1."""
    style: str = ""
    """Words of a Rich style, such as `bold`, visible without colour too."""
    unmixed: str = ""
    """Theme variable of the background in themes that have it; others mix the colour."""


def selected_status_style(status: str) -> str:
    """The style name of a status in the cursor row."""
    return f"{status_style(status)}-chosen"


def status_style(status: str) -> str:
    """The style name of a status; unknown ones share one."""
    return status if status in STATUS_SIGNS else "unknown"


_STATUSES: Mapping[str, ThemeStyle] = MappingProxyType(
    {
        "pending": ThemeStyle("text-warning"),
        "running": ThemeStyle("text-primary", style="bold"),
        "succeeded": ThemeStyle("text-success"),
        "failed": ThemeStyle("text-error", style="bold"),
        "canceled": ThemeStyle("text-muted"),
        "unknown": ThemeStyle("text-accent"),
    }
)

THEME_STYLES: Mapping[str, ThemeStyle] = MappingProxyType(
    {
        **_STATUSES,
        **{
            selected_status_style(name): replace(style, style="reverse bold")
            for name, style in _STATUSES.items()
        },
        "dim": ThemeStyle("text-muted"),
        "strong": ThemeStyle("foreground", style="bold"),
        "name": ThemeStyle("text-accent", style="bold"),
        "good": ThemeStyle("text-success"),
        "warning": ThemeStyle("text-warning"),
        "badge": ThemeStyle("text-warning", style="bold"),
        "bad": ThemeStyle("text-error"),
        "trouble": ThemeStyle("text-error", style="bold"),
        "key": ThemeStyle("footer-key-foreground", style="bold"),
        "cursor": ThemeStyle("block-cursor-foreground", "block-cursor-background"),
        "cursor-blurred": ThemeStyle(
            "block-cursor-blurred-foreground", "block-cursor-blurred-background"
        ),
        "bar": ThemeStyle("border"),
        "bar-blurred": ThemeStyle("border-blurred"),
    }
)
"""All styles of row texts, by name."""


def theme_names() -> frozenset[str]:
    """Names that the setting `theme` may have: ours and Textual's."""
    return frozenset(BUILTIN_THEMES) | {theme.name for theme in THEMES}
