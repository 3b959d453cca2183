"""List of a dialog, one row of which is chosen with the arrows."""

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widgets import OptionList


class ChoiceList(OptionList):
    """An option list whose chosen row can be read in the terminal's own colours too.

    Which colours of a palette are readable on which other is up to the terminal, so the whole row
    has one pair of them, as the cursor's row of a `RowView` has.
    """

    DEFAULT_CSS = """
    ChoiceList:ansi > .option-list--option-highlighted { text-style: bold; }
    """

    def render_line(self, y: int) -> Strip:
        """Textual: a visible line."""
        strip = super().render_line(y)
        if not self.app.native_ansi_color:
            return strip
        row = self.get_component_rich_style("option-list--option-highlighted")
        if row.bgcolor is None or row.bgcolor.is_default:
            return strip
        pair = Style.from_color(row.color, row.bgcolor) + Style(dim=False)
        return Strip(
            [
                Segment(text, style + pair, control)
                if style is not None and style.bgcolor == row.bgcolor
                else Segment(text, style, control)
                for text, style, control in strip
            ],
            strip.cell_length,
        )
