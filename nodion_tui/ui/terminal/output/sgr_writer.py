"""Writes styled text for the terminal with the fewest escape sequences.

Rich and Textual write all attributes of a segment before it and reset them after it: with true
colours some 40 bytes a segment, of which a row of a log has five. Here a style is written as its
difference to the one before it.
"""

from functools import lru_cache
from typing import NamedTuple

from rich.color import Color, ColorSystem
from rich.segment import Segment
from rich.style import Style

RESET = "\x1b[0m"
_NO_STYLE = Style()
_DIFFERENCES = 4096
"""Pairs of styles whose difference is remembered."""
_MIN_ERASED = 12
"""Fewest blanks that are erased instead of written: the sequence takes 8 to 10 bytes."""
_BLANKS = " " * _MIN_ERASED
_ATTRIBUTES = (
    ("bold", 1),
    ("dim", 2),
    ("italic", 3),
    ("underline", 4),
    ("blink", 5),
    ("blink2", 6),
    ("reverse", 7),
    ("conceal", 8),
    ("strike", 9),
    ("underline2", 21),
    ("frame", 51),
    ("encircle", 52),
    ("overline", 53),
)
"""Rich's names and the codes of ECMA-48 (SGR)."""
_DRAWN = ("underline", "underline2", "reverse", "strike", "overline", "frame", "encircle")
"""Attributes that show on a blank, but not on an erased cell."""


class SgrWriter:
    """What the terminal writes with, from a reset on; `close` resets it again.

    Args:
        color_system: of the terminal.
        erases: whether erased cells get the background that is set.
    """

    def __init__(self, color_system: ColorSystem, *, erases: bool = False) -> None:
        self._color_system = color_system
        self._erases = erases
        self._style = _NO_STYLE

    def write(self, segment: Segment, text: str | None = None) -> str:
        """A segment, or another text in its style, with the change of the style before it."""
        text = segment.text if text is None else text
        style = segment.style or _NO_STYLE
        if not text.strip(" ") and _looks_blank(self._style, style):
            style = self._style
        change = _difference(self._style, style, self._color_system)
        self._style = style
        if self._erases and text.endswith(_BLANKS):
            text = _erased(text, style)
        if style.link:
            text = f"\x1b]8;id={style.link_id};{style.link}\x1b\\{text}\x1b]8;;\x1b\\"
        return f"{change}{text}" if change else text

    def close(self) -> str:
        """Reset the terminal."""
        change = _difference(self._style, _NO_STYLE, self._color_system)
        self._style = _NO_STYLE
        return change


def _erased(text: str, style: Style) -> str:
    """The text with the blanks at its end erased: what follows is placed behind them."""
    if not _is_erasable(style):
        return text
    kept = text.rstrip(" ")
    count = len(text) - len(kept)
    return f"{kept}\x1b[{count}X\x1b[{count}C" if count >= _MIN_ERASED else text


@lru_cache(_DIFFERENCES)
def _looks_blank(current: Style, style: Style) -> bool:
    """Whether blanks of a style look the same when they are written with the current one."""
    is_equal = current.bgcolor == style.bgcolor and not (current.link or style.link)
    return is_equal and _is_erasable(current) and _is_erasable(style)


@lru_cache(_DIFFERENCES)
def _is_erasable(style: Style) -> bool:
    return not any(getattr(style, name) for name in _DRAWN)


@lru_cache(_DIFFERENCES)
def _difference(before: Style, after: Style, color_system: ColorSystem) -> str:
    """The sequence that changes one style into another; empty if they look the same."""
    old, new = _codes(before, color_system), _codes(after, color_system)
    if old == new:
        return ""
    if not any((new.attributes, new.color, new.background)):
        return RESET
    if not set(old.attributes) <= set(new.attributes):
        return f"\x1b[{';'.join(['0', *new.all])}m"
    changed = [code for code in new.attributes if code not in old.attributes]
    if old.color != new.color:
        changed.append(new.color or "39")
    if old.background != new.background:
        changed.append(new.background or "49")
    return f"\x1b[{';'.join(changed)}m"


class _Codes(NamedTuple):
    """The codes of a style, those of each colour joined; empty: the default."""

    attributes: tuple[str, ...]
    color: str
    background: str

    @property
    def all(self) -> tuple[str, ...]:
        """Every code."""
        colors = (self.color, self.background)
        return self.attributes + tuple(code for code in colors if code)


@lru_cache(_DIFFERENCES)
def _codes(style: Style, color_system: ColorSystem) -> _Codes:
    return _Codes(
        tuple(str(code) for name, code in _ATTRIBUTES if getattr(style, name)),
        _color_codes(style.color, color_system, foreground=True),
        _color_codes(style.bgcolor, color_system, foreground=False),
    )


def _color_codes(color: Color | None, color_system: ColorSystem, *, foreground: bool) -> str:
    if color is None or color.is_default:
        return ""
    return ";".join(color.downgrade(color_system).get_ansi_codes(foreground=foreground))
