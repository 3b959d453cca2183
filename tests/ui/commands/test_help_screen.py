import pytest

from nodion_tui.config import Profile
from nodion_tui.ui.commands.help_rows import HelpContents, help_rows
from nodion_tui.ui.commands.registry import COMMANDS, keys_of
from nodion_tui.ui.paint.styled_row import row_text, row_width
from tests.ui.conftest import Open


@pytest.mark.parametrize("columns", [200, 94, 74, 54, 34])
def test_no_word_of_the_help_is_cut_however_narrow_it_is(columns: int) -> None:
    rows = list(help_rows(HelpContents({}), columns))
    assert max(map(row_width, rows)) <= columns + 1, "the space after the last column may stick out"
    shown = {word for row in rows for piece in row for word in piece.text.split()}
    for command in (each for each in COMMANDS if keys_of(each, {})):
        assert shown >= {*command.title.split(), *command.help.split()}, command.id


def test_the_keys_of_the_focused_pane_come_first() -> None:
    first = [row_text(row) for row in help_rows(HelpContents({}, ("log",)), 80)]
    assert first[0] == "Log"
    assert row_text(next(iter(help_rows(HelpContents({}), 80)))) == "General"


def test_a_filter_finds_words_and_keys() -> None:
    def titles(query: str) -> str:
        return "\n".join(map(row_text, help_rows(HelpContents({}, query=query), 90)))

    assert "Show matches only" in titles("matches only")
    assert "Quit" in titles("ctrl+q")
    assert "Wall" not in titles("ctrl+q")
    assert titles("nosuchword") == "No command matches."


async def test_help_is_filtered_as_one_types_and_begins_with_the_focused_pane(
    profile: Profile, open_board: Open
) -> None:
    async with open_board(profile, (80, 24)) as board:
        await board.sees("Press t to trigger one.")
        await board.press("tab", "?")
        await board.sees("╭─ Keys", " Log", "Jumps to the newest line")
        await board.press("slash", *"theme")
        await board.until(lambda: "newest line" not in board.text, "the filter")
        await board.sees(" found · / filters · Esc closes")
        await board.press("escape")
        await board.sees("Jumps to the newest line")
        await board.press("escape")
        await board.until(lambda: "Keys" not in board.text, "its end")


async def test_where_the_focus_has_no_keys_help_begins_with_those_of_the_screen(
    profile: Profile, open_board: Open
) -> None:
    async with open_board(profile, (120, 36)) as board:
        await board.sees("Press t to trigger one.")
        board.dashboard.query_one("#detail").focus()
        await board.press("?")
        await board.sees("╭─ Keys", "│ Runs ")
        await board.press("escape", "2")
        await board.sees("Timeline · ")
        await board.press("?")
        await board.sees("╭─ Keys", "│ Timeline ")


@pytest.mark.parametrize("key", ["f1", "?"])
async def test_help_opens_over_a_form_and_begins_with_its_keys(
    profile: Profile, open_board: Open, key: str
) -> None:
    async with open_board(profile, (80, 24)) as board:
        await board.select_runner("Hello")
        await board.press("t")
        await board.sees("Trigger a run")
        await board.until(lambda: board.app.screen.query("#trigger-mode"), "the form")
        board.app.screen.query_one("#trigger-mode").focus()
        await board.press(key)
        await board.sees("╭─ Keys", "│ Forms")
        await board.press("f1")
        await board.sees("Trigger a run")


async def test_help_opens_over_the_palette(profile: Profile, open_board: Open) -> None:
    async with open_board(profile, (80, 24)) as board:
        await board.sees("Press t to trigger one.")
        await board.press("ctrl+p")
        await board.until(lambda: len(board.app.screen_stack) > 1, "the palette")
        await board.press("f1")
        await board.sees("╭─ Keys")
        await board.press("escape")
        await board.until(lambda: "╭─ Keys" not in board.text, "the palette again")
