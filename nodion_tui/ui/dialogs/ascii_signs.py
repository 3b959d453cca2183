"""Our own signs in dialogs, for terminals that have them and for those that have ASCII alone."""

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.scrollbar import ScrollBarRender
from textual.widget import Widget
from textual.widgets import OptionList, Static

from nodion_tui.ui.paint.theme import UNICODE

_ASCII = str.maketrans("●○✗×✓⊘◌–·…•␣", "*oxx+/o--~*_")


def wants_ascii(widget: Widget) -> bool:
    """Whether the app paints with signs of ASCII alone."""
    return bool(getattr(widget.app, "glyphs", UNICODE).ascii)


class AsciiSignFilter(LineFilter):
    """Puts a character of ASCII in the place of each of our signs."""

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """The segments with other signs, of the same width."""
        return [
            Segment(text.translate(_ASCII), style, control) for text, style, control in segments
        ]


class AsciiScrollBar(ScrollBarRender):
    """Scroll bars that end with whole characters."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class AsciiAwareWidget(Widget):
    """What a dialog paints by itself; fields that are typed into are none of these."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual: what each line of it passes."""
        filters = super().get_line_filters()
        return (AsciiSignFilter(), *filters) if wants_ascii(self) else filters


# Textual takes the CSS of the first base class alone, so that is the widget itself.


class DialogText(Static, AsciiAwareWidget):
    """A text in a dialog."""


class DialogList(OptionList, AsciiAwareWidget):
    """A list to choose from in a dialog."""
