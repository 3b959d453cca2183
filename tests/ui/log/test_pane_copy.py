from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

from textual.events import MouseMove
from textual.widgets import Input, Static

from nodion_tui.ui.dialogs.menu import Menu
from nodion_tui.ui.log import copied_text as clip
from nodion_tui.ui.log.save_dialog import SaveLogDialog
from nodion_tui.ui.log.screen_rows import text_column
from nodion_tui.ui.terminal import clipboard
from tests.support.hostile import RUN_ID

Open = Callable[..., AbstractAsyncContextManager[Any]]

BODIES = ["first line", "\x1b[31msecond\x1b[0m \x1b]0;x\x07line", "third 日本語 line", "fourth"]


async def drag_to(log: Any, offset: tuple[int, int]) -> None:
    """Move the mouse with its button held, as a terminal reports it."""
    await log.pilot._post_mouse_events([MouseMove], "#log-view", offset, button=1)


async def chosen(log: Any, letter: str) -> str:
    """Open the copy menu, choose by letter, and return the copied text."""
    await log.press("y")
    await log.until(lambda: isinstance(log.app.screen, Menu))
    await log.press(letter)
    await log.until(lambda: log.app.copied)
    return str(log.app.copied.pop())


async def test_the_copy_menu(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "j")
        for letter, text in (
            ("l", "second ␛]0;x␇line"),
            ("r", BODIES[1]),
            ("a", "first line\nsecond ␛]0;x␇line\nthird 日本語 line\nfourth"),
            ("i", RUN_ID),
            ("c", "python migrate.py"),
        ):
            assert await chosen(log, letter) == text
        assert "sent to the terminal's clipboard" in log.lower


async def test_whole_lines_are_selected_with_the_keyboard(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "j", "v", "j")
        assert await chosen(log, "s") == "second ␛]0;x␇line\nthird 日本語 line"
        assert log.view.annotations.selection is None
        await log.press("g", "shift+down", "shift+down", "ctrl+c")
        assert log.app.copied == ["first line\nsecond ␛]0;x␇line\nthird 日本語 line"]


async def test_escape_takes_the_selection_away_first(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.press("g", "v", "j", "escape")
        assert log.view.annotations.selection is None


async def test_any_text_is_selected_with_the_mouse(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        left = text_column(log.view.viewport)
        await log.pilot.mouse_down("#log-view", offset=(left + 6, 0))
        await drag_to(log, (left + 5, 2))
        await log.pilot.mouse_up("#log-view", offset=(left + 5, 2))
        await log.press("ctrl+c")
        assert log.app.copied == ["line\nsecond ␛]0;x␇line\nthird"]


async def test_copied_text_has_its_tabs_whole_characters_and_no_mark(open_pane: Open) -> None:
    async with open_pane(["id\tname", "名前\t値", "10%\r100%"]) as log:
        await log.ended()
        assert await chosen(log, "a") == "id\tname\n名前\t値\n100%"
        left = text_column(log.view.viewport)
        for begin, end in ((0, 6), (1, 3), (9, 3)):
            await log.pilot.mouse_down("#log-view", offset=(left + begin, 1))
            await drag_to(log, (left + end, 1))
            await log.pilot.mouse_up("#log-view", offset=(left + end, 1))
            await log.press("ctrl+c")
        await log.pilot.click("#log-view", offset=(left + 1, 2), times=3)
        await log.press("ctrl+c")
        assert log.app.copied == ["名前\t", "名前", "前\t値", "100%"]


async def test_two_clicks_select_a_word_and_three_a_line(open_pane: Open) -> None:
    async with open_pane(BODIES) as log:
        await log.ended()
        await log.pilot.click("#log-view", offset=(text_column(log.view.viewport) + 8, 0), times=2)
        await log.press("ctrl+c")
        await log.pilot.click("#log-view", offset=(text_column(log.view.viewport) + 8, 3), times=3)
        await log.press("ctrl+c")
        assert log.app.copied == ["line", "fourth"]


async def test_two_clicks_select_a_word_behind_wide_characters(open_pane: Open) -> None:
    async with open_pane(["日本語 word 混排x end"]) as log:
        await log.ended()
        for column in (9, 14):
            await log.pilot.click(
                "#log-view", offset=(text_column(log.view.viewport) + column, 0), times=2
            )
            await log.press("ctrl+c")
        assert log.app.copied == ["word", "混排x"]


async def test_what_is_selected_stays_selected_while_lines_come(open_pane: Open, tap: Any) -> None:
    async with open_pane([f"line {n}" for n in range(200)], stream=tap.script) as log:
        tap.open(50)
        await log.until(lambda: "line 49" in log.texts)
        await log.press("g", "v", "j")
        tap.open(150)
        await log.until(lambda: log.session.buffer.lines == 150)
        await log.press("ctrl+c")
        assert log.app.copied == ["line 0\nline 1"]


async def test_a_drag_takes_the_row_that_was_pressed_while_lines_flood_in(
    open_pane: Open, tap: Any
) -> None:
    async with open_pane([f"line {n}" for n in range(400)], stream=tap.script) as log:
        tap.open(50)
        await log.until(lambda: "line 49" in log.texts)
        left, row = text_column(log.view.viewport), log.texts.index("line 45")
        await log.pilot.mouse_down("#log-view", offset=(left, row))
        tap.open(300)
        await log.until(lambda: log.session.buffer.lines == 300)
        await log.pilot.pause()
        assert "line 45" in log.texts
        await drag_to(log, (left + 7, row))
        await log.pilot.mouse_up("#log-view", offset=(left + 7, row))
        await log.press("ctrl+c")
        assert log.app.copied == ["line 45"]
        await log.press("G")
        await log.until(lambda: "line 299" in log.texts)
        row = log.texts.index("line 290")
        await log.pilot.mouse_down("#log-view", offset=(left, row))
        tap.open(400)
        await log.until(lambda: log.session.buffer.lines == 400)
        await log.pilot.mouse_up("#log-view", offset=(left, row))
        assert log.view.viewport.buffer.entry(log.view.viewport.cursor).body == "line 290"


async def test_a_release_that_never_came_holds_the_page_no_longer(
    open_pane: Open, tap: Any
) -> None:
    async with open_pane([f"line {n}" for n in range(100)], stream=tap.script) as log:
        tap.open(50)
        await log.until(lambda: "line 49" in log.texts)
        await log.pilot.mouse_down("#log-view", offset=(20, 3))
        await log.pilot.hover("#log-view", offset=(20, 4))
        tap.open(100)
        await log.until(lambda: "line 99" in log.texts)


async def test_too_much_for_a_clipboard_is_not_sent_but_offered_to_be_saved(
    open_pane: Open,
) -> None:
    async with open_pane(["x" * 1000] * 200, size=(100, 30)) as log:
        await log.ended()
        await log.press("y")
        await log.until(lambda: isinstance(log.app.screen, Menu))
        await log.press("a")
        await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
        note = log.app.screen.query(".box--note").first().render().plain
        assert "Too large for the terminal's clipboard (100 KB)" in note
        assert not log.app.copied


async def test_what_is_offered_to_be_saved_is_what_was_to_be_copied(
    open_pane: Open, tmp_path: Path
) -> None:
    bodies = [f"line {n} {'x' * 1000}" for n in range(200)]
    async with open_pane(bodies, size=(100, 30)) as log:
        await log.ended()
        await log.press("g", "j", "v", "G", "k", "ctrl+c")
        await log.until(lambda: isinstance(log.app.screen, SaveLogDialog))
        log.app.screen.query_one(Input).value = str(tmp_path / "part.log")
        assert "The selection, 199 lines." in hint(log)
        await log.press("enter")
        await log.until(lambda: any(note.title == "Saved" for note in log.app._notifications))
        assert (tmp_path / "part.log").read_text().splitlines() == bodies[1:]


def hint(log: Any) -> str:
    return str(log.app.screen.query_one("#save-hint", Static).render())


async def test_the_clipboard_gets_nothing_without_a_key(open_pane: Open) -> None:
    async with open_pane(["\x1b]52;c;QUJD\x07", "\x1b]52;c;QUJD\x1b\\"]) as log:
        await log.ended()
        await log.press("j", "k", "w", "slash", "a", "escape")
        assert not log.app.copied


def test_the_limit_counts_bytes_and_line_ends() -> None:
    half = "é" * (clipboard.MAX_BYTES // 4 - 1)
    whole = clip.join_lines([half, half])
    assert not whole.too_large
    assert whole.size <= clipboard.MAX_BYTES
    assert clip.join_lines([half, half, "xxxxxx"]).too_large
