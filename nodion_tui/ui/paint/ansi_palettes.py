"""The sixteen colours that jobs print in, as the dark and the light themes show them.

Those of Textual are of other themes: yellow and bright green are hardly visible on our light
background, and blue is violet on the dark one. Each colour but black and white, which
`ui.log.render.pen_style` replaces where they are no contrast, is readable on the background of its
themes, and behind black.
"""

from rich.terminal_theme import TerminalTheme


def _palette(background: str, foreground: str, normal: str, bright: str) -> TerminalTheme:
    return TerminalTheme(_rgb(background), _rgb(foreground), _colors(normal), _colors(bright))


def _colors(names: str) -> list[tuple[int, int, int]]:
    return [_rgb(name) for name in names.split()]


def _rgb(name: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(name)
    return red, green, blue


DARK = _palette(
    "12161d",
    "d5dbe6",
    "000000 f57f8b 6fca95 e3b862 74b8f7 c79bf2 5cc8d6 d5dbe6",
    "97a3b8 ff9aa4 8fdcae f0cb7f 9ccdfb dab8f8 85dbe6 ffffff",
)
LIGHT = _palette(
    "fbfbf9",
    "20262f",
    "000000 d53046 1e804a 996600 1473cc a14cbd 0c7c8d e2e3df",
    "566070 ae2034 17703e 855800 0f5ea9 8a35a6 0a6876 ffffff",
)
