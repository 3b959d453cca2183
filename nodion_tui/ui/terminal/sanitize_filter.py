"""Last line filter before the terminal: removes control characters from all widgets' text.

External text is sanitized where it enters the program, with visible marks for control characters.
This filter is the safety net: independent of widgets, it passes no control, hidden or lone
surrogate character, whatever created the segment. The number of columns stays the same.
"""

import re

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from nodion_tui.model.text.sanitize import HIDDEN_CHARACTERS, MAX_COMBINING

_UNSAFE = re.compile(f"[{HIDDEN_CHARACTERS}]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACK = re.compile(f"([{_MARKS}]{{{MAX_COMBINING}}})[{_MARKS}]+")
"""More combining marks on one character than scripts need: they paint over other rows."""


class SanitizeFilter(LineFilter):
    """Removes or replaces every character that must not reach a terminal.

    Characters without width are removed, others become `\N{REPLACEMENT CHARACTER}`; stacks of
    combining marks are shortened. Must be the last filter in `App.get_line_filters`.
    """

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The sanitized segments; the same list if nothing had to change."""
        if all(_is_safe(segment) for segment in segments):
            return segments
        return [
            Segment(_STACK.sub(r"\1", _UNSAFE.sub(_replacement, text)), _without_unsafe_link(style))
            for text, style, _ in segments
        ]


def _is_safe(segment: Segment) -> bool:
    text, style, _ = segment
    if not (text.isascii() and text.isprintable()) and (
        _UNSAFE.search(text) or _STACK.search(text)
    ):
        return False
    return style is None or style.link is None or not _UNSAFE.search(style.link)


def _replacement(match: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" * get_character_cell_size(match.group())


def _without_unsafe_link(style: Style | None) -> Style | None:
    """The style without a link that could terminate its own escape sequence."""
    if style is None or style.link is None or not _UNSAFE.search(style.link):
        return style
    return style.update_link(None)
