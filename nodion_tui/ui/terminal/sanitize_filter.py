"""The last gate before the terminal: nothing that a terminal obeys leaves in the text of a widget.

Text from outside is cleaned where it enters, and shown with marks for what was in it. This is the
net under that: it knows of no widget and lets no control, hidden or lone surrogate character
through, whatever made the segment. Columns stay as they were counted.
"""

import re

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.color import Color
from textual.filter import LineFilter

from nodion_tui.model.sanitize import HIDDEN_CHARACTERS, MAX_COMBINING

_OBEYED = re.compile(f"[{HIDDEN_CHARACTERS}]")
_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_STACK = re.compile(f"([{_MARKS}]{{{MAX_COMBINING}}})[{_MARKS}]+")
"""More marks on one character than a script needs: they paint over the rows above."""


class SanitizeFilter(LineFilter):
    """Takes the place of every character that must not reach a terminal.

    What has no width goes, what has one becomes `\N{REPLACEMENT CHARACTER}`; of a stack of
    combining marks a few stay. Install it behind all other filters, in `App.get_line_filters`.
    """

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The segments as they may be sent; the same list where nothing had to change."""
        if all(_is_safe(segment) for segment in segments):
            return segments
        return [
            Segment(_STACK.sub(r"\1", _OBEYED.sub(_inert, text)), _without_bad_link(style))
            for text, style, _ in segments
        ]


def _is_safe(segment: Segment) -> bool:
    text, style, _ = segment
    if not (text.isascii() and text.isprintable()) and (
        _OBEYED.search(text) or _STACK.search(text)
    ):
        return False
    return style is None or style.link is None or not _OBEYED.search(style.link)


def _inert(found: re.Match[str]) -> str:
    return "\N{REPLACEMENT CHARACTER}" * get_character_cell_size(found.group())


def _without_bad_link(style: Style | None) -> Style | None:
    """The style without a link that could end the sequence it is written in."""
    if style is None or style.link is None or not _OBEYED.search(style.link):
        return style
    return style.update_link(None)
