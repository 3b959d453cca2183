"""The Rich style of a pen."""

from functools import lru_cache

from rich.color import Color
from rich.style import Style

from nodion_tui.monitor.log.line.pen import Pen, SgrColor

_BLACK, _BRIGHT_BLACK = 0, 8
_WHITES = frozenset({7, 15})


@lru_cache(maxsize=4096)
def pen_style(pen: Pen) -> Style:
    """The Rich style of a pen, with only the set attributes."""
    return Style(
        color=_color(pen.color if pen.background is not None else _readable(pen.color)),
        bgcolor=_color(pen.background),
        bold=pen.bold or None,
        dim=pen.dim or None,
        italic=pen.italic or None,
        underline=pen.underline or None,
        reverse=pen.reverse or None,
        strike=pen.strike or None,
        overline=pen.overline or None,
    )


def _readable(color: SgrColor) -> SgrColor:
    """A colour on the background of the screen, which may be black or white itself."""
    if color in _WHITES:
        return None
    return _BRIGHT_BLACK if color == _BLACK else color


def _color(color: SgrColor) -> Color | None:
    if color is None:
        return None
    return Color.from_ansi(color) if isinstance(color, int) else Color.from_rgb(*color)
