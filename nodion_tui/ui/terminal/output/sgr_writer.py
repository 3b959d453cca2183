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

from nodion_tui.ui.terminal.output.output_form import PLAIN, OutputForm

RESET = "\x1b[0m"
_NO_STYLE = Style()
_DIFFERENCES = 4096
"""Pairs of styles whose difference is remembered."""
_MIN_ERASED = 12
"""Fewest blanks that are erased instead of written: the sequence takes 8 to 10 bytes."""
_BLANKS = " " * _MIN_ERASED
_ATTRIBUTES = (
    ("bold", 1, 22),
    ("dim", 2, 22),
    ("italic", 3, 23),
    ("underline", 4, 24),
    ("blink", 5, 25),
    ("blink2", 6, 25),
    ("reverse", 7, 27),
    ("conceal", 8, 28),
    ("strike", 9, 29),
    ("underline2", 21, 24),
    ("frame", 51, 54),
    ("encircle", 52, 54),
    ("overline", 53, 55),
)
"""Rich's names, and the codes of ECMA-48 (SGR) that set and take back; one may take back two."""
_UNSETTING = {str(code): str(unset) for _, code, unset in _ATTRIBUTES}
_DRAWN = ("underline", "underline2", "reverse", "strike", "overline", "frame", "encircle")
"""Attributes that show on a blank, but not on an erased cell."""


class SgrWriter:
    """What the terminal writes with, from a reset on; `close` resets it again.

    Args:
        color_system: of the terminal.
        form: what the terminal can do.
    """

    def __init__(self, color_system: ColorSystem, form: OutputForm = PLAIN) -> None:
        self._color_system = color_system
        self._form = form
        self._style = _NO_STYLE

    def write(self, segment: Segment, text: str | None = None) -> str:
        """A segment, or another text in its style, with the change of the style before it."""
        text = segment.text if text is None else text
        style = segment.style or _NO_STYLE
        if not text.strip(" ") and _looks_blank(self._style, style):
            style = self._style
        change = self._change(self._style, style)
        self._style = style
        if self._form.erases and text.endswith(_BLANKS):
            text = _erased(text, style)
        if style.link:
            text = f"\x1b]8;id={style.link_id};{style.link}\x1b\\{text}\x1b]8;;\x1b\\"
        return f"{change}{text}" if change else text

    def close(self) -> str:
        """Reset the terminal."""
        change = self._change(self._style, _NO_STYLE)
        self._style = _NO_STYLE
        return change

    def cost(self, before: Style, after: Style) -> int:
        """Bytes that the change of one style into another takes."""
        return len(self._change(before, after))

    def _change(self, before: Style, after: Style) -> str:
        return _difference(before, after, self._color_system, unsets=self._form.unsets)


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
def _difference(before: Style, after: Style, color_system: ColorSystem, *, unsets: bool) -> str:
    """The sequence that changes one style into another; empty if they look the same."""
    old, new = _codes(before, color_system), _codes(after, color_system)
    if old == new:
        return ""
    if not any((new.attributes, new.color, new.background)):
        return RESET
    afresh = f"\x1b[{';'.join(['0', *new.all])}m"
    gone = [code for code in old.attributes if code not in new.attributes]
    if gone and not unsets:
        return afresh
    unset = dict.fromkeys(_UNSETTING[code] for code in gone)
    set_again = [code for code in new.attributes if _UNSETTING[code] in unset]
    added = [code for code in new.attributes if code not in old.attributes]
    changed = list(dict.fromkeys([*unset, *set_again, *added]))
    if old.color != new.color:
        changed.append(new.color or "39")
    if old.background != new.background:
        changed.append(new.background or "49")
    return min(f"\x1b[{';'.join(changed)}m", afresh, key=len)


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
        tuple(str(code) for name, code, _ in _ATTRIBUTES if getattr(style, name)),
        _color_codes(style.color, color_system, foreground=True),
        _color_codes(style.bgcolor, color_system, foreground=False),
    )


def _color_codes(color: Color | None, color_system: ColorSystem, *, foreground: bool) -> str:
    if color is None or color.is_default:
        return ""
    return ";".join(color.downgrade(color_system).get_ansi_codes(foreground=foreground))
