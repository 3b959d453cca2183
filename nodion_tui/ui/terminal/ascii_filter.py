"""Line filter for terminals limited to ASCII: replaces all other characters.

Widgets choose ASCII signs where they can; the rest (scrollbars, plots, text of the service) is
replaced by similar characters here, in the same number of columns.
"""

import re
from types import MappingProxyType

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

_NON_ASCII = re.compile("[^\x00-\x7f]")
_SIMILAR = MappingProxyType(
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
"""Character → similar ASCII character. Partial blocks become spaces; their colours remain."""


class AsciiFilter(LineFilter):
    """Replaces all characters except ASCII; the columns stay the same."""

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The segments in ASCII; the same list if nothing had to change."""
        if all(text.isascii() for text, _, _ in segments):
            return segments
        return [Segment(to_ascii(text), style, control) for text, style, control in segments]


def to_ascii(text: str) -> str:
    """The text in ASCII with the same width; `?` per column of unknown characters."""
    return _NON_ASCII.sub(lambda match: _replacement(match.group()), text)


def _replacement(character: str) -> str:
    return _SIMILAR.get(character) or "?" * cell_len(character)
