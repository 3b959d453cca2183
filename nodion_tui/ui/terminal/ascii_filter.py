"""For terminals that have ASCII alone: nothing else leaves, whoever painted it.

Widgets choose ASCII signs where they can; what is left (scroll bars, plots, text of the service)
takes the place of something like it here, in as many columns.
"""

import re
from types import MappingProxyType

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_OTHER = re.compile("[^\x00-\x7f]")
_LIKE = MappingProxyType(
    {
        **dict.fromkeys("─━═╌╍┄┅┈┉╴╶╸╺", "-"),
        **dict.fromkeys("│┃║╎╏┆┇┊┋╵╷╹╻", "|"),
        **dict.fromkeys("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬", "+"),
        **dict.fromkeys("▏▎▍▌▐▕", "|"),
        **dict.fromkeys("█▉▊▋", "#"),
        **dict.fromkeys("▁▂▃▄▅▆▇▀▔", " "),
        **dict.fromkeys("…⋯", "~"),
        **dict.fromkeys("·•∙", "."),
        **dict.fromkeys("–—‒", "-"),
        **dict.fromkeys("↑▲△", "^"),
        **dict.fromkeys("↓▼▽", "v"),
        **dict.fromkeys("←◀‹«", "<"),
        **dict.fromkeys("→▶▸›»", ">"),
        **dict.fromkeys("‘’‚", "'"),
        **dict.fromkeys("“”„", '"'),
        **dict.fromkeys("●◉✓", "*"),
        **dict.fromkeys("○◌", "o"),
        **dict.fromkeys("✗×", "x"),
        "⊘": "/",
        "\N{NO-BREAK SPACE}": " ",
    }
)
"""Sign → what is like it. Blocks of a part of a cell become blanks: their colours remain."""


class AsciiFilter(LineFilter):
    """Leaves ASCII alone, in the same columns."""

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The segments as they may be sent; the same list where nothing had to change."""
        if all(text.isascii() for text, _, _ in segments):
            return segments
        return [Segment(ascii_of(text), style, control) for text, style, control in segments]


def ascii_of(text: str) -> str:
    """The text in ASCII, as wide as it was: a question mark for each column of what has no like."""
    return _OTHER.sub(lambda found: _stand_in(found.group()), text)


def _stand_in(character: str) -> str:
    return _LIKE.get(character) or "?" * cell_len(character)
