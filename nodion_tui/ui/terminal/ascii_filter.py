"""Line filter for terminals limited to ASCII: replaces all other characters.

It is the one place where the screen becomes ASCII: widgets draw the same signs everywhere, and
scrollbars, plots and text of the service need the replacement as much as they do.
"""

import re
import unicodedata

from rich.cells import cell_len
from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter

from nodion_tui.model.text.signs import STAND_INS


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
    """The text in ASCII with the same width.

    A letter loses its accents; `?` stands for each column of other characters without a stand-in.
    """
    return re.sub("[^\x00-\x7f]", lambda match: _replacement(match.group()), text)


def _replacement(character: str) -> str:
    columns = cell_len(character)
    if (stand_in := STAND_INS.get(character)) is not None:
        return stand_in
    folded = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    return folded if folded.isprintable() and len(folded) == columns else "?" * columns
