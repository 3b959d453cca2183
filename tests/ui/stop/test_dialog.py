from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.stop.confirm_name import HELD_KEY_SECONDS, ConfirmNameField
from nodion_tui.ui.stop.dialog import StopDialog

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run
    from nodion_tui.model.runner import Runner
    from tests.support.dialogs import OpenDialog

    Make = Callable[..., StopDialog]


@pytest.fixture
def make(run: Run, runner: Runner, here: Profile, now: datetime) -> Make:
    def dialog(**changed: Any) -> StopDialog:
        given: dict[str, Any] = {"profile": here, "clock": lambda: now, "run": run}
        return StopDialog(**given | {"runner": runner} | changed)

    return dialog


async def test_it_names_what_it_is_about(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        facts = stage.text("#stop-facts")
    for fact in ("Database Backup", "e5f6a7b8", "running for 42 s", "migrate.py", "production"):
        assert fact in facts


@pytest.mark.parametrize("keys", [["enter"], ["escape"], ["space"], ["right", "left", "enter"]])
async def test_the_first_key_keeps_it_running(
    opened: OpenDialog, make: Make, keys: list[str]
) -> None:
    async with opened(make()) as stage:
        await stage.press(*keys)
        assert await stage.dismissed() is False


async def test_stopping_takes_a_step_to_the_other_button(opened: OpenDialog, make: Make) -> None:
    async with opened(make()) as stage:
        await stage.press("tab", "enter")
        assert await stage.dismissed() is True


@pytest.mark.parametrize("pauses", [(0.0,) * 6, (0.25, 0.0, 0.0)], ids=["burst", "held"])
async def test_the_key_that_opens_it_does_not_stop_the_run_while_held_down(
    opened: OpenDialog, make: Make, pauses: tuple[float, ...]
) -> None:
    async with opened(make()) as stage:
        for pause in pauses:
            await stage.pilot.pause(pause)
            stage.burst("X")
        await stage.pilot.pause(2 * HELD_KEY_SECONDS)
        assert stage.is_open
        await stage.press("X")
        assert await stage.dismissed() is True


async def test_a_run_that_ended_meanwhile_cannot_be_stopped(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    dialog = make()
    async with opened(dialog) as stage:
        await stage.press("tab")
        dialog.update_run(msgspec.structs.replace(run, status="failed", exit_code=3))
        await stage.pilot.pause()
        assert "already ended: failed, exit code 3" in stage.text("#stop-note")
        assert "Close" in stage.screen_text()
        assert "Keep running" not in stage.screen_text()
        assert stage.app.screen.query_one("#stop-it", CompactButton).disabled
        await stage.press("enter")
        assert await stage.dismissed() is False


async def test_a_run_may_change_before_it_opens_and_after_it_has_closed(
    opened: OpenDialog, make: Make, run: Run
) -> None:
    dialog = make()
    ended = msgspec.structs.replace(run, status="failed", exit_code=3)
    dialog.update_run(ended)
    async with opened(dialog) as stage:
        assert "already ended: failed, exit code 3" in stage.text("#stop-note")
        await stage.press("escape")
        await stage.until(lambda: not dialog.children)
        dialog.update_run(ended)


async def test_another_run_changes_nothing(opened: OpenDialog, make: Make, run: Run) -> None:
    dialog = make()
    async with opened(dialog) as stage:
        dialog.update_run(msgspec.structs.replace(run, id="other", status="failed"))
        await stage.pilot.pause()
        assert not stage.app.screen.query_one("#stop-it", CompactButton).disabled


async def test_the_name_has_to_be_typed_where_the_profile_wants_it(
    opened: OpenDialog, make: Make, here: Profile
) -> None:
    async with opened(make(profile=msgspec.structs.replace(here, confirm_name=True))) as stage:
        stop = stage.app.screen.query_one("#stop-it", CompactButton)
        assert stop.disabled
        # The safe button has the focus; typed text still goes into the field, spaces included.
        await stage.press(*"Database Backu")
        assert stage.app.screen.query_one(ConfirmNameField).value == "Database Backu"
        assert stop.disabled
        await stage.press("p", "enter", "tab")
        assert stop.has_focus
        await stage.press("enter")
        assert await stage.dismissed() is True


SIZES = [(40, 10), (40, 20), (80, 24), (120, 36)]


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_to_be_typed_and_where_is_seen_at_every_size(
    opened: OpenDialog, make: Make, here: Profile, size: tuple[int, int]
) -> None:
    dialog = make(profile=msgspec.structs.replace(here, confirm_name=True))
    async with opened(dialog, size) as stage:
        await stage.sees("Database Backup")
        await stage.until(lambda: stage.is_seen(dialog.query_one(ConfirmNameField)))
        assert "Type the runner's name" in stage.screen_text()
        for button in dialog.query(CompactButton):
            assert stage.is_seen(button)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("key", ["enter", "ctrl+j"])
async def test_a_wrong_name_says_what_is_expected_until_it_is_edited(
    opened: OpenDialog, make: Make, here: Profile, size: tuple[int, int], key: str
) -> None:
    dialog = make(profile=msgspec.structs.replace(here, confirm_name=True))
    async with opened(dialog, size) as stage:
        field = dialog.query_one(ConfirmNameField)
        await stage.press(*"Databse Backup", key)
        await stage.sees("Not the same text.")
        await stage.until(lambda: stage.is_seen(field))
        assert "Database Backup" in stage.text(".-confirm")
        assert field.has_focus, "another Enter must not close it as if the run were to be stopped"
        await stage.press("backspace")
        await stage.until(lambda: "Not the same" not in stage.screen_text())
        for _ in field.value:
            await stage.press("backspace")
        await stage.press("enter")
        await stage.sees("Nothing typed yet.")


async def test_a_read_only_profile_stops_nothing(
    opened: OpenDialog, make: Make, here: Profile
) -> None:
    async with opened(make(profile=msgspec.structs.replace(here, read_only=True))) as stage:
        assert "read-only" in stage.text("#stop-note")
        assert stage.app.screen.query_one("#stop-it", CompactButton).disabled


async def test_markup_in_names_is_only_text(opened: OpenDialog, make: Make, runner: Runner) -> None:
    strange = msgspec.structs.replace(runner, name="[/nope] [@click=app.quit]x\x1b[2J")
    async with opened(make(runner=strange)) as stage:
        assert "[/nope] [@click=app.quit]x␛[2J" in stage.text("#stop-facts")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 20)])
async def test_both_buttons_are_on_the_screen(
    opened: OpenDialog, make: Make, size: tuple[int, int]
) -> None:
    async with opened(make(), size) as stage:
        for button in stage.app.screen.query(CompactButton):
            assert stage.is_seen(button)


async def test_the_key_that_opens_it_confirms_where_it_is_rebound_too(
    opened: OpenDialog, make: Make
) -> None:
    async with opened(make(), keymap={"run.stop": "Z"}) as stage:
        assert "Stop it  Z" in stage.screen_text()
        await stage.pilot.pause(HELD_KEY_SECONDS)
        await stage.press("Z")
        assert await stage.dismissed() is True
