"""Unicode glyphs of dialogs and their ASCII replacements."""

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
    """Whether the app uses ASCII glyphs only."""
    return bool(getattr(widget.app, "glyphs", UNICODE).ascii)


class AsciiSignFilter(LineFilter):
    """Replaces each glyph by an ASCII character."""

    def apply(
        self,
        segments: list[Segment],
        background: Color,  # noqa: ARG002 - Textual's signature
    ) -> list[Segment]:
        """Textual: the segments with ASCII glyphs, of the same width."""
        return [
            Segment(text.translate(_ASCII), style, control) for text, style, control in segments
        ]


class AsciiScrollBar(ScrollBarRender):
    """Scroll bars that end on whole characters, without block glyphs."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class AsciiAwareWidget(Widget):
    """Base of widgets whose glyphs become ASCII; not for input fields, which show typed text."""

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Textual: the filters of each line, with the ASCII filter in front."""
        filters = super().get_line_filters()
        return (AsciiSignFilter(), *filters) if wants_ascii(self) else filters


# Textual inherits the CSS of the first base class only, so the widget comes first.


class DialogText(Static, AsciiAwareWidget):
    """Static text in a dialog."""


class DialogList(OptionList, AsciiAwareWidget):
    """Selection list in a dialog."""
