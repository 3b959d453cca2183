from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from textual import events

from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.presets import FILE_NAME, Preset, PresetFile
from nodion_tui.monitor.storage.toml_file import HEADER
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.trigger.env_row import EnvRowEditor
from nodion_tui.ui.trigger.preset_bar import PresetBar
from nodion_tui.ui.trigger.preset_picker import PresetPicker
from nodion_tui.ui.trigger.preset_save import PresetSaveRequest, SavePresetDialog
from tests.support.trigger_form import trigger_form

if TYPE_CHECKING:
    from pathlib import Path

    from nodion_tui.config import Profile
    from nodion_tui.model.runner import Runner
    from nodion_tui.ui.trigger.dialog import TriggerDialog
    from tests.support.dialogs import DialogStage, OpenDialog

NIGHTLY = TriggerDraft(
    mode=CommandMode.ARGV,
    argv_text="python nightly.py",
    env=(EnvRow("A", "1"), EnvRow("DB_PASSWORD", "canary", hidden=True)),
)


@pytest.fixture
def book(tmp_path: Path) -> PresetFile:
    return PresetFile(tmp_path)


@pytest.fixture
def form(book: PresetFile, runner: Runner, here: Profile) -> TriggerDialog:
    return trigger_form(runner, profile=here, presets=book)


async def settled(stage: DialogStage) -> None:
    """Wait until the workers have read or written the presets."""
    while stage.app.screen is stage.app.dialog:
        busy = [each for each in stage.app.workers if each.group == "presets" and each.is_running]
        if not busy:
            break
        await asyncio.wait([asyncio.ensure_future(each.wait()) for each in busy])
    await stage.pilot.pause()


async def ask(stage: DialogStage, button: str) -> None:
    """Press a button of the preset bar and wait for its dialog."""
    await stage.pilot.click(button)
    await stage.until(lambda: stage.app.screen is not stage.app.dialog)
    await stage.pilot.pause()


def state(stage: DialogStage) -> str:
    return stage.text("#preset-bar")


async def test_without_presets_there_is_nothing_to_choose(
    opened: OpenDialog, form: TriggerDialog
) -> None:
    async with opened(form) as stage:
        await settled(stage)
        assert state(stage) == "none yet"
        assert stage.app.screen.query_one("#preset-choose", CompactButton).disabled


async def test_what_is_typed_is_saved_and_another_form_offers_it(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner
) -> None:
    async with opened(form) as stage:
        await settled(stage)
        await stage.press("right", "tab", *"ls -l")
        await ask(stage, "#preset-keep")
        assert isinstance(stage.app.screen, SavePresetDialog)
        await stage.press(*"list", "enter")
        await settled(stage)
        assert state(stage) == "list"
        stage.app.screen.query_one("#trigger-argv").focus()
        await stage.press("x")
        await stage.until(lambda: state(stage) == "list, edited")
    (preset,) = book.for_runner(runner.id).presets
    assert preset.draft.request() == TriggerRequest(argv=("ls", "-l"))


async def test_a_preset_fills_the_form_and_asks_for_what_was_not_kept(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner, tmp_path: Path
) -> None:
    book.save(runner.id, Preset("nightly", NIGHTLY))
    assert "canary" not in (tmp_path / FILE_NAME).read_text()
    async with opened(form) as stage:
        await settled(stage)
        assert state(stage) == "1 nightly"
        await ask(stage, "#preset-choose")
        assert isinstance(stage.app.screen, PresetPicker)
        await stage.press("enter")
        await settled(stage)
        assert state(stage) == "nightly"
        rows = list(stage.app.screen.query(EnvRowEditor))
        focused = stage.app.screen.focused
        assert focused is not None
        assert rows[1] in focused.ancestors
        await stage.press(*"typed", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(
            argv=("python", "nightly.py"),
            env_variables=(EnvVariable("A", "1"), EnvVariable("DB_PASSWORD", "typed")),
        )


async def test_what_another_program_saved_meanwhile_is_offered_and_not_replaced_unsaid(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner
) -> None:
    book.save(runner.id, Preset("mine", NIGHTLY))
    async with opened(form) as stage:
        await settled(stage)
        book.save(runner.id, Preset("theirs", NIGHTLY))
        await ask(stage, "#preset-keep")
        await stage.press(*"theirs")
        assert "Replaces the preset theirs." in stage.text("#preset-note")
        await stage.press("escape")
        await settled(stage)
        await ask(stage, "#preset-choose")
        await stage.sees("theirs  python nightly.py")


async def test_a_preset_is_used_by_its_number(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner
) -> None:
    for name in ("nightly", "again"):
        book.save(runner.id, Preset(name, TriggerDraft(mode=CommandMode.COMMAND, command=name)))
    async with opened(form) as stage:
        await settled(stage)
        assert state(stage) == "1 again  2 nightly"
        await stage.press("3")
        await settled(stage)
        assert any("no preset 3" in toast.message for toast in stage.app._notifications)
        await stage.press("f2", "7")
        stage.app.post_message(events.Key("alt+2", "2"))
        await stage.until(lambda: state(stage) == "nightly")
        stage.burst("f2", "1", "ctrl+j")
        assert await stage.dismissed() == TriggerRequest(command="again")


async def test_a_preset_can_be_taken_back(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner
) -> None:
    book.save(runner.id, Preset("nightly", NIGHTLY))
    async with opened(form) as stage:
        await settled(stage)
        await stage.press("f2", *"mine", "f2", *"other", "f2", "f2")
        before = form.draft
        await ask(stage, "#preset-choose")
        await stage.press("enter")
        await settled(stage)
        assert form.draft != before
        await stage.pilot.click("#preset-undo")
        await stage.pilot.pause()
        assert form.draft == before


async def test_deleting_takes_two_steps(
    opened: OpenDialog, form: TriggerDialog, book: PresetFile, runner: Runner
) -> None:
    book.save(runner.id, Preset("nightly", NIGHTLY))
    async with opened(form) as stage:
        await settled(stage)
        await ask(stage, "#preset-choose")
        await stage.press("tab", "tab", "tab", "enter")
        delete = stage.app.screen.query_one("#preset-delete", CompactButton)
        assert delete.label == "Delete nightly for good?"
        assert book.for_runner(runner.id).presets
        await stage.press("enter")
        await settled(stage)
        assert state(stage) == "none yet"
    assert book.for_runner(runner.id).presets == ()


async def test_a_broken_file_is_told(
    opened: OpenDialog, form: TriggerDialog, tmp_path: Path
) -> None:
    (tmp_path / FILE_NAME).write_bytes(HEADER + b"presets = [")
    async with opened(form) as stage:
        await settled(stage)
        assert any("renamed to" in toast.message for toast in stage.app._notifications)


async def test_a_file_that_cannot_be_written_is_told(
    opened: OpenDialog, form: TriggerDialog, tmp_path: Path
) -> None:
    (tmp_path / f"{FILE_NAME}.lock").mkdir()
    async with opened(form) as stage:
        await settled(stage)
        await ask(stage, "#preset-keep")
        await stage.press(*"a", "alt+enter")
        await settled(stage)
        assert any("could not be written" in each.message for each in stage.app._notifications)


async def test_an_argv_that_cannot_be_read_is_not_saved(
    opened: OpenDialog, form: TriggerDialog
) -> None:
    async with opened(form) as stage:
        await stage.press("f2", "'")
        await stage.pilot.click("#preset-keep")
        await settled(stage)
        assert stage.app.screen is form
        assert any("unclosed" in toast.message for toast in stage.app._notifications)


async def test_saving_says_what_becomes_of_hidden_values(opened: OpenDialog) -> None:
    dialog = SavePresetDialog("a", frozenset({"a"}), has_secrets=True)
    async with opened(dialog, (40, 20)) as stage:
        assert "Replaces the preset a." in stage.text("#preset-note")
        assert "not saved" in stage.text("#preset-note")
        stage.app.screen.query_one(CompactCheckbox).focus()
        await stage.press("space")
        assert "only you can read" in stage.text("#preset-note")
        await stage.press("tab", "tab", "enter")
        assert await stage.dismissed() == PresetSaveRequest("a", secrets=True)


async def test_enter_behind_the_name_saves_without_hidden_values(opened: OpenDialog) -> None:
    async with opened(SavePresetDialog("", frozenset(), has_secrets=True)) as stage:
        await stage.press(*"fast", "enter", "enter")
        assert await stage.dismissed() == PresetSaveRequest("fast", secrets=False)


async def test_a_preset_needs_a_name(opened: OpenDialog) -> None:
    async with opened(SavePresetDialog("", frozenset(), has_secrets=False)) as stage:
        await stage.press("enter", "space", "enter")
        assert stage.is_open
        await stage.press("escape")
        assert await stage.dismissed() is None


async def test_markup_in_the_name_of_a_preset_is_only_text(opened: OpenDialog) -> None:
    strange = Preset("[/nope]\x1b[2J", TriggerDraft())
    async with opened(PresetPicker((strange,))) as stage:
        assert "[/nope]␛[2J" in stage.screen_text()


async def test_the_bar_is_not_shown_without_a_book(
    opened: OpenDialog, runner: Runner, here: Profile
) -> None:
    async with opened(trigger_form(runner, profile=here)) as stage:
        assert not stage.app.screen.query(PresetBar)
