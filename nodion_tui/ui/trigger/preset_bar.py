"""The preset row of the trigger form: choose one, save what is typed as one, take one back."""

import asyncio
from collections.abc import Callable

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nodion_tui.model.masking import looks_secret
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger_draft import TriggerDraft
from nodion_tui.monitor.storage.presets import Preset, PresetFile, RunnerPresets
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.trigger.preset_picker import PresetPicker
from nodion_tui.ui.trigger.preset_save import SavePresetDialog


class PresetBar(Widget):
    """Knows the runner's presets; what the form holds is told to it."""

    DEFAULT_CSS = """
    PresetBar {
        height: 1;
        Horizontal { height: 1; }
        CompactButton { margin: 0 1 0 0; }
        #preset-undo { display: none; }
        #preset-undo.-shown { display: block; }
        #preset-state { width: 1fr; height: 1; color: $text-muted; }
    }
    """

    class Chosen(Message):
        """The form is to be filled anew."""

        def __init__(self, draft: TriggerDraft) -> None:
            super().__init__()
            self.draft = draft

    def __init__(self, book: PresetFile, runner_id: str, draft: TriggerDraft) -> None:
        super().__init__()
        self._book = book
        self._runner_id = runner_id
        self._shelf = RunnerPresets()
        self._before: TriggerDraft | None = None
        self._used: Preset | None = None
        self.draft = draft
        """What the form holds now."""

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Horizontal():
            yield CompactButton("choose", id="preset-choose")
            yield CompactButton("save as", id="preset-keep")
            yield CompactButton("undo", id="preset-undo")
            yield DialogText(id="preset-state")

    def on_mount(self) -> None:
        """Textual: read the presets, off the event loop."""
        self._load()

    def update_draft(self, draft: TriggerDraft) -> None:
        """Take what the form holds now."""
        self.draft = draft
        self._tell()

    @work(group="presets", exit_on_error=False)
    async def _load(self) -> None:
        await self._read()

    async def _read(self) -> None:
        """Read the presets, which another program may have changed meanwhile."""
        self._shelf = await asyncio.to_thread(self._book.for_runner, self._runner_id)
        self._warn(self._shelf.notice)
        self._tell()

    @on(CompactButton.Pressed, "#preset-choose")
    @work(group="presets", exit_on_error=False)
    async def _choose(self) -> None:
        await self._read()
        if not self._shelf.presets:
            return
        picked = await self.app.push_screen_wait(PresetPicker(self._shelf.presets))
        if picked is None:
            return
        if picked.delete:
            await self._change(self._book.delete, self._runner_id, picked.preset.name)
            return
        self._before = self.draft
        self._used = picked.preset
        self.post_message(self.Chosen(picked.preset.draft))

    @on(CompactButton.Pressed, "#preset-keep")
    @work(group="presets", exit_on_error=False)
    async def _save(self) -> None:
        problems = self.draft.problems().get("argv")
        if problems:
            self._warn(f"argv: {problems[0]}")
            return
        await self._read()
        taken = frozenset(preset.name for preset in self._shelf.presets)
        name = self._used.name if self._used else ""
        saving = await self.app.push_screen_wait(
            SavePresetDialog(name, taken, has_secrets=_has_secrets(self.draft))
        )
        if saving is None:
            return
        preset = Preset(saving.name, self.draft)

        def save() -> str:
            return self._book.save(self._runner_id, preset, include_secrets=saving.secrets)

        await self._change(save)
        self._used = preset
        self._tell()

    @on(CompactButton.Pressed, "#preset-undo")
    def _undo(self) -> None:
        if self._before is not None:
            draft, self._before, self._used = self._before, None, None
            self.post_message(self.Chosen(draft))
            self.query_one("#preset-choose").focus()

    async def _change(self, change: Callable[..., str], *given: str) -> None:
        try:
            self._warn(await asyncio.to_thread(change, *given))
        except OSError as error:
            self._warn(f"The preset file could not be written: {error.strerror or error}")
        self._load()

    def _warn(self, text: str) -> None:
        if text:
            self.notify(sanitize(text), severity="warning", markup=False)

    def _tell(self) -> None:
        count = len(self._shelf.presets)
        self.query_one("#preset-choose", CompactButton).disabled = not count
        self.query_one("#preset-undo", CompactButton).set_class(self._before is not None, "-shown")
        state = f"{count} saved" if count else "none saved for this runner"
        if self._used is not None:
            edited = "" if self._used.draft == self.draft else ", edited"
            state = f"{sanitize(self._used.name)}{edited}"
        self.query_one("#preset-state", DialogText).update(Content(state))


def _has_secrets(draft: TriggerDraft) -> bool:
    return any(row.value and (row.hidden or looks_secret(row.key, row.value)) for row in draft.env)
