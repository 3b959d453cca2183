"""The first column of a row: the sign of the cursor, which shows whether its view has the focus."""

from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.theme import Glyphs

NO_CURSOR = StyledText(" ")
"""What other rows have in this column."""


def cursor_sign(glyphs: Glyphs, *, has_focus: bool) -> StyledText:
    """The sign of the cursor.

    Args:
        glyphs: the glyph set to draw with.
        has_focus: whether keys move this cursor.
    """
    if has_focus:
        return StyledText(glyphs.cursor, "bar")
    return StyledText(glyphs.cursor_blurred, "bar-blurred")
