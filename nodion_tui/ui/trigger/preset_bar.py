"""Preset row of the trigger form: choose a preset, save the form as one, undo."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from textual import on, work
from textual.content import Content
from textual.message import Message

from nodion_tui.model.text.format import ago
from nodion_tui.model.text.masking import looks_secret
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger_draft import TriggerDraft
from nodion_tui.monitor.storage.presets import Preset, PresetFile, RunnerPresets
from nodion_tui.monitor.storage.trigger_history import TriggerHistory
from nodion_tui.ui.dialogs.control_row import ControlRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.trigger.preset_picker import PresetPicker
from nodion_tui.ui.trigger.preset_save import SavePresetDialog
from nodion_tui.ui.trigger.preset_sharing import open_preset, share_preset


class PresetBar(ControlRow):
    """Loads and saves the runner's presets; the form passes its content in."""

    DEFAULT_CSS = """
    PresetBar CompactButton { margin: 0 1 0 0; }
    """

    class Chosen(Message):
        """The form is to be filled in from this draft."""

        def __init__(self, draft: TriggerDraft) -> None:
            super().__init__()
            self.draft = draft

    def __init__(
        self,
        file: PresetFile,
        runner_id: str,
        draft: TriggerDraft,
        history: TriggerHistory | None = None,
    ) -> None:
        super().__init__(
            CompactButton("choose", id="preset-choose"),
            CompactButton("save as", id="preset-keep"),
            CompactButton("import", id="preset-open"),
            id="preset-bar",
        )
        self._history = history
        self._recent: tuple[Preset, ...] = ()
        self._file = file
        self._runner_id = runner_id
        self._saved_presets = RunnerPresets()
        self._undo_draft: TriggerDraft | None = None
        self._undo_button = CompactButton("undo", id="preset-undo")
        self._used: Preset | None = None
        self.draft = draft
        """Current content of the form."""

    def on_mount(self) -> None:
        """Textual: load the presets, off the event loop."""
        self._load()

    def aim(self, file: PresetFile, runner_id: str, history: TriggerHistory | None) -> None:
        """Offer the presets of another runner."""
        self._file, self._runner_id, self._history = file, runner_id, history
        self._load()

    async def use(self, number: int) -> TriggerDraft | None:
        """The preset of this number, counted from 1 by name; None if there is none."""
        await self._read()
        presets = self._saved_presets.presets
        if number > len(presets):
            self._warn(f"There is no preset {number} of this runner.")
            return None
        return self._take(presets[number - 1])

    def update_draft(self, draft: TriggerDraft) -> None:
        """Update the current content of the form."""
        self.draft = draft
        self._refresh_content()

    @work(group="presets", exit_on_error=False)
    async def _load(self) -> None:
        await self._read()

    async def _read(self) -> None:
        """Read the presets again; another program may have changed the file."""
        self._saved_presets = await asyncio.to_thread(self._file.for_runner, self._runner_id)
        self._warn(self._saved_presets.notice)
        if self._history is not None:
            recent = await asyncio.to_thread(self._history.recent, self._runner_id)
            now = datetime.now(UTC)
            self._recent = tuple(
                Preset(ago(now - each.at) if each.at else "earlier", each.draft, is_recent=True)
                for each in recent
            )
        self._refresh_content()

    @on(CompactButton.Pressed, "#preset-choose")
    @work(group="presets", exit_on_error=False)
    async def _choose(self) -> None:
        await self._read()
        offered = (*self._saved_presets.presets, *self._recent)
        choice = await self.app.push_screen_wait(PresetPicker(offered)) if offered else None
        if choice is None:
            return
        if choice.share:
            await share_preset(self.app, choice.preset)
            return
        if choice.delete:
            await self._change(self._file.delete, self._runner_id, choice.preset.name)
            return
        self.post_message(self.Chosen(self._take(choice.preset)))

    @on(CompactButton.Pressed, "#preset-open")
    @work(group="presets", exit_on_error=False)
    async def _open(self) -> None:
        preset = await open_preset(self.app)
        if preset is not None:
            self.post_message(self.Chosen(self._take(preset)))

    def _take(self, preset: Preset) -> TriggerDraft:
        self._undo_draft = self.draft
        self._used = preset
        return preset.draft

    @on(CompactButton.Pressed, "#preset-keep")
    @work(group="presets", exit_on_error=False)
    async def _save(self) -> None:
        problems = self.draft.problems().get("argv")
        if problems:
            self._warn(f"argv: {problems[0]}")
            return
        await self._read()
        taken = frozenset(preset.name for preset in self._saved_presets.presets)
        name = self._used.name if self._used else ""
        save_request = await self.app.push_screen_wait(
            SavePresetDialog(name, taken, has_secrets=_has_secrets(self.draft))
        )
        if save_request is None:
            return
        preset = Preset(save_request.name, self.draft)

        def save() -> str:
            return self._file.save(self._runner_id, preset, include_secrets=save_request.secrets)

        await self._change(save)
        self._used = preset
        self._refresh_content()

    @on(CompactButton.Pressed, "#preset-undo")
    def _undo(self) -> None:
        if self._undo_draft is not None:
            draft, self._undo_draft, self._used = self._undo_draft, None, None
            self.post_message(self.Chosen(draft))
            self.query_one("#preset-choose").focus()

    async def _change(self, change: Callable[..., str], *args: str) -> None:
        try:
            self._warn(await asyncio.to_thread(change, *args))
        except OSError as error:
            self._warn(f"The preset file could not be written: {error.strerror or error}")
        self._load()

    def _warn(self, text: str) -> None:
        if text:
            self.notify(sanitize(text), severity="warning", markup=False)

    def _refresh_content(self) -> None:
        count = len(self._saved_presets.presets)
        self.query_one("#preset-choose", CompactButton).disabled = not (count or self._recent)
        self._undo_button.display = self._undo_draft is not None
        if self._undo_draft is not None and not self._undo_button.is_attached:
            self.mount(self._undo_button, after="#preset-keep")
        names = enumerate((preset.name for preset in self._saved_presets.presets), 1)
        state = "  ".join(f"{number} {sanitize(name)}" for number, name in names)
        recent = f"{len(self._recent)} used lately" if self._recent else ""
        state = state or recent or "none yet"
        if self._used is not None:
            edited = "" if self._used.draft == self.draft else ", edited"
            state = f"{sanitize(self._used.name)}{edited}"
        self.show_text(Content(state))


def _has_secrets(draft: TriggerDraft) -> bool:
    return any(row.value and (row.hidden or looks_secret(row.key, row.value)) for row in draft.env)
