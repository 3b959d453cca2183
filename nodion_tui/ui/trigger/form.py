"""Fields of the trigger form: reads them into a TriggerDraft and shows their problems.

The fields of modes that are not shown are mounted after the first paint.
"""

import asyncio
import re
from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from nodion_tui.model.runner import Runner
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.model.trigger import shell_syntax_tokens
from nodion_tui.model.trigger_draft import (
    ArgvStyle,
    CommandMode,
    TriggerDraft,
    changed_fields,
    changed_rows,
    format_argv_text,
    parse_argv_text,
    row_problems,
)
from nodion_tui.ui.dialogs.controls import RadioRow
from nodion_tui.ui.dialogs.field import FieldNotes, FormField, update_text
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField
from nodion_tui.ui.trigger import form_text as texts
from nodion_tui.ui.trigger.argv_field import ArgvField
from nodion_tui.ui.trigger.argv_tokens import ArgvTokens
from nodion_tui.ui.trigger.env_editor import EnvEditor

_ENV_INDEX = re.compile(r"env_variables[.\[](\d+)")
"""Index in the error field of a service that names the rejected variable."""


class TriggerForm(Widget):
    """Mode, argv or command, entrypoint and environment.

    Args:
        runner: the runner, for its defaults.
        draft: the initial content.
        baseline: the draft of the repeated run; changes against it are marked.
        env_note: a hint on the environment.
    """

    DEFAULT_CSS = """
    TriggerForm {
        height: auto;
        #trigger-field-argv, #trigger-field-command, #trigger-default { display: none; }
        &.-argv #trigger-field-argv { display: block; }
        &.-command #trigger-field-command { display: block; }
        &.-default #trigger-default { display: block; }
        #trigger-default { height: auto; padding: 0 1; color: $text-muted; }
        #trigger-style { margin: 0 0 0 1; }
        & > #trigger-field-env { margin: 0; }
    }
    """

    class Changed(Message):
        """A field was edited."""

    def __init__(
        self,
        runner: Runner,
        draft: TriggerDraft,
        *,
        baseline: TriggerDraft | None = None,
        env_note: str = "",
    ) -> None:
        super().__init__(classes=f"-{draft.mode}")
        self._baseline = baseline
        self._env_note = env_note
        self._modes = RadioRow(texts.MODE_LABELS, draft.mode, id="trigger-mode")
        self._argv = ArgvField(
            draft.argv_text, "python migrate.py --env staging", id="trigger-argv"
        )
        self._tokens = ArgvTokens()
        self._argv_style = RadioRow(texts.ARGV_STYLE_LABELS, draft.argv_style, id="trigger-style")
        self._command = MultilineField(
            draft.command, "cd /app && ./job.sh | tee out.log", id="trigger-command"
        )
        self._empty_entrypoint = draft.empty_entrypoint
        self._entrypoint = LineField(draft.entrypoint, id="trigger-entrypoint")
        self._default = Static(id="trigger-default")
        self._env = EnvEditor(draft.env)
        self._inputs: Mapping[str, Widget] = {
            "argv": self._argv,
            "command": self._command,
            "entrypoint": self._entrypoint,
        }
        self._fields = self._make_fields()
        self.show_runner(runner)
        self._mounting = asyncio.Lock()

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        yield self._fields["mode"]
        if self._modes.value in self._fields:
            yield self._fields[self._modes.value]
        yield self._fields["entrypoint"]
        yield self._fields["env"]

    def on_mount(self) -> None:
        """Textual: mount the rest after the first paint."""
        self.call_after_refresh(self._mount_hidden_modes)

    async def _mount_hidden_modes(self) -> None:
        async with self._mounting:
            for name in (CommandMode.COMMAND, CommandMode.ARGV):
                # The form may have been left meanwhile.
                if self.is_attached and not self._fields[name].is_attached:
                    await self.mount(self._fields[name], after=self._fields["mode"])

    def show_runner(self, runner: Runner) -> None:
        """Show what a runner takes by default."""
        empty = self._empty_entrypoint
        placeholder = texts.entrypoint_placeholder(runner, empty=empty)
        self._entrypoint.placeholder = sanitize(placeholder)
        update_text(self._default, Content(sanitize(texts.default_command_text(runner))))

    def read(self) -> TriggerDraft:
        """The content of the fields."""
        return TriggerDraft(
            mode=CommandMode(self._modes.value),
            argv_text=self._argv.text,
            argv_style=ArgvStyle(self._argv_style.value),
            command=self._command.text,
            entrypoint=self._entrypoint.value,
            empty_entrypoint=self._empty_entrypoint,
            env=self._env.rows,
        )

    async def load(self, draft: TriggerDraft) -> None:
        """Replace the content of the fields by a draft."""
        self._modes.value = draft.mode
        self._show_mode(draft.mode)
        self._argv_style.value = draft.argv_style
        self._argv.text = draft.argv_text
        self._command.text = draft.command
        self._entrypoint.value = draft.entrypoint
        self._empty_entrypoint = draft.empty_entrypoint
        await self._env.replace(draft.env)
        self.post_message(self.Changed())

    async def paste_env(self, text: str) -> None:
        """Add the variables of a pasted `.env` block."""
        await self._env.paste_block(text)

    def paste_argv(self, text: str) -> None:
        """Insert a pasted text into argv as it is."""
        self._argv.insert_pasted(text)
        self._argv.focus()

    def show_notes(self, draft: TriggerDraft, rejections: Mapping[str, tuple[str, ...]]) -> None:
        """Show counters, hints, problems, and the service's errors.

        Args:
            draft: the content of the fields.
            rejections: the service's errors by API field.
        """
        problems = draft.problems()
        # That an empty field is needed is said by the foot: nothing typed is no mistake yet.
        typed = {
            "argv": draft.argv_text,
            "command": draft.command,
            "entrypoint": draft.entrypoint,
        }
        argv, command, entrypoint = (
            (*(problems.get(field, ()) if text.strip() else ()), *rejections.get(field, ()))
            for field, text in typed.items()
        )
        self._tokens.tokens = tokens = _tokens(draft)
        notes = texts.argv_notes(tokens, shell_syntax_tokens(tokens), argv)
        self._show_field_notes("argv", notes)
        self._show_field_notes("command", texts.command_notes(draft.command, command))
        self._show_field_notes("entrypoint", texts.entrypoint_notes(draft.entrypoint, entrypoint))
        self._show_env_notes(draft, rejections)
        if self._baseline is not None:
            self._mark_changes(self._baseline, draft)

    def focus_field(self, field: str = "") -> None:
        """Focus the input of an API field, or the mode if there is none."""
        if field == "env_variables":
            self._env.focus_row()
        else:
            self._inputs.get(field, self._modes).focus()

    def focus_variable(self, index: int) -> None:
        """Focus the value of a variable, by its row."""
        self._env.focus_value(index)

    async def next_mode(self) -> None:
        """Select the next mode and focus its field."""
        await self._mount_hidden_modes()
        self._modes.action_step(1)
        self._show_mode(self._modes.value)
        fields = {CommandMode.ARGV: "argv", CommandMode.COMMAND: "command"}
        self.focus_field(fields.get(CommandMode(self._modes.value), ""))

    def set_narrow(self, *, narrow: bool) -> None:
        """Use short labels in a narrow window."""
        self._modes.options = texts.SHORT_MODE_LABELS if narrow else texts.MODE_LABELS

    def _mark_changes(self, baseline: TriggerDraft, draft: TriggerDraft) -> None:
        changed = changed_fields(baseline, draft)
        for name in ("mode", "argv", "command", "entrypoint", "env"):
            self._fields[name].mark_changed(changed=name in changed)
        self._env.mark_changes(changed_rows(baseline.env, draft.env))

    def _make_fields(self) -> Mapping[str, FormField]:
        controls: Mapping[str, tuple[str, *tuple[Widget, ...]]] = {
            "mode": ("Run", self._modes, self._default),
            "argv": ("argv", self._argv, self._tokens),
            "command": ("Command", self._command),
            "entrypoint": ("Entrypoint", self._entrypoint),
            "env": ("Environment", self._env),
        }
        tools = {"argv": self._argv_style}
        return {
            name: FormField(
                label, *widgets, footer_control=tools.get(name), id=f"trigger-field-{name}"
            )
            for name, (label, *widgets) in controls.items()
        }

    def _show_field_notes(self, name: str, notes: FieldNotes) -> None:
        self._fields[name].show_notes(notes)
        self._inputs[name].set_class(bool(notes.problems), "-problem")

    def _show_env_notes(
        self, draft: TriggerDraft, rejections: Mapping[str, tuple[str, ...]]
    ) -> None:
        row_messages = row_problems(draft.env)
        general_messages: list[str] = []
        sent_indexes = [index for index, row in enumerate(draft.env) if row.is_sent]
        for field, messages in rejections.items():
            match = _ENV_INDEX.match(field)
            if match and int(match[1]) < len(sent_indexes):
                row_messages.setdefault(sent_indexes[int(match[1])], "; ".join(messages))
            elif field.startswith("env_variables"):
                general_messages += messages
        self._env.show_problems(row_messages)
        env_hints = (self._env_note,) if self._env_note else ()
        hints = (*self._env.paste_notes, *env_hints)
        baseline_env = self._baseline.env if self._baseline else ()
        count = texts.env_summary(draft.env, baseline_env)
        env_field = self._fields["env"]
        env_field.show_notes(FieldNotes(count, problems=general_messages, hints=hints))
        env_field.set_class(bool(row_messages or general_messages), "-problem")

    @on(RadioRow.Chosen, "#trigger-mode")
    def _mode_chosen(self, event: RadioRow.Chosen) -> None:
        event.stop()
        self._show_mode(event.value)
        self.post_message(self.Changed())

    def _show_mode(self, chosen: str) -> None:
        for mode in CommandMode:
            self.set_class(mode == chosen, f"-{mode}")

    @on(RadioRow.Chosen, "#trigger-style")
    def _style_chosen(self, event: RadioRow.Chosen) -> None:
        event.stop()
        style = ArgvStyle(event.value)
        previous = ArgvStyle.LINES if style is ArgvStyle.QUOTED else ArgvStyle.QUOTED
        try:
            self._argv.text = format_argv_text(parse_argv_text(self._argv.text, previous), style)
        except ValueError as problem:
            event.control.value = previous
            self.notify(str(problem), severity="warning", markup=False)
        self.post_message(self.Changed())

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(EnvEditor.Changed)
    def _edited(self, event: Message) -> None:
        event.stop()
        self.post_message(self.Changed())

    @on(Input.Submitted, "#trigger-entrypoint")
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.screen.focus_next()


def _tokens(draft: TriggerDraft) -> tuple[str, ...]:
    try:
        return draft.argv()
    except ValueError:
        return ()
