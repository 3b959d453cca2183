"""Fields of the trigger form: reads them into a TriggerDraft and shows their problems."""

import re
from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from nodion_tui.model.runner import Runner
from nodion_tui.model.sanitize import sanitize
from nodion_tui.model.trigger import Problems, shell_syntax_tokens
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
from nodion_tui.ui.dialogs.field import FieldNotes, FormField
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField
from nodion_tui.ui.trigger import form_text as texts
from nodion_tui.ui.trigger.argv_tokens import ArgvTokens
from nodion_tui.ui.trigger.env_editor import EnvEditor

_INPUT_SELECTORS = {
    "argv": "#trigger-argv",
    "command": "#trigger-command",
    "entrypoint": "#trigger-entrypoint",
}
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
        self._runner = runner
        self._initial = draft
        self._baseline = baseline
        self._env_note = env_note

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        initial = self._initial
        yield FormField(
            "Run",
            RadioRow(texts.MODE_LABELS, initial.mode, id="trigger-mode"),
            Static(
                Content(sanitize(texts.default_command_text(self._runner))), id="trigger-default"
            ),
            id="trigger-field-mode",
        )
        yield FormField(
            "argv",
            MultilineField(initial.argv_text, "python migrate.py --env staging", id="trigger-argv"),
            ArgvTokens(),
            footer_control=RadioRow(
                texts.ARGV_STYLE_LABELS, initial.argv_style, id="trigger-style"
            ),
            id="trigger-field-argv",
        )
        yield FormField(
            "Command",
            MultilineField(
                initial.command, "cd /app && ./job.sh | tee out.log", id="trigger-command"
            ),
            id="trigger-field-command",
        )
        placeholder = sanitize(texts.entrypoint_placeholder(self._runner))
        yield FormField(
            "Entrypoint",
            LineField(initial.entrypoint, placeholder, id="trigger-entrypoint"),
            id="trigger-field-entrypoint",
        )
        yield FormField(
            "Environment", EnvEditor(initial.env, id="trigger-env"), id="trigger-field-env"
        )

    def read(self) -> TriggerDraft:
        """The content of the fields."""
        return TriggerDraft(
            mode=CommandMode(self._mode.value),
            argv_text=self.query_one("#trigger-argv", MultilineField).text,
            argv_style=ArgvStyle(self.query_one("#trigger-style", RadioRow).value),
            command=self.query_one("#trigger-command", MultilineField).text,
            entrypoint=self.query_one("#trigger-entrypoint", LineField).value,
            env=self.query_one(EnvEditor).rows,
        )

    async def load(self, draft: TriggerDraft) -> None:
        """Replace the content of the fields by a draft."""
        self._mode.value = draft.mode
        self._show_mode(draft.mode)
        self.query_one("#trigger-style", RadioRow).value = draft.argv_style
        self.query_one("#trigger-argv", MultilineField).text = draft.argv_text
        self.query_one("#trigger-command", MultilineField).text = draft.command
        self.query_one("#trigger-entrypoint", LineField).value = draft.entrypoint
        await self.query_one(EnvEditor).replace(draft.env)
        self.post_message(self.Changed())

    def show_notes(self, draft: TriggerDraft, rejections: Mapping[str, tuple[str, ...]]) -> None:
        """Show counters, hints, problems, and the service's errors.

        Args:
            draft: the content of the fields.
            rejections: the service's errors by API field.
        """
        problems = draft.problems()
        tokens = _tokens(draft)
        self.query_one(ArgvTokens).tokens = tokens
        self._show_field_notes(
            "argv",
            texts.argv_notes(
                tokens, shell_syntax_tokens(tokens), _merged("argv", problems, rejections)
            ),
        )
        self._show_field_notes(
            "command", texts.command_notes(draft.command, _merged("command", problems, rejections))
        )
        self._show_field_notes(
            "entrypoint",
            texts.entrypoint_notes(draft.entrypoint, _merged("entrypoint", problems, rejections)),
        )
        self._show_env_notes(draft, rejections)
        if self._baseline is not None:
            self._mark_changes(self._baseline, draft)

    def focus_field(self, field: str = "") -> None:
        """Focus the input of an API field, or the mode if there is none."""
        if field == "env_variables":
            self.query_one(EnvEditor).focus_row()
        elif field in _INPUT_SELECTORS:
            self.query_one(_INPUT_SELECTORS[field]).focus()
        else:
            self._mode.focus()

    def next_mode(self) -> None:
        """Select the next mode and focus its field."""
        self._mode.action_step(1)
        fields = {CommandMode.ARGV: "argv", CommandMode.COMMAND: "command"}
        self.focus_field(fields.get(CommandMode(self._mode.value), ""))

    def set_narrow(self, *, narrow: bool) -> None:
        """Use short labels in a narrow window."""
        self._mode.options = texts.SHORT_MODE_LABELS if narrow else texts.MODE_LABELS

    def _mark_changes(self, baseline: TriggerDraft, draft: TriggerDraft) -> None:
        changed = changed_fields(baseline, draft)
        for name in ("mode", "argv", "command", "entrypoint", "env"):
            self._field(name).mark_changed(changed=name in changed)
        self.query_one(EnvEditor).mark_changes(changed_rows(baseline.env, draft.env))

    @property
    def _mode(self) -> RadioRow:
        return self.query_one("#trigger-mode", RadioRow)

    def _field(self, name: str) -> FormField:
        return self.query_one(f"#trigger-field-{name}", FormField)

    def _show_field_notes(self, name: str, notes: FieldNotes) -> None:
        self._field(name).show_notes(notes)
        self.query_one(_INPUT_SELECTORS[name]).set_class(bool(notes.problems), "-problem")

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
        self.query_one(EnvEditor).show_problems(row_messages)
        env_hints = (self._env_note,) if self._env_note else ()
        hints = (*self.query_one(EnvEditor).paste_notes, *env_hints)
        baseline_env = self._baseline.env if self._baseline else ()
        count = texts.env_summary(draft.env, baseline_env)
        self._field("env").show_notes(FieldNotes(count, problems=general_messages, hints=hints))
        self._field("env").set_class(bool(row_messages or general_messages), "-problem")

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
        field = self.query_one("#trigger-argv", MultilineField)
        try:
            field.text = format_argv_text(parse_argv_text(field.text, previous), style)
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


def _merged(
    field: str, problems: Problems, rejections: Mapping[str, tuple[str, ...]]
) -> tuple[str, ...]:
    return (*problems.get(field, ()), *rejections.get(field, ()))
