"""The selected text of a log, in positions that scrolling and wrapping do not change."""

from collections.abc import Callable
from dataclasses import dataclass, replace

LINE_END = 1 << 60
"""A column past the end of any line."""


@dataclass(frozen=True, order=True, slots=True)
class TextPosition:
    """A position between two characters."""

    index: int
    """Index of the entry in the buffer."""
    line_index: int = 0
    """Line within the entry; an expanded entry has several."""
    column: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """The text between anchor and head, in either order."""

    anchor: TextPosition
    head: TextPosition
    whole_lines: bool = False
    """Started with the keyboard: covers every touched entry completely."""

    def renumbered(self, renumbering: Callable[[int], int]) -> "Selection":
        """The same text, whose entries have other indexes now."""
        anchor = replace(self.anchor, index=renumbering(self.anchor.index))
        return replace(
            self, anchor=anchor, head=replace(self.head, index=renumbering(self.head.index))
        )

    @property
    def start(self) -> TextPosition:
        """Start of the selected text."""
        first = min(self.anchor, self.head)
        return TextPosition(first.index) if self.whole_lines else first

    @property
    def stop(self) -> TextPosition:
        """End of the selected text."""
        last = max(self.anchor, self.head)
        return TextPosition(last.index + 1) if self.whole_lines else last

    def line_columns(self, index: int, number: int) -> tuple[int, int] | None:
        """The selected columns of an entry's line; None if none are selected."""
        if self.stop <= TextPosition(index, number) or self.start >= TextPosition(
            index, number + 1
        ):
            return None
        start, stop = self.start, self.stop
        left = start.column if (start.index, start.line_index) == (index, number) else 0
        right = stop.column if (stop.index, stop.line_index) == (index, number) else LINE_END
        return (left, right) if left < right else None
