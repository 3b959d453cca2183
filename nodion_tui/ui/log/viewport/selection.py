"""What is selected in a log: from one point of its text to another, wherever they are on screen."""

from dataclasses import dataclass

FAR = 1 << 60
"""A column beyond the end of any line."""


@dataclass(frozen=True, order=True, slots=True)
class TextPosition:
    """A place between two characters."""

    index: int
    """Of the entry."""
    number: int = 0
    """Line of the entry; more than one where it is expanded."""
    column: int = 0


@dataclass(frozen=True, slots=True)
class Selection:
    """From where it was begun to where it reaches now; either may be the first."""

    anchor: TextPosition
    head: TextPosition
    whole_lines: bool = False
    """Begun with the keyboard: all of every entry that it touches."""

    @property
    def start(self) -> TextPosition:
        """Where the selected text begins."""
        first = min(self.anchor, self.head)
        return TextPosition(first.index) if self.whole_lines else first

    @property
    def stop(self) -> TextPosition:
        """Where it ends."""
        last = max(self.anchor, self.head)
        return TextPosition(last.index + 1) if self.whole_lines else last

    def columns(self, index: int, number: int) -> tuple[int, int] | None:
        """The selected columns of a line of an entry; None if none are."""
        if self.stop <= TextPosition(index, number) or self.start >= TextPosition(
            index, number + 1
        ):
            return None
        start, stop = self.start, self.stop
        left = start.column if (start.index, start.number) == (index, number) else 0
        right = stop.column if (stop.index, stop.number) == (index, number) else FAR
        return (left, right) if left < right else None
