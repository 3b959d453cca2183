"""Text field whose cursor stands still, and which may have a sign before its text."""

from typing import ClassVar

from rich.segment import Segment
from textual.geometry import Region
from textual.reactive import reactive
from textual.strip import Strip
from textual.widgets import Input


class SteadyInput(Input):
    """Textual's field without the blinking: nothing in this program blinks.

    A blinking cursor also sends a frame twice a second, which over SSH is traffic for nothing.
    """

    SIGN: ClassVar[str] = ""
    """What the text stands behind, one column wide, as `/` in a filter; empty: no column for it."""
    COMPONENT_CLASSES: ClassVar[set[str]] = {"input--sign"}
    DEFAULT_CSS = """
    SteadyInput > .input--sign { color: $text-accent; text-style: bold; }
    SteadyInput.-signed, SteadyInput.-signed.-textual-compact { padding: 0 0 0 1; }
    """

    cursor_blink: reactive[bool] = reactive(default=False, init=False)

    def on_mount(self) -> None:
        """Textual: keep a column for the sign."""
        self.set_class(bool(self.SIGN), "-signed")

    def render_lines(self, crop: Region) -> list[Strip]:
        """Textual: the lines of a region; the sign stands in the padding."""
        strips = super().render_lines(crop)
        if not self.SIGN or crop.x or crop.y or not strips:
            return strips
        sign = Strip([Segment(self.SIGN, self.get_component_rich_style("input--sign"))], 1)
        for line_filter in self.get_line_filters():
            sign = sign.apply_filter(line_filter, self.background_colors[1])
        return [Strip.join([sign, strips[0].crop(1)]), *strips[1:]]
