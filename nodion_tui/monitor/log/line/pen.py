"""Colours and text attributes of log lines (SGR, ECMA-48 8.3.117).

A sequence with an unknown parameter is not applied at all; it is shown as text. Conceal is unknown
on purpose: a log must not hide its content. Blink, fonts and frames are ignored.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nodion_tui.monitor.log.line.sequences import SGR

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
    strike: bool = False
    overline: bool = False


DEFAULT_PEN = Pen()

_ATTRIBUTES = {
    "bold": 1,
    "dim": 2,
    "italic": 3,
    "underline": 4,
    "reverse": 7,
    "strike": 9,
    "overline": 53,
}
_SWITCHES: dict[int, dict[str, bool]] = {
    **{code: {name: True} for name, code in _ATTRIBUTES.items()},
    21: {"underline": True},
    22: {"bold": False, "dim": False},
    23: {"italic": False},
    24: {"underline": False},
    27: {"reverse": False},
    29: {"strike": False},
    55: {"overline": False},
}


@lru_cache(maxsize=1024)
def apply_sgr(parameters: str, pen: Pen) -> Pen | None:
    """The pen after `ESC [ parameters m`; None if any parameter is unknown."""
    if not SGR.fullmatch(f"\x1b[{parameters}m"):
        return None
    fields = iter(parameters.split(";"))
    for field in fields:
        pen = _colon(field, pen) if ":" in field else _step(_number(field), fields, pen)
    return pen


@lru_cache(maxsize=4096)
def sgr_parameters(pen: Pen) -> str:
    """The parameters that set a pen on a terminal with default attributes; may be empty."""
    codes = [str(code) for name, code in _ATTRIBUTES.items() if getattr(pen, name)]
    return ";".join([*codes, *_color_codes(pen.color, 38), *_color_codes(pen.background, 48)])


def _color_codes(color: SgrColor, extended: int) -> Iterator[str]:
    if isinstance(color, tuple):
        yield f"{extended};2;{';'.join(map(str, color))}"
    elif color is not None and color < 16:
        yield str(extended - 8 + color if color < 8 else extended + 52 + color - 8)
    elif color is not None:
        yield f"{extended};5;{color}"


def _step(code: int, fields: Iterator[str], pen: Pen) -> Pen:
    if code == 0:
        return DEFAULT_PEN
    if code in {38, 48, 58}:
        return _painted(pen, code, _extended(fields))
    if 30 <= code <= 37 or 90 <= code <= 97:
        return pen._replace(color=code - 30 if code < 90 else code - 82)
    if 40 <= code <= 47 or 100 <= code <= 107:
        return pen._replace(background=code - 40 if code < 100 else code - 92)
    if code in {39, 49}:
        return _painted(pen, code - 1, None)
    return pen._replace(**_SWITCHES.get(code, {}))


def _painted(pen: Pen, code: int, color: SgrColor) -> Pen:
    """The pen with a colour; that of an underline (58) is not shown."""
    if code == 58:
        return pen
    return pen._replace(color=color) if code == 38 else pen._replace(background=color)


def _extended(fields: Iterator[str]) -> SgrColor:
    """The colour after 38, 48 or 58: `5;n` or `2;r;g;b`."""
    if _number(next(fields)) == 5:
        return _number(next(fields))
    return (_number(next(fields)), _number(next(fields)), _number(next(fields)))


def _colon(field: str, pen: Pen) -> Pen:
    """The colon forms: `38:5:n`, `38:2:r:g:b`, `38:2::r:g:b`, and `4:n` for kinds of underline."""
    code, kind, *values = field.split(":")
    if _number(code) == 4:
        return pen._replace(underline=_number(kind) != 0)
    if len(values) > 3:
        values = values[1:]  # ISO 8613-6 has a colour space before the three values
    return _painted(pen, _number(code), _extended(iter([kind, *values])))


def _number(text: str) -> int:
    return int(text or 0)
