"""The screen state is restored at the next start."""

import threading
from pathlib import Path

from nodion_tui.config import Profile, Secret
from nodion_tui.monitor.storage.toml_file import HEADER
from nodion_tui.monitor.storage.ui_state import UiState, UiStateFile
from nodion_tui.ui.paint.theme import DEFAULT_THEME
from nodion_tui.ui.session.saved_state import SavedState
from tests.support.busy import BUSY
from tests.support.canned import CannedService
from tests.support.onscreen import OnScreen, on_screen


def memory(folder: Path) -> SavedState:
    return SavedState(UiStateFile(folder))


def log_height(shown: OnScreen) -> int:
    assert shown.app.dashboard.log_slot.pane is not None
    return shown.app.dashboard.log_slot.pane.size.height


async def test_mode_theme_order_columns_sizes_and_profile(tmp_path: Path) -> None:
    async with CannedService(BUSY) as service:
        profile = Profile(name="work", api_url=service.url, key=Secret("k"))
        async with on_screen(profile, memory=memory(tmp_path), profiles=[profile]) as shown:
            await shown.sees("trying again")
            usual = log_height(shown)
            await shown.press("+", "+")
            await shown.until(lambda: log_height(shown) > usual, "more room for the log")
            chosen = log_height(shown)
            await shown.press("s", "n")
            await shown.sees("oldest first")
            await shown.press("C", "b", "escape")
            await shown.until(lambda: not {"AGE", "STARTED"} & set(shown.text.split()), "its going")
            shown.app.theme = "nodion-light"
            await shown.press("2", "-")
            await shown.sees("[24 h]")
        async with on_screen(profile, memory=memory(tmp_path)) as shown:
            await shown.sees("[24 h]")
            assert shown.app.theme == "nodion-light"
            await shown.press("1")
            await shown.sees("oldest first")
            assert not {"AGE", "STARTED"} & set(shown.text.split())
            await shown.until(lambda: log_height(shown) == chosen, "the room for the log")
        assert UiStateFile(tmp_path).load()[0].profile == "work"


async def test_a_state_that_did_not_change_wakes_no_thread(tmp_path: Path) -> None:
    saved, problems, before = memory(tmp_path), list[str](), threading.active_count()
    await saved.save((), mode="", theme="", profile="", warn=problems.append)
    assert threading.active_count() == before
    await saved.save((), mode="wall", theme="", profile="", warn=problems.append)
    assert threading.active_count() > before
    assert UiStateFile(tmp_path).load()[0].mode == "wall"
    assert not problems


async def test_a_switch_back_to_the_default_theme_is_remembered(tmp_path: Path) -> None:
    async with CannedService(BUSY) as service:
        profile = Profile(api_url=service.url, key=Secret("k"))
        UiStateFile(tmp_path).save(UiState(theme="nodion-contrast"))
        async with on_screen(profile, memory=memory(tmp_path)) as shown:
            await shown.sees("migrate.py")
            shown.app.theme = DEFAULT_THEME
        assert memory(tmp_path).state.theme == DEFAULT_THEME


async def test_the_theme_that_textual_begins_with_can_be_chosen() -> None:
    async with CannedService(BUSY) as service:
        profile = Profile(api_url=service.url, key=Secret("k"))
        async with on_screen(profile, theme="textual-dark") as shown:
            await shown.sees("Runners")
            app = shown.app
            assert app.theme == "textual-dark"
            background = app.stylesheet._variables["background"]
            assert background == app.current_theme.to_color_system().generate()["background"]


async def test_a_theme_of_the_file_wins_and_does_not_change_what_is_remembered(
    tmp_path: Path,
) -> None:
    async with CannedService(BUSY) as service:
        profile = Profile(api_url=service.url, key=Secret("k"))
        UiStateFile(tmp_path).save(UiState(theme="nodion-contrast"))
        kept = memory(tmp_path)
        async with on_screen(profile, memory=kept, theme="nodion-ansi") as shown:
            await shown.sees("migrate.py")
            assert shown.app.theme == "nodion-ansi"
        assert memory(tmp_path).state.theme == "nodion-contrast"


async def test_a_broken_file_is_told_and_set_aside(tmp_path: Path) -> None:
    (tmp_path / "state.toml").write_bytes(HEADER + b"mode = [")
    async with CannedService(BUSY) as service:
        profile = Profile(api_url=service.url, key=Secret("k"))
        async with on_screen(profile, memory=memory(tmp_path)) as shown:
            await shown.sees("state.toml", "it was renamed to")


async def test_what_is_remembered_and_unknown_by_now_does_no_harm(tmp_path: Path) -> None:
    (tmp_path / "state.toml").write_text(
        HEADER.decode() + 'mode = "hologram"\ntheme = "gone"\n[sizes]\nlog = 9000\n'
        '[lists.runs]\nsort = "smell"\ncolumns = ["taste"]\n[choices]\n"timeline.window" = "9 y"\n'
    )
    async with CannedService(BUSY) as service:
        profile = Profile(api_url=service.url, key=Secret("k"))
        async with on_screen(profile, memory=memory(tmp_path)) as shown:
            await shown.sees("Database Backup", "AGE")
            await shown.press("2")
            await shown.sees("[6 h]")
