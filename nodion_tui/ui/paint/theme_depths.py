"""Our themes for terminals of 256 and of 16 colours, chosen by eye instead of converted.

A dark colour has few neighbours among 256: the nearest of a dark blue is a grey, navy or teal. So
surfaces are greys here, and the hues are colours of the palette.
"""

import dataclasses
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from textual.theme import Theme

from nodion_tui.ui.paint.theme import THEMES
from nodion_tui.ui.terminal.colors.palette_filter import palette_hex

_PALETTE_DEPTH = 256

_NUMBERS: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "nodion-dark": {
            "primary": 75,
            "secondary": 141,
            "accent": 75,
            "success": 114,
            "warning": 179,
            "error": 204,
            "foreground": 253,
            "background": 233,
            "surface": 234,
            "panel": 235,
            "boost": 236,
            "border": 75,
            "border-blurred": 242,
            "text-primary": 75,
            "text-success": 114,
            "text-warning": 179,
            "text-error": 210,
            "text-accent": 117,
            "text-muted": 248,
            "text-disabled": 245,
            "foreground-muted": 248,
            "foreground-disabled": 245,
            "primary-muted": 237,
            "block-cursor-background": 237,
            "block-cursor-foreground": 255,
            "block-cursor-blurred-background": 235,
            "block-cursor-blurred-foreground": 253,
            "input-selection-background": 24,
            "scrollbar": 242,
            "scrollbar-hover": 245,
            "scrollbar-active": 75,
            "scrollbar-background": 233,
            "scrollbar-background-hover": 233,
            "scrollbar-background-active": 233,
            "scrollbar-corner-color": 233,
            "button-color-foreground": 233,
            "footer-key-foreground": 117,
            "log-cursor": 235,
            "log-cursor-focused": 237,
            "log-selected": 24,
            "log-match": 58,
            "log-gone": 237,
            "log-gone-lit": 58,
            "log-new": 52,
            "log-new-lit": 88,
        },
        "nodion-light": {
            "primary": 25,
            "secondary": 61,
            "accent": 25,
            "success": 28,
            "warning": 94,
            "error": 125,
            "foreground": 235,
            "background": 231,
            "surface": 255,
            "panel": 254,
            "boost": 253,
            "border": 25,
            "border-blurred": 244,
            "text-primary": 25,
            "text-success": 22,
            "text-warning": 58,
            "text-error": 124,
            "text-accent": 25,
            "text-muted": 240,
            "text-disabled": 242,
            "foreground-muted": 240,
            "foreground-disabled": 242,
            "primary-muted": 189,
            "block-cursor-background": 189,
            "block-cursor-foreground": 233,
            "block-cursor-blurred-background": 254,
            "block-cursor-blurred-foreground": 235,
            "scrollbar": 244,
            "scrollbar-hover": 241,
            "scrollbar-active": 25,
            "scrollbar-background": 231,
            "scrollbar-background-hover": 231,
            "scrollbar-background-active": 231,
            "scrollbar-corner-color": 231,
            "button-color-foreground": 231,
            "footer-key-foreground": 25,
            "log-cursor": 254,
            "log-cursor-focused": 189,
            "log-selected": 153,
            "log-match": 229,
            "log-gone": 230,
            "log-gone-lit": 222,
            "log-new": 224,
            "log-new-lit": 217,
        },
        "nodion-contrast": {
            "primary": 81,
            "secondary": 183,
            "accent": 227,
            "success": 84,
            "warning": 221,
            "error": 210,
            "foreground": 231,
            "background": 16,
            "surface": 16,
            "panel": 234,
            "boost": 236,
            "border": 227,
            "border-blurred": 247,
            "text-primary": 117,
            "text-success": 84,
            "text-warning": 221,
            "text-error": 217,
            "text-accent": 227,
            "text-muted": 252,
            "text-disabled": 249,
            "foreground-muted": 252,
            "foreground-disabled": 249,
            "primary-muted": 17,
            "block-cursor-background": 17,
            "block-cursor-foreground": 231,
            "block-cursor-blurred-background": 234,
            "block-cursor-blurred-foreground": 231,
            "scrollbar": 247,
            "scrollbar-background": 16,
            "button-color-foreground": 16,
            "footer-key-foreground": 227,
            "log-cursor": 234,
            "log-cursor-focused": 17,
            "log-selected": 19,
            "log-match": 58,
            "log-gone": 236,
            "log-gone-lit": 58,
            "log-new": 52,
            "log-new-lit": 88,
        },
    }
)
"""Theme → part → number of its colour."""


def themes_of(depth: int) -> tuple[Theme, ...]:
    """Our themes, under the same names, for a terminal of this many colours.

    With 16 colours, all of them are the one of the terminal's own colours.
    """
    if depth > _PALETTE_DEPTH:
        return THEMES
    if depth == _PALETTE_DEPTH:
        return tuple(map(_in_palette, THEMES))
    own = THEMES[-1]
    return tuple(dataclasses.replace(own, name=theme.name) for theme in THEMES)


def _in_palette(theme: Theme) -> Theme:
    numbers = _NUMBERS.get(theme.name)
    if numbers is None:
        return theme
    colours = {part: palette_hex(number) for part, number in numbers.items()}
    fields = {field.name for field in dataclasses.fields(Theme)}
    own: dict[str, Any] = {part: colours.pop(part) for part in numbers if part in fields}
    return dataclasses.replace(theme, variables={**theme.variables, **colours}, **own)
