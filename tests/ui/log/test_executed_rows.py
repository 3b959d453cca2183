"""What two runs executed, in rows above their compared logs."""

import pytest

from nodion_tui.ui.log.compare.executed_rows import ExecutedRow, wrapped_rows

EQUAL = " equal: command (runner default), entrypoint, image shop/webhooks:latest and size"


@pytest.mark.parametrize("columns", [38, 78, 200])
def test_a_text_across_both_halves_goes_on_in_the_next_row(columns: int) -> None:
    halves = ExecutedRow("command: " + "x" * 300, "command: y")
    rows = wrapped_rows([halves, ExecutedRow(text=EQUAL)], columns)
    assert rows[0] == halves, "a half is scrolled"
    texts = [row.text for row in rows[1:]]
    assert " ".join(text.strip() for text in texts) == EQUAL.strip()
    assert max(map(len, texts)) <= columns
    assert texts[0].startswith(" equal: command")
    assert all(text.startswith("   ") for text in texts[1:])
