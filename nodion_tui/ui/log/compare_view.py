"""Two logs side by side: what both say is dimmed, what differs is signed and lit."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.compare.comparison import Comparison, differing_words
from nodion_tui.ui.log.render.line_styles import base_of, overlay
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

_LOOKED_AT = 4096
"""Columns of a line that are shown and compared word by word."""

_SIDEWAYS = 8

Spans = list[tuple[int, int]]


class CompareView(ScrollView, can_focus=True):
    """The rows of a comparison: the log to compare with on the left, the other one on the right."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    CompareView { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.message: tuple[str, ...] = ()
        """What stands there while there is nothing to compare."""
        self._buffers: tuple[LogBuffer, LogBuffer] | None = None
        self._comparison: Comparison | None = None
        self._left = 0
        self._at: int | None = None
        self._styles: dict[str, Style] = {}
        self._strips: LRUCache[tuple[int, int, int], Strip] = LRUCache(512)

    def show(self, left: LogBuffer, right: LogBuffer, comparison: Comparison | None) -> None:
        """Show a comparison; None: nothing yet."""
        self._buffers, self._comparison = (left, right), comparison
        self._left, self._at = 0, None
        self._strips.clear()
        self.virtual_size = Size(1, len(comparison) if comparison else 0)
        self.scroll_to(y=0, animate=False)
        self.refresh()

    def clear(self) -> None:
        """Show nothing, and keep nothing of what was shown."""
        self._buffers = self._comparison = None
        self._strips.clear()

    def next_change(self, *, back: bool = False) -> int | None:
        """Scroll to the next difference, or the one before; its row, None if there is none."""
        if self._comparison is None:
            return None
        find = self._comparison.previous_change if back else self._comparison.next_change
        row = find(self._from(back=back))
        if row is not None:
            self._at = row
            self.scroll_to(y=max(0, row - self.size.height // 4), animate=False)
        return row

    def _from(self, *, back: bool) -> int:
        """Where to look on from: the difference last gone to, or the edge of what is on screen."""
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + self.size.height
        if self._at is not None and top <= self._at < bottom:
            return self._at
        return bottom if back else top - 1

    def sideways(self, steps: int) -> None:
        """Scroll both halves sideways, as far as a line on screen reaches."""
        left = max(0, self._left + steps * _SIDEWAYS)
        if left != self._left and (steps < 0 or self._reaches(left)):
            self._left = left
            self.refresh()

    def _reaches(self, column: int) -> bool:
        """Whether a line on screen has something there or further right."""
        if self._comparison is None:
            return False
        top = self.scroll_offset.y
        for row in range(top, min(top + self.size.height, len(self._comparison))):
            at_left, at_right, _ = self._comparison.row(row)
            lines = (self._line(0, at_left), self._line(1, at_right))
            if any(line and LineText(line).reaches(column) for line in lines):
                return True
        return False

    def notify_style_update(self) -> None:
        """Textual: the theme has changed."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()

    def render_line(self, y: int) -> Strip:
        """Textual: a visible row."""
        width, row = self.size.width, y + self.scroll_offset.y
        if self._comparison is None or row >= len(self._comparison):
            return self._said(y, width)
        key = (row, width, self._left)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = Strip(self._row(self._comparison, row, width), width)
        return strip

    def _said(self, y: int, width: int) -> Strip:
        empty = self._comparison is None or not len(self._comparison)
        text = f" {self.message[y]}" if empty and y < len(self.message) else ""
        line = LineText.of([LineSegment(text)]).text(0, width)
        return Strip([Segment(line, self._style("facts"))]).adjust_cell_length(
            width, self._style("")
        )

    def _row(self, comparison: Comparison, row: int, width: int) -> list[Segment]:
        """Both halves of a row."""
        at_left, at_right, same = comparison.row(row)
        left, right = self._line(0, at_left), self._line(1, at_right)
        spans: tuple[Spans, Spans] = ([], [])
        if not same and left is not None and right is not None:
            spans = _worth_it(left, right, differing_words(left, right))
        half = max(0, (width - 3) // 2)
        rest = max(0, width - 3 - half)
        return [
            *self._half("-", left, spans[0], half, "facts" if same else "gone"),
            Segment("│", self._style("frame")),
            *self._half("+", right, spans[1], rest, "facts" if same else "new"),
        ]

    def _half(
        self, sign: str, text: str | None, spans: Spans, width: int, look: str
    ) -> Iterator[Segment]:
        if text is None:
            yield Segment(" " * (width + 1), self._style(""))
            return
        style = self._style(look)
        yield Segment(" " if look == "facts" else sign, style)
        room = width
        for piece in LineText.of(_pieces(text, spans)).slice(self._left, self._left + width):
            room -= cell_len(piece.text)
            lit_up = self._style(f"{look}-lit") if piece.role is TextRole.KEY else style
            yield Segment(piece.text, lit_up)
        yield Segment(" " * room, style)

    def _line(self, side: int, index: int | None) -> str | None:
        if index is None or self._buffers is None:
            return None
        entry = self._buffers[side].entry(index, 4 * _LOOKED_AT)
        return LineText(entry.body).text(0, _LOOKED_AT)

    def _style(self, look: str) -> Style:
        if look not in self._styles:
            self._styles[look] = base_of(self) + (overlay(self, look) if look else Style())
        return self._styles[look]


def _worth_it(left: str, right: str, spans: tuple[Spans, Spans]) -> tuple[Spans, Spans]:
    """Nothing is lit in lines that have little in common: all of them differs."""
    lit_up = sum(stop - start for side in spans for start, stop in side)
    return spans if 2 * lit_up <= len(left) + len(right) else ([], [])


def _pieces(text: str, spans: Spans) -> Iterator[LineSegment]:
    """The text in pieces, of which the lit ones are told by their role."""
    done = 0
    for start, stop in spans:
        yield LineSegment(text[done:start])
        yield LineSegment(text[start:stop], role=TextRole.KEY)
        done = stop
    yield LineSegment(text[done:])
