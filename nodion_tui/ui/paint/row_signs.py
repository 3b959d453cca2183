"""Signs at the start of a row: of the cursor, and of a run's status."""

from nodion_tui.model.text.signs import status_sign
from nodion_tui.ui.paint.styled_row import StyledText
from nodion_tui.ui.paint.theme import status_style

NO_CURSOR = StyledText(" ")
"""What other rows have in the column of the cursor."""
NEVER_RUN = StyledText("–", "dim")
"""In place of the status, for a runner that has never run."""
CANNOT_BE_READ = StyledText("!", "trouble")
"""In place of the status, for a runner whose run list cannot be read."""
_CURSOR, _BLURRED_CURSOR = StyledText("▌", "bar"), StyledText("▏", "bar-blurred")


def cursor_sign(*, has_focus: bool) -> StyledText:
    """The sign of the cursor; with the focus, keys move it."""
    return _CURSOR if has_focus else _BLURRED_CURSOR


def run_sign(status: str, *, is_known: bool = False) -> StyledText:
    """The sign of a run's status, in its style; dim for a known failure."""
    return StyledText(status_sign(status), "dim" if is_known else status_style(status))
