"""The form offers what was triggered last, and a preset goes to a file and comes from one."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from nodion_tui.config import Profile
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset, PresetFile
from nodion_tui.monitor.storage.views import View, ViewFile
from nodion_tui.ui.trigger.dialog import TriggerDialog

if TYPE_CHECKING:
    import pytest

    from tests.ui.conftest import Board, Open


def form(board: "Board") -> TriggerDialog:
    assert isinstance(board.app.screen, TriggerDialog)
    return board.app.screen


async def test_what_was_triggered_is_offered_and_shared(
    profile: Profile,
    open_board: "Open",
    tmp_path: Path,
    monkeypatch: "pytest.MonkeyPatch",
) -> None:
    monkeypatch.chdir(tmp_path)
    async with open_board(profile, (120, 40), data_folder=tmp_path) as board:
        await board.sees("5 runners")
        await board.select_runner("Hello")
        await board.press("t")
        await board.sees("none yet")
        await form(board)._form.load(
            TriggerDraft(mode=CommandMode.COMMAND, command="echo blue", env=(EnvRow("A", "1"),))
        )
        await board.press("ctrl+j")
        await board.sees("echo blue")
        await board.press("t")
        await board.sees("1 used lately")
        dialog = form(board)
        board.app.screen.query_one("#preset-choose").focus()
        await board.press("enter")
        await board.sees("sh -c echo blue · 1 variable")
        await board.press("enter")
        await board.until(lambda: dialog.draft.command == "echo blue")
        board.app.screen.query_one("#preset-choose").focus()
        await board.press("enter", "tab", "tab", "enter")
        await board.sees("Share a preset as a file")
        await board.press("ctrl+u", *"mine", "ctrl+j")
        path = tmp_path / "mine.toml"
        await board.until(path.exists)
        path.write_text(path.read_text().replace("blue", "green"))
        board.app.screen.query_one("#preset-open").focus()
        await board.press("enter", *"mine.toml", "ctrl+j")
        await board.until(lambda: dialog.draft.command == "echo green")
        path.write_text("\nwrong = 1")
        board.app.clear_notifications()  # they would hide the next one
        board.app.screen.query_one("#preset-open").focus()
        await board.press("enter", *"mine.toml", "ctrl+j")
        await board.sees("mine.toml:2: wrong: unknown")
        await board.press("escape", "escape")


async def test_the_palette_finds_presets_and_views(
    profile: Profile,
    runner_id: Callable[[str], str],
    open_board: "Open",
    tmp_path: Path,
) -> None:
    draft = TriggerDraft(mode=CommandMode.COMMAND, command="echo preset")
    await asyncio.to_thread(PresetFile(tmp_path).save, runner_id("Hello"), Preset("Nightly", draft))
    views = ViewFile(tmp_path)
    views.save(View(profile="test", name="Broken ones", filter="status:failed"))
    async with open_board(profile, data_folder=tmp_path, views=lambda: views) as board:
        await board.sees("5 runners")
        await board.press("ctrl+p", *"nightly")
        await board.sees("Trigger Hello with preset Nightly")
        await board.press("down", "enter")
        await board.until(lambda: isinstance(board.app.screen, TriggerDialog))
        assert form(board).draft.command == "echo preset"
        await board.press("escape", "ctrl+p", *"broken")
        await board.sees("View Broken ones")
        await board.press("down", "enter")
        await board.sees("/status:failed")
