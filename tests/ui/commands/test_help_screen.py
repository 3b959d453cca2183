import pytest

from nodion_tui.ui.commands.help_screen import help_rows
from nodion_tui.ui.commands.registry import COMMANDS, keys_of
from nodion_tui.ui.paint.styled_row import row_width


@pytest.mark.parametrize("columns", [200, 94, 74, 54, 34])
def test_no_word_of_the_help_is_cut_however_narrow_it_is(columns: int) -> None:
    rows = list(help_rows({}, columns))
    assert max(map(row_width, rows)) <= columns + 1, "the space after the last column may stick out"
    shown = {word for row in rows for piece in row for word in piece.text.split()}
    for command in (each for each in COMMANDS if keys_of(each, {})):
        assert shown >= {*command.title.split(), *command.help.split()}, command.id
