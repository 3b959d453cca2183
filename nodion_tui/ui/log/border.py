"""The upper or lower edge of the log's frame, with words in it; only what changes is sent."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from nodion_tui.model.sanitize import sanitize
from nodion_tui.ui.log.render.line_styles import base_of, overlay, sign, wants_ascii
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

Side = Literal["top", "bottom"]

Tone = Literal["frame", "title", "live", "paused", "failed", "facts", "bar"]

Cell = tuple[str, Tone]

_CORNERS = {"top": ("╭", "╮"), "bottom": ("╰", "╯")}


@dataclass(frozen=True, slots=True)
class BorderText:
    """Text of one tone."""

    text: str
    tone: Tone = "facts"


class LogBorder(RawRowWidget):
    """One row: `╰ left ───── right ───╯`.

    Args:
        side: which edge it is.
    """

    DEFAULT_CSS = """
    LogBorder { height: 1; }
    """

    def __init__(self, side: Side, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._corners = _CORNERS[side]
        self._left: tuple[BorderText, ...] = ()
        self._right: tuple[BorderText, ...] = ()
        self._filled = 0.0
        self._cells: list[Cell] = []
        self._focused = False
        self._styles: dict[Tone, Style] = {}

    def set_text(
        self, left: tuple[BorderText, ...], right: tuple[BorderText, ...] = (), filled: float = 0.0
    ) -> None:
        """Change the words.

        Args:
            left: after the left corner.
            right: before the right corner, ` · ` between them; where it is too narrow the last
                ones go.
            filled: which part of the line between them is drawn as a bar, 0 to 1.
        """
        if (left, right, filled) == (self._left, self._right, self._filled):
            return
        self._left, self._right, self._filled = left, right, filled
        before, after = self._cells, self._lay_out()
        self._cells = after
        changed = [x for x, cell in enumerate(after) if before[x : x + 1] != [cell]]
        if len(before) != len(after):
            self.refresh()
        elif changed:
            self.refresh(Region(changed[0], 0, changed[-1] + 1 - changed[0], 1))

    def stripe(self, y: int, width: int) -> RowSegments:
        """The row; there is only one."""
        if len(self._cells) != width:
            self._cells = self._lay_out()
        only = wants_ascii(self)
        segments = (
            Segment(sign("".join(text for text, _ in run), ascii_only=only), self._style(tone))
            for tone, run in groupby(self._cells if y == 0 else (), key=itemgetter(1))
        )
        return self.finished(segments, width)

    def notify_style_update(self) -> None:
        """Textual: the theme or the pane's focus has changed."""
        super().notify_style_update()
        self._styles.clear()

    def set_focused(self, *, focused: bool) -> None:
        """Look as the frame of what has the focus, or of what has not."""
        if focused != self._focused:
            self._focused = focused
            self._styles.clear()
            self.refresh()

    def _style(self, tone: Tone) -> Style:
        if tone not in self._styles:
            state = "-focused" if self._focused and tone in {"frame", "title"} else ""
            self._styles[tone] = base_of(self) + overlay(self, f"{tone}{state}")
        return self._styles[tone]

    def _lay_out(self) -> list[Cell]:
        """A cell for each column."""
        width = self.size.width
        corner, end = self._corners
        words = (
            (BorderText(" "), *self._left, BorderText(" "))
            if self._left
            else (BorderText("─", "frame"),)
        )
        left = _cells((BorderText(corner, "frame"), *words))[: max(width - 1, 0)]
        right = self._fitting(width - len(left) - 2)
        room = max(0, width - len(left) - len(right) - 1)
        filled = round(room * self._filled)
        bar: list[Cell] = [("━", "bar")] * filled
        line: list[Cell] = [("─", "frame")] * (room - filled)
        return [*left, *bar, *line, *right, (end, "frame")][:width]

    def _fitting(self, room: int) -> list[Cell]:
        """As many of the right words as there is room for, and the line after them."""
        for count in range(len(self._right), 0, -1):
            dots = [BorderText(" · ")] * (count - 1)
            words = [
                word
                for pair in zip(self._right, [*dots, BorderText(" ")], strict=False)
                for word in pair
            ]
            cells = _cells((BorderText(" "), *words, BorderText("───", "frame")))
            if len(cells) <= room:
                return cells
        return []


def _cells(words: Iterable[BorderText]) -> list[Cell]:
    """Each column's text; of a wide character the second column's is empty."""
    cells: list[Cell] = []
    for word in words:
        for character in sanitize(word.text):
            size = cell_len(character)
            if size:
                cells += [(character, word.tone), ("", word.tone)][:size]
            elif cells:
                cells[-1] = (cells[-1][0] + character, word.tone)
    return cells
