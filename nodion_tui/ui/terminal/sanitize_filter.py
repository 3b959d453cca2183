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
from nodion_tui.ui.terminal.row_segments import is_narrow

_UNSAFE = f"[{HIDDEN_CHARACTERS}]"
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACK = f"([{_MARKS}]{{{MAX_COMBINING}}})[{_MARKS}]+"
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
            Segment(
                re.sub(_STACK, r"\1", re.sub(_UNSAFE, _replacement, text)),
                _without_unsafe_link(style),
            )
            for text, style, _ in segments
        ]


def _is_safe(segment: Segment) -> bool:
    text, style, _ = segment
    # What is narrow is safe, too; the patterns are compiled for other text, which takes long.
    if not is_narrow(text) and (re.search(_UNSAFE, text) or re.search(_STACK, text)):
        return False
    return style is None or style.link is None or not re.search(_UNSAFE, style.link)


def _replacement(match: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" * get_character_cell_size(match.group())


def _without_unsafe_link(style: Style | None) -> Style | None:
    """The style without a link that could terminate its own escape sequence."""
    if style is None or style.link is None or not re.search(_UNSAFE, style.link):
        return style
    return style.update_link(None)
