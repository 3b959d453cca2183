"""Dialog of the trigger form, for a new run or a re-run with edits.

It dismisses a TriggerRequest or None and sends nothing itself. `TriggerDialog.draft` is the whole
input, so that a rejected trigger can be reopened unchanged, with the service's messages at their
fields.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

import msgspec
from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from nodion_tui.model.dotenv import looks_like_dotenv
from nodion_tui.model.run import Run
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import (
    EnvRow,
    TriggerDraft,
    changed_fields,
    draft_from_run,
    row_problems,
)
from nodion_tui.ui.commands.form_commands import PRESET_DIGITS
from nodion_tui.ui.commands.registry import bindings, keymap_of
from nodion_tui.ui.dialogs.badge import profile_badge
from nodion_tui.ui.dialogs.box import BaseDialog
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.field import FormField
from nodion_tui.ui.dialogs.scroll_into_view import scroll_into_view
from nodion_tui.ui.dialogs.typed_keys import drain_typed_keys
from nodion_tui.ui.terminal import clipboard
from nodion_tui.ui.trigger import form_text as texts
from nodion_tui.ui.trigger.argv_field import ArgvField, where_to_paste
from nodion_tui.ui.trigger.env_editor import variable_menu
from nodion_tui.ui.trigger.env_row import TAB_STOP, EnvRowEditor
from nodion_tui.ui.trigger.form import TriggerForm
from nodion_tui.ui.trigger.form_edges import FormFoot, FormHead
from nodion_tui.ui.trigger.form_target import FormTarget
from nodion_tui.ui.trigger.many.many_draft import ManyDraft
from nodion_tui.ui.trigger.many.many_fields import ManyField, ManyFields
from nodion_tui.ui.trigger.preset_bar import PresetBar
from nodion_tui.ui.trigger.preview import RequestPreview

_DRAFT_ATTRIBUTES = {
    "argv": "argv_text",
    "command": "command",
    "entrypoint": "entrypoint",
    "env_variables": "env",
}
"""API field → attribute of the draft; editing it clears the service's errors of that field."""
_TAB_STOPS = f"RadioRow, MultilineField, CompactButton, #trigger-entrypoint, .{TAB_STOP}"
"""What Tab goes through: of a row of the environment, one field."""


class TriggerDialog(BaseDialog[TriggerRequest | None]):
    """The trigger form; Enter in a field does not submit, `ACCEPT_KEYS` and the button do.

    Args:
        target: what is triggered.
        rerun_of: the run to repeat: fills the form, and changes against it are marked.
        known_env: environment of that run, if it was triggered from here.
        draft: the previous input, for a form that is reopened.
        field_errors: the service's errors by API field.
        error_message: the service's general error message.
        many: the previous input of the fields to start more than one run.
    """

    CSS_PATH = Path(__file__).with_suffix(".tcss")
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("form"),
        *(Binding(digit, f"preset({digit})", show=False) for digit in PRESET_DIGITS[1:]),
        # A text field takes the digit of most terminals' alt+digit before this dialog does.
        *(
            Binding(f"alt+{digit}", f"preset({digit})", show=False, priority=True)
            for digit in PRESET_DIGITS
        ),
    ]
    SCROLL_TARGETS = "#trigger-main, #trigger-fields, #trigger-preview"
    AUTO_FOCUS = ""

    def __init__(
        self,
        target: FormTarget,
        *,
        rerun_of: Run | None = None,
        known_env: tuple[EnvRow, ...] | None = None,
        draft: TriggerDraft | None = None,
        field_errors: Mapping[str, tuple[str, ...]] | None = None,
        error_message: str = "",
        many: ManyDraft | None = None,
    ) -> None:
        super().__init__()
        self._target = target
        self._run = rerun_of
        filled_env = target.fill_secrets(known_env or ())
        self._env_note = texts.env_note(known_env, filled_env) if rerun_of else ""
        self._baseline = draft_from_run(rerun_of, filled_env) if rerun_of else TriggerDraft()
        self._initial = draft or self._baseline
        self._errors = dict(field_errors or {})
        self._message = error_message
        self._discard_asked = False
        self._draft = self._initial
        self._is_current = True
        self._initial_many = many or ManyDraft()
        self.many: ManyField
        """The field to start more than one run; still readable after it was dismissed."""
        self._form: TriggerForm
        self._rejections = Static(id="trigger-refused")

    def aim(self, target: FormTarget) -> None:
        """Turn the form, which is mounted and has not been open, to a target."""
        self._target = target
        self.query_one("#trigger", Vertical).border_title = self._frame_title()
        self.query_one(FormHead).show(self._title_content(), profile_badge(target.profile))
        self._form.show_runner(target.runner)
        if target.presets is not None:
            for bar in self.query(PresetBar):
                bar.aim(target.presets, target.runner.id, target.history)
        self.query_one(RequestPreview).aim(target.runner.id, target.profile)
        self._refresh_content()

    @property
    def draft(self) -> TriggerDraft:
        """The content of the form; still available after it was dismissed."""
        self._read_fields()
        return self._draft

    @property
    def hidden_keys(self) -> frozenset[str]:
        """Names of the variables whose values are neither shown nor saved."""
        return frozenset(row.key.strip() for row in self.draft.env if row.hidden)

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        self.set_size_classes()
        keys, target = keymap_of(self.app), self._target
        with Vertical(id="trigger") as frame:
            frame.border_title = self._frame_title()
            yield FormHead(self._title_content(), profile_badge(target.profile))
            with Container(id="trigger-main"):
                with VerticalScroll(id="trigger-fields", can_focus=False):
                    if target.presets is not None:
                        bar = PresetBar(
                            target.presets, target.runner.id, self._initial, target.history
                        )
                        yield FormField("Preset", bar, id="trigger-field-preset")
                    self._form = TriggerForm(
                        target.runner,
                        self._initial,
                        baseline=self._baseline if self._run else None,
                        env_note=self._env_note,
                    )
                    yield self._form
                    self.many = ManyField(self._initial_many)
                    yield self.many
                yield RequestPreview(target.runner.id, target.profile)
            yield FormFoot(
                texts.key_hints(keys),
                CompactButton("Cancel", id="trigger-leave"),
                CompactButton(texts.submit_label(keys), id="trigger-submit", classes="-main"),
            )

    def on_mount(self) -> None:
        """Textual: show problems of the initial draft and focus the first field to edit."""
        self._refresh_content()
        self._focus_first()

    def focus_next(self, selector: str | type[Widget] = _TAB_STOPS) -> Widget | None:
        """Textual: the next control, which is the next row within the environment."""
        return super().focus_next(selector)

    def focus_previous(self, selector: str | type[Widget] = _TAB_STOPS) -> Widget | None:
        """Textual: as `focus_next`."""
        return super().focus_previous(selector)

    def _focus_first(self) -> None:
        """Focus the first error or gap; else what is most often changed."""
        first_error = next(iter(self._errors), None)
        gaps = [index for index, row in enumerate(self._initial.env) if row.needs_value]
        if first_error in _DRAFT_ATTRIBUTES:
            self._form.focus_field(first_error)
        elif gaps or (self._run and self._initial.env):
            self._form.focus_variable(gaps[0] if gaps else 0)
        else:
            self._form.focus_field(self._initial.mode)

    @on(events.Resize)
    def _use_short_labels(self, event: events.Resize) -> None:
        self._form.set_narrow(narrow=event.size.width < 60)

    @on(CompactButton.Pressed, "#trigger-submit")
    @work(group="submit", exclusive=True, exit_on_error=False)
    async def action_submit(self) -> None:
        """Dismiss the request, or focus the first invalid field."""
        await drain_typed_keys(self)
        for worker in [worker for worker in self.workers if worker.group == "preset"]:
            await worker.wait()
        self._is_current = False
        problems = self.draft.problems()
        if self._target.disabled_reason:
            self.notify(self._target.disabled_reason, severity="warning", markup=False)
        elif problems:
            self._form.focus_field(next(iter(problems)))
        else:
            request = self.draft.request()
            self.many.show_plan(request)
            if self.many.problem:
                await self.many.open(self.many.draft)
            else:
                self.dismiss(request)

    @on(CompactButton.Pressed, "#trigger-leave")
    def action_leave(self) -> None:
        """Cancel; asks for a second Esc if the form was edited."""
        is_same = self.draft == self._initial and self.many.draft == self._initial_many
        if is_same or self._discard_asked:
            self.dismiss(None)
            return
        self._discard_asked = True
        self.query_one(FormFoot).show_verdict(Content.styled(texts.DISCARD_PROMPT, "$text-warning"))

    async def action_next_mode(self) -> None:
        """Select the next mode."""
        await self._form.next_mode()

    async def action_many(self) -> None:
        """Start more than one run; in a row of the environment, vary its variable."""
        draft = self.many.draft
        for index, row in enumerate(self.query(EnvRowEditor)):
            if row.has_focus_within:
                draft = draft.with_variable(self.draft, index)
        await self.many.open(draft)

    def action_preview(self) -> None:
        """Scroll to the preview, or toggle between JSON and curl."""
        preview = self.query_one(RequestPreview)
        if self.query_one("#trigger-main").region.contains_region(preview.text_region):
            preview.toggle_kind()
        preview.scroll_to_top()

    @on(CompactButton.Pressed, ".preview--copy")
    def action_copy_curl(self) -> None:
        """Copy the request as a curl command to the terminal's clipboard."""
        command = self.query_one(RequestPreview).curl()
        if command and clipboard.copy(self.app, command):
            self.notify(texts.CURL_COPIED, markup=False)

    @work(group="preset", exit_on_error=False)
    async def action_preset(self, number: int) -> None:
        """Use one of the runner's presets, by its number."""
        for bar in self.query(PresetBar):
            draft = await bar.use(number)
            if draft is not None:
                await self._use_draft(draft)

    @work(group="variable", exclusive=True, exit_on_error=False)
    async def action_find_variable(self) -> None:
        """Choose a variable, and focus its value; without any, focus what adds one."""
        env = self.draft.env
        if not env:
            self._form.focus_field("env_variables")
            return
        chosen = await self.app.push_screen_wait(variable_menu(env))
        if chosen is not None:
            self._form.focus_variable(int(chosen))

    async def on_paste(self, event: events.Paste) -> None:
        """Textual: a `.env` block that no field has taken goes to the environment."""
        event.stop()
        if looks_like_dotenv(event.text):
            await self._form.paste_env(event.text)
        else:
            self.notify("Focus a field, then paste.", title="Not pasted", severity="warning")

    @on(ArgvField.EnvPasted)
    @work(group="paste", exit_on_error=False)
    async def _ask_where_to_paste(self, event: ArgvField.EnvPasted) -> None:
        chosen = await self.app.push_screen_wait(where_to_paste(event.variables))
        if chosen == "env":
            await self._form.paste_env(event.text)
        elif chosen == "argv":
            self._form.paste_argv(event.text)

    @on(TriggerForm.Changed)
    @on(ManyFields.Changed)
    def _changed(self) -> None:
        # Changes come in bursts, a hundred for a pasted block; they are handled together.
        if self._is_current:
            self._is_current = False
            self.call_later(self._refresh_content)

    def _read_fields(self) -> None:
        """Read the fields, once after any number of changes."""
        if self._is_current or not self.is_attached:
            return
        self._is_current = True
        previous, self._draft = self._draft, self._form.read()
        for field, attribute in _DRAFT_ATTRIBUTES.items():
            if getattr(previous, attribute) != getattr(self._draft, attribute):
                self._errors = {
                    name: messages
                    for name, messages in self._errors.items()
                    if not name.startswith(field)
                }
        if previous != self._draft:
            self._discard_asked = False

    @on(PresetBar.Chosen)
    async def _preset_chosen(self, event: PresetBar.Chosen) -> None:
        await self._use_draft(event.draft)

    async def _use_draft(self, draft: TriggerDraft) -> None:
        """Fill in the form, and focus the first gap."""
        draft = msgspec.structs.replace(draft, env=self._target.fill_secrets(draft.env))
        await self._form.load(draft)
        problems = [field for field in draft.problems() if field != "env_variables"]
        gaps = row_problems(draft.env)
        if problems:
            self.call_after_refresh(self._form.focus_field, problems[0])
        elif gaps:
            self._form.focus_variable(next(iter(gaps)))

    def _refresh_content(self) -> None:
        problems = self.draft.problems()
        if self._discard_asked:
            return
        self._form.show_notes(self.draft, self._errors)
        if self._run:
            self.query_one(FormHead).show(
                self._title_content(), profile_badge(self._target.profile)
            )
        try:
            request = self.draft.request()
        except ValueError:
            request = None
        self.many.show_plan(request)
        planned = self.many.planned
        if self.many.problem and not problems:
            problems = {"Runs": (self.many.problem,)}
        self.query_one(RequestPreview).show(request, self.hidden_keys, planned)
        for bar in self.query(PresetBar):
            bar.update_draft(self.draft)
        self._show_rejections()
        submit = self.query_one("#trigger-submit", CompactButton)
        submit.disabled = bool(problems or self._target.disabled_reason)
        submit.label = texts.submit_label(keymap_of(self.app), len(planned))
        self.query_one(FormFoot).show_verdict(
            Content.styled(sanitize(self._target.disabled_reason), "$text-warning")
            if self._target.disabled_reason
            else texts.status_content(problems, request, self._target.runner, len(planned))
        )
        self.scroll_to_focus()

    def _scroll_focus_into_view(self) -> None:
        if self.focused is not None:
            scroll_into_view(self.focused, self.query(self.SCROLL_TARGETS))

    def _show_rejections(self) -> None:
        """Show the service's messages that belong to no visible field."""
        visible_fields = set(_DRAFT_ATTRIBUTES) - ({"argv", "command"} - {str(self.draft.mode)})
        rejections = texts.rejection_lines(self._message, self._errors, visible_fields)
        self._rejections.update(rejections)
        self._rejections.display = bool(rejections)
        if rejections and not self._rejections.is_attached:
            self.query_one("#trigger").mount(self._rejections, before="#trigger-foot")
        self.query_one(FormFoot).set_class(bool(rejections), "-joined")

    def _frame_title(self) -> Content:
        self.profile_in_title = self._target.named_profile
        return self.full_title("Re-run with edits" if self._run else "Trigger a run")

    def _title_content(self) -> Content:
        is_changed = bool(self._run and changed_fields(self._baseline, self.draft))
        return texts.title_content(self._target.runner, self._run, is_changed=is_changed)
