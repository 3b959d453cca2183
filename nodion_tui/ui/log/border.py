"""Upper or lower border of the log pane with text in it; repaints only changed columns."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.geometry import Region

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.log.render.line_styles import LOG_STYLES
from nodion_tui.ui.paint.widget_styles import WidgetStyles
from nodion_tui.ui.terminal.raw_row_widget import RawRowWidget
from nodion_tui.ui.terminal.row_segments import RowSegments

Side = Literal["top", "bottom"]

Tone = Literal["frame", "title", "live", "running", "paused", "failed", "facts", "bar"]

Cell = tuple[str, str]
"""Character and tone."""

_CORNERS = {"top": ("╭", "╮"), "bottom": ("╰", "╯")}


@dataclass(frozen=True, slots=True)
class BorderText:
    """Text of one style."""

    text: str
    tone: str = "facts"
    """A `Tone`, or the style of a profile's name."""
    is_optional: bool = False
    """Left of the line: whether it is left out where the texts do not fit, so that none is cut."""
    hides_lines: bool = False
    """Whether it tells that lines are hidden: a message does not take its place."""


class LogBorder(RawRowWidget):
    """One row: `╰ left ───── right ───╯`.

    Args:
        side: upper or lower border.
    """

    DEFAULT_CSS = """
    LogBorder { height: 1; }
    """

    def __init__(self, side: Side, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.frame_style: Callable[[], Style] | None = None
        """Returns the style of the frame; None: that of a log."""
        self._corners = _CORNERS[side]
        self._left: tuple[BorderText, ...] = ()
        self._right: tuple[BorderText, ...] = ()
        self._filled = 0.0
        self._cells: list[Cell] = []
        self._focused = False
        self._styles = WidgetStyles(self, LOG_STYLES)

    def set_text(
        self, left: tuple[BorderText, ...], right: tuple[BorderText, ...] = (), filled: float = 0.0
    ) -> None:
        """Change the texts.

        Args:
            left: after the left corner.
            right: before the right corner, separated by ` · `; the last ones are dropped where it
                is too narrow.
            filled: fraction of the line between them that is drawn as a progress bar, 0 to 1.
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

    def row_segments(self, y: int, width: int) -> RowSegments:
        """The row; there is only one."""
        if len(self._cells) != width:
            self._cells = self._lay_out()
        segments = (
            Segment("".join(text for text, _ in run), self._style(tone))
            for tone, run in groupby(self._cells if y == 0 else (), key=itemgetter(1))
        )
        return self.apply_filters(segments, width)

    def notify_style_update(self) -> None:
        """Textual: the theme or the pane's focus has changed."""
        super().notify_style_update()
        self._styles.clear()

    def set_focused(self, *, focused: bool) -> None:
        """Use the styles of a focused or unfocused pane."""
        if focused != self._focused:
            self._focused = focused
            self.refresh()

    def _style(self, tone: str) -> Style:
        if tone == "frame" and self.frame_style is not None:
            return self.frame_style()
        state = "-focused" if self._focused and tone in {"frame", "title"} else ""
        return self._styles.style(f"{tone}{state}")

    def _lay_out(self) -> list[Cell]:
        """Lay out one cell per column."""
        width = self.size.width
        corner, end = self._corners
        left = self._left_cells(corner, self._left)
        if len(left) > width:
            needed = [text for text in self._left if not text.is_optional]
            left = self._left_cells(corner, needed)
        left = _cut(left, width - 1)
        right = self._fitting(width - len(left) - 2)
        columns = max(0, width - len(left) - len(right) - 1)
        filled = round(columns * self._filled)
        bar: list[Cell] = [("━", "bar")] * filled
        line: list[Cell] = [("─", "frame")] * (columns - filled)
        return [*left, *bar, *line, *right, (end, "frame")][:width]

    @staticmethod
    def _left_cells(corner: str, texts: Sequence[BorderText]) -> list[Cell]:
        padded = (
            (BorderText(" "), *texts, BorderText(" ")) if texts else (BorderText("─", "frame"),)
        )
        return _cells((BorderText(corner, "frame"), *padded))

    def _fitting(self, columns: int) -> list[Cell]:
        """As many of the right texts as fit, and the line after them."""
        for count in range(len(self._right), 0, -1):
            dots = [BorderText(" · ")] * (count - 1)
            texts = [
                part
                for pair in zip(self._right, [*dots, BorderText(" ")], strict=False)
                for part in pair
            ]
            cells = _cells((BorderText(" "), *texts, BorderText("───", "frame")))
            if len(cells) <= columns:
                return cells
        return []


def _cut(cells: list[Cell], columns: int) -> list[Cell]:
    """The cells that fit, with an ellipsis where some do not."""
    if len(cells) <= columns:
        return cells
    # The last one is the space before the line: a text that just fits is whole.
    if len(cells) == columns + 1:
        return cells[:-1]
    fitting = cells[: max(columns, 0)]
    if fitting:
        is_half = not fitting[-1][0]
        tone = fitting[-1][1]
        fitting[-2 if is_half else -1 :] = [("…", tone), *([(" ", tone)] if is_half else [])]
    return fitting


def _cells(texts: Iterable[BorderText]) -> list[Cell]:
    """One cell per column; the second column of a wide character is empty."""
    cells: list[Cell] = []
    for part in texts:
        text = sanitize(part.text)
        if text.isascii():
            cells.extend((character, part.tone) for character in text)
            continue
        for character in text:
            size = cell_len(character)
            if size:
                cells += [(character, part.tone), ("", part.tone)][:size]
            elif cells:
                cells[-1] = (cells[-1][0] + character, part.tone)
    return cells
