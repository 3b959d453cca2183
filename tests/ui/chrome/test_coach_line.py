"""The line of the demo is cut to what fits, and names the keys as they are bound."""

import pytest

from nodion_tui.ui.chrome.coach_line import CoachLine

FULL = "demo: simulated data, gone at the end · Enter opens a log · t triggers · ? help · Esc hides"


@pytest.mark.parametrize(
    ("width", "keymap", "text"),
    [
        (120, {}, FULL),
        (93, {}, FULL),
        (80, {}, "demo: simulated data, gone at the end · t triggers · ? help · Esc hides"),
        (40, {}, "demo: simulated data, gone at the end"[:20] + " · Esc hides"),
        (4, {}, "demo"),
        (120, {"run.trigger": "T"}, FULL.replace("t triggers", "T triggers")),
    ],
)
def test_it_fits(width: int, keymap: dict[str, str], text: str) -> None:
    assert "".join(piece.text for piece in CoachLine(keymap).pieces(width)).strip() == text
