"""Colours and text attributes in log lines: a whitelist of SGR parameters (ECMA-48, 8.3.117).

A sequence with an unknown parameter is not applied at all; the caller shows it as text. Conceal
is excluded on purpose: a log must not hide its content.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.color import Color
from rich.style import Style

MAX_PARAMETERS = 32
"""A sequence with more parameters is shown as text."""

SgrColor = int | tuple[int, int, int] | None
"""A palette number 0–255, true colour, or None for the terminal's default."""


class Pen(NamedTuple):
    """SGR attributes in force."""

    color: SgrColor = None
    background: SgrColor = None
    bold: bool = False
    dim: bool = False
    italic: bool = False
    underline: bool = False
    reverse: bool = False


DEFAULT_PEN = Pen()

_SWITCHES: dict[int, dict[str, bool]] = {
    1: {"bold": True},
    2: {"dim": True},
    3: {"italic": True},
    4: {"underline": True},
    7: {"reverse": True},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
}
_HARMLESS = frozenset({5, 6, 9, 10, 25, 28, 29, 50, 51, 52, 53, 54, 55, 59, 73, 74, 75})
"""Blink, strike, frame and the like: ignored without loss of content."""


@lru_cache(maxsize=1024)
def apply_sgr(parameters: str, pen: Pen) -> Pen | None:
    """The pen after `ESC [ parameters m`; None if any parameter is unknown."""
    fields = parameters.split(";")
    if len(fields) > MAX_PARAMETERS:
        return None
    rest = iter(fields)
    try:
        for field in rest:
            pen = _step(field, rest, pen)
    except ValueError:
        return None
    return pen


@lru_cache(maxsize=4096)
def pen_style(pen: Pen) -> Style:
    """The Rich style of a pen, with only the set attributes."""
    return Style(
        color=_color(pen.color),
        bgcolor=_color(pen.background),
        bold=pen.bold or None,
        dim=pen.dim or None,
        italic=pen.italic or None,
        underline=pen.underline or None,
        reverse=pen.reverse or None,
    )


def _color(paint: SgrColor) -> Color | None:
    if paint is None:
        return None
    return Color.from_ansi(paint) if isinstance(paint, int) else Color.from_rgb(*paint)


def _step(field: str, rest: Iterator[str], pen: Pen) -> Pen:
    if ":" in field:
        return _colon(field, pen)
    code = int(field or 0)
    if code == 0:
        return DEFAULT_PEN
    if code in (38, 48):
        return _painted(pen, code, _extended(rest))
    if code == 58:
        _extended(rest)  # underline colour is not shown
        return pen
    return _simple(code, pen)


def _simple(code: int, pen: Pen) -> Pen:
    if code in _SWITCHES:
        return pen._replace(**_SWITCHES[code])
    if 30 <= code <= 37 or 90 <= code <= 97:
        return pen._replace(color=code - 30 if code < 90 else code - 82)
    if 40 <= code <= 47 or 100 <= code <= 107:
        return pen._replace(background=code - 40 if code < 100 else code - 92)
    if code == 39:
        return pen._replace(color=None)
    if code == 49:
        return pen._replace(background=None)
    if code in _HARMLESS:
        return pen
    raise ValueError(code)


def _painted(pen: Pen, code: int, paint: SgrColor) -> Pen:
    return pen._replace(color=paint) if code == 38 else pen._replace(background=paint)


def _extended(rest: Iterator[str]) -> SgrColor:
    """The colour after 38, 48 or 58: `5;n` or `2;r;g;b`."""
    kind = next(rest, "")
    if kind == "5":
        return _byte(next(rest, "missing"))
    if kind == "2":
        red, green, blue = (_byte(next(rest, "missing")) for _ in range(3))
        return (red, green, blue)
    raise ValueError(kind)


def _colon(field: str, pen: Pen) -> Pen:
    """The colon forms: `38:5:n`, `38:2:r:g:b`, `38:2::r:g:b`, and `4:n` for kinds of underline."""
    code, *parts = field.split(":")
    if code == "4":
        return pen._replace(underline=_byte(parts[0]) != 0)
    if code not in {"38", "48", "58"}:
        raise ValueError(field)
    numbers = parts[1:]
    if parts[0] == "2" and len(numbers) > 3:
        numbers = numbers[1:]  # ISO 8613-6 has a colour space before the three values
    paint = _extended(iter([parts[0], *numbers]))
    return pen if code == "58" else _painted(pen, int(code), paint)


def _byte(text: str) -> int:
    value = int(text or 0)
    if value > 255:
        raise ValueError(text)
    return value
