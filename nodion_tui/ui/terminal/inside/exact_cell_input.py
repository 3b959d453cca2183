"""Text field in which clicks and scrolling go by the text that is displayed.

In Textual 8.2 they go by the value: for each control character, tab or line break on the left, a
click puts the cursor 1 column away from where it was meant.
"""

from rich.cells import cell_len, get_character_cell_size
from textual.widgets import Input


class ExactCellInput(Input):
    """Displays another text than its value, with a character for each of its characters."""

    def displayed_value(self) -> str:
        """The text to display."""
        return self.value

    def _position_to_cell(self, position: int) -> int:
        return cell_len(self.displayed_value()[:position])

    def _cell_offset_to_index(self, offset: int) -> int:
        target = offset + self.scroll_offset.x
        cells = 0
        for index, character in enumerate(self.displayed_value()):
            cells += get_character_cell_size(character)
            if target < cells:
                return index
        return len(self.value)
