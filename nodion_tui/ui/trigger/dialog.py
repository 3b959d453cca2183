"""The trigger form: what a run shall execute, with what environment; and the same for a re-run.

It dismisses a TriggerRequest, or None; it sends nothing. `TriggerDialog.draft` is everything that
was typed, so that a refused trigger can be opened again as it was, with the service's words at
the fields they speak of.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path

from textual import events, on, work
from textual.app import App, ComposeResult
from textual.containers import Container, Horizontal, Vertical, VerticalScroll
from textual.content import Content

from nodion_tui.config import Profile
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner, short_id
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import EnvRow, TriggerDraft, changed_fields, draft_from_run
from nodion_tui.monitor.storage.presets import PresetFile
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import BaseDialog
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.field import FormField, shorten
from nodion_tui.ui.dialogs.scroll_into_view import scroll_into_view
from nodion_tui.ui.stop.dialog_text import read_only_reason
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.trigger import form_text as words
from nodion_tui.ui.trigger.form import TriggerForm
from nodion_tui.ui.trigger.preset_bar import PresetBar
from nodion_tui.ui.trigger.preview import RequestPreview

_TYPED_IN = {
    "argv": "argv_text",
    "command": "command",
    "entrypoint": "entrypoint",
    "env_variables": "env",
}
"""Field of the API → attribute of the draft: what was edited is no longer what was refused."""


class TriggerDialog(BaseDialog[TriggerRequest | None]):
    """The form; Enter in a field never triggers, ctrl+enter and the button do."""

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS = bindings("form")
    SCROLL_TARGETS = "#trigger-main, #trigger-fields, #trigger-preview"
    AUTO_FOCUS = ""

    def __init__(
        self,
        runner: Runner,
        *,
        profile: Profile,
        rerun_of: Run | None = None,
        known_env: tuple[EnvRow, ...] | None = None,
        draft: TriggerDraft | None = None,
        field_errors: Mapping[str, tuple[str, ...]] | None = None,
        error_message: str = "",
        presets: PresetFile | None = None,
        disabled_reason: str = "",
    ) -> None:
        """Make the form.

        Args:
            runner: what will run.
            profile: where; it may forbid to start anything.
            rerun_of: the run to do again: fills the form, and changes against it are marked.
            known_env: the environment of that run, where it was triggered from here.
            draft: everything that was typed before, for a form that is opened again.
            field_errors: what the service did not accept, by field of the API.
            error_message: what else it said.
            presets: where presets are kept; without them there is no row for them.
            disabled_reason: why nothing can be started, beyond the profile's `read_only`.
        """
        super().__init__()
        self._runner = runner
        self._profile = profile
        self._run = rerun_of
        self._env_unknown = rerun_of is not None and known_env is None
        self._start = draft_from_run(rerun_of, known_env or ()) if rerun_of else TriggerDraft()
        self._opened = draft or self._start
        self._errors = dict(field_errors or {})
        self._message = error_message
        self._presets = presets
        self._refusal = disabled_reason or read_only_reason(profile)
        self._leaving = False
        self._draft = self._opened
        self._is_read = True

    @property
    def draft(self) -> TriggerDraft:
        """What stands in the form; still there after it was dismissed."""
        self._read()
        return self._draft

    @property
    def hidden_keys(self) -> frozenset[str]:
        """Names of the variables whose values are neither shown nor kept."""
        return frozenset(row.key.strip() for row in self.draft.env if row.hidden)

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        keys: Mapping[str, str] = getattr(self.app, "keys", {})
        with Vertical(id="trigger") as frame:
            frame.border_title = "Re-run with edits" if self._run else "Trigger a run"
            with Horizontal(id="trigger-head"):
                yield DialogText(self._subject(), id="trigger-runner")
                yield DialogText(profile_badge(self._profile), id="trigger-where")
            with Container(id="trigger-main"):
                with VerticalScroll(id="trigger-fields", can_focus=False):
                    if self._presets is not None:
                        bar = PresetBar(self._presets, self._runner.id, self._opened)
                        yield FormField("Preset", bar, id="trigger-field-preset")
                    note = words.ENV_UNKNOWN if self._env_unknown else ""
                    start = self._start if self._run else None
                    yield TriggerForm(self._runner, self._opened, baseline=start, env_note=note)
                with VerticalScroll(id="trigger-preview", can_focus=False):
                    yield RequestPreview(self._runner.id, self._profile)
            with Vertical(id="trigger-foot"):
                yield DialogText(id="trigger-refused")
                yield DialogText(id="trigger-verdict")
                with Horizontal(id="trigger-buttons"):
                    yield DialogText(Content(words.key_hints(keys)), id="trigger-keys")
                    yield CompactButton("Cancel", id="trigger-leave")
                    yield CompactButton(
                        words.submit_label(keys), id="trigger-submit", classes="-main"
                    )

    def on_mount(self) -> None:
        """Textual: show what is wrong from the start, and put the cursor where one begins."""
        self._tell()
        first = next(iter(self._errors), None)
        mode_field = {"argv": "argv", "command": "command"}.get(self._opened.mode, "")
        self._form.focus_field(first if first in _TYPED_IN else mode_field)

    def on_resize(self, event: events.Resize) -> None:
        """Textual: take shorter words where there is no room."""
        self._form.set_narrow(narrow=event.size.width < 60)

    @work(group="submit", exclusive=True, exit_on_error=False)
    async def action_submit(self) -> None:
        """Dismiss the request, or go to what is wrong with it."""
        await self._caught_up()
        self._is_read = False
        problems = self.draft.problems()
        if self._refusal:
            self.notify(self._refusal, severity="warning", markup=False)
        elif problems:
            self._form.focus_field(next(iter(problems)))
        else:
            self.dismiss(self.draft.request())

    def action_leave(self) -> None:
        """Leave; asks once more where something was typed."""
        if self.draft == self._opened or self._leaving:
            self.dismiss(None)
            return
        self._leaving = True
        self._say(Content.styled(words.DISCARD_PROMPT, "$text-warning"))

    def action_next_mode(self) -> None:
        """Go on to the next mode."""
        self._form.next_mode()

    def action_preview(self) -> None:
        """Show the other kind of preview."""
        preview = self.query_one(RequestPreview)
        if self.query_one("#trigger-main").region.contains_region(preview.text_region):
            preview.toggle_kind()
        preview.scroll_visible(top=True)

    @on(CompactButton.Pressed, ".preview--copy")
    def action_copy_curl(self) -> None:
        """Send the request as a curl command to the terminal's clipboard."""
        command = self.query_one(RequestPreview).curl()
        if command and clipboard.copy(self.app, command):
            self.notify(words.CURL_COPIED, markup=False)

    async def _caught_up(self) -> None:
        """Wait until all that was typed before has arrived in the fields.

        Keys that come in one burst wait in the queue of the field, while the key that triggers
        is handled at once: it must not overtake them. Twice, for a key may post a message.
        """
        for node in (self.focused or self).ancestors_with_self:
            if isinstance(node, App):
                break
            for _ in range(2):
                passed = asyncio.Event()
                node.call_later(passed.set)
                await passed.wait()

    @property
    def _form(self) -> TriggerForm:
        return self.query_one(TriggerForm)

    @on(TriggerForm.Changed)
    def _changed(self) -> None:
        # Changes come in bursts, a hundred for a pasted block: they are looked at together.
        if self._is_read:
            self._is_read = False
            self.call_later(self._tell)

    def _read(self) -> None:
        """Read the fields, once after any number of changes."""
        if self._is_read or not self.is_attached:
            return
        self._is_read = True
        before, self._draft = self._draft, self._form.read()
        for field, attribute in _TYPED_IN.items():
            if getattr(before, attribute) != getattr(self._draft, attribute):
                self._forgive(field)
        if before != self._draft:
            self._leaving = False

    @on(PresetBar.Chosen)
    async def _preset_chosen(self, event: PresetBar.Chosen) -> None:
        await self._form.load(event.draft)
        problems = event.draft.problems()
        if problems:
            self.call_after_refresh(self._form.focus_field, next(iter(problems)))

    @on(CompactButton.Pressed, "#trigger-submit")
    def _submit_pressed(self) -> None:
        self.action_submit()

    @on(CompactButton.Pressed, "#trigger-leave")
    def _leave_pressed(self) -> None:
        self.action_leave()

    def _forgive(self, field: str) -> None:
        self._errors = {
            name: messages for name, messages in self._errors.items() if not name.startswith(field)
        }
        self._message = ""

    def _tell(self) -> None:
        problems = self.draft.problems()
        if self._leaving:
            return
        self._form.show_notes(self.draft, self._errors)
        if self._run:
            self.query_one("#trigger-runner", DialogText).update(self._subject())
        request = None if "argv" in problems and not self._argv_reads() else self.draft.request()
        self.query_one(RequestPreview).show(request, self.hidden_keys)
        for bar in self.query(PresetBar):
            bar.update_draft(self.draft)
        self._tell_refused()
        self.query_one("#trigger-submit", CompactButton).disabled = bool(problems or self._refusal)
        self._say(self._verdict(problems, request))
        self.scroll_to_focus()

    def _show_focus(self) -> None:
        if self.focused is not None:
            scroll_into_view(self.focused, self.query(self.SCROLL_TARGETS))

    def _argv_reads(self) -> bool:
        try:
            self.draft.argv()
        except ValueError:
            return False
        return True

    def _tell_refused(self) -> None:
        """What the service said that belongs to no field that can be seen."""
        seen = set(_TYPED_IN) - ({"argv", "command"} - {str(self.draft.mode)})
        said = [self._message] if self._message else []
        for field, messages in self._errors.items():
            if not any(field.startswith(name) for name in seen):
                said += [f"{field}: {text}" for text in messages]
        line = self.query_one("#trigger-refused", DialogText)
        line.update(Content("\n").join(Content(f"✗ {shorten(text)}") for text in said))
        line.set_class(bool(said), "-shown")

    def _verdict(self, problems: Mapping[str, object], request: TriggerRequest | None) -> Content:
        if self._refusal:
            return Content.styled(sanitize(self._refusal), "$text-warning")
        if problems or request is None:
            return Content.styled(words.not_ready_text(tuple(problems)), "$text-error")
        return Content(sanitize(words.ready_text(request, self._runner)))

    def _say(self, content: Content) -> None:
        self.query_one("#trigger-verdict", DialogText).update(content)

    def _subject(self) -> Content:
        parts = [Content.styled(sanitize(self._runner.label), "bold")]
        if self._run:
            parts.append(Content(f"  run {sanitize(short_id(self._run.id))}"))
            if changed_fields(self._start, self.draft):
                parts.append(Content.styled("  * changed", "bold $text-accent"))
        if self._runner.image:
            parts.append(Content.styled(f"  {sanitize(self._runner.image)}", "$foreground-muted"))
        return Content("").join(parts)
