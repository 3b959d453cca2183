"""The fields of the trigger form: what is typed becomes a TriggerDraft, what is wrong is told."""

import re
from collections.abc import Mapping

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, TextArea

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
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import RadioRow
from nodion_tui.ui.dialogs.field import FieldNotes, FormField
from nodion_tui.ui.dialogs.text_fields import LineField, MultilineField
from nodion_tui.ui.trigger import form_text as words
from nodion_tui.ui.trigger.argv_tokens import ArgvTokens
from nodion_tui.ui.trigger.env_editor import EnvEditor

_PLACES = {
    "argv": "#trigger-argv",
    "command": "#trigger-command",
    "entrypoint": "#trigger-entrypoint",
}
_ROW = re.compile(r"env_variables[.\[](\d+)")
"""A service may name the row that it does not accept."""


class TriggerForm(Widget):
    """Mode, argv or command, entrypoint and environment."""

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
        """Something was typed or chosen."""

    def __init__(
        self,
        runner: Runner,
        draft: TriggerDraft,
        *,
        baseline: TriggerDraft | None = None,
        env_note: str = "",
    ) -> None:
        """Make the fields.

        Args:
            runner: gives the defaults that are named.
            draft: what stands in them at first.
            baseline: what a re-run began with: changes against it are marked.
            env_note: what is to be known of the environment.
        """
        super().__init__(classes=f"-{draft.mode}")
        self._runner = runner
        self._first = draft
        self._start_draft = baseline
        self._env_note = env_note

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        first = self._first
        yield FormField(
            "Run",
            RadioRow(words.MODE_LABELS, first.mode, id="trigger-mode"),
            DialogText(
                Content(sanitize(words.default_command_text(self._runner))), id="trigger-default"
            ),
            id="trigger-field-mode",
        )
        yield FormField(
            "argv",
            MultilineField(first.argv_text, "python migrate.py --env staging", id="trigger-argv"),
            ArgvTokens(),
            footer_control=RadioRow(words.ARGV_STYLE_LABELS, first.argv_style, id="trigger-style"),
            id="trigger-field-argv",
        )
        yield FormField(
            "Command",
            MultilineField(
                first.command, "cd /app && ./job.sh | tee out.log", id="trigger-command"
            ),
            id="trigger-field-command",
        )
        waiting = sanitize(words.entrypoint_placeholder(self._runner))
        yield FormField(
            "Entrypoint",
            LineField(first.entrypoint, waiting, id="trigger-entrypoint"),
            id="trigger-field-entrypoint",
        )
        yield FormField(
            "Environment", EnvEditor(first.env, id="trigger-env"), id="trigger-field-env"
        )

    def read(self) -> TriggerDraft:
        """What stands in the fields."""
        return TriggerDraft(
            mode=CommandMode(self._mode.value),
            argv_text=self.query_one("#trigger-argv", MultilineField).text,
            argv_style=ArgvStyle(self.query_one("#trigger-style", RadioRow).value),
            command=self.query_one("#trigger-command", MultilineField).text,
            entrypoint=self.query_one("#trigger-entrypoint", LineField).value,
            env=self.query_one(EnvEditor).rows,
        )

    async def load(self, draft: TriggerDraft) -> None:
        """Put a draft into the fields, instead of what stands in them."""
        self._mode.value = draft.mode
        self._show_mode(draft.mode)
        self.query_one("#trigger-style", RadioRow).value = draft.argv_style
        self.query_one("#trigger-argv", MultilineField).text = draft.argv_text
        self.query_one("#trigger-command", MultilineField).text = draft.command
        self.query_one("#trigger-entrypoint", LineField).value = draft.entrypoint
        await self.query_one(EnvEditor).replace(draft.env)
        self.post_message(self.Changed())

    def show_notes(self, draft: TriggerDraft, refused: Mapping[str, tuple[str, ...]]) -> None:
        """Show counters, hints, what is wrong, and what the service did not accept.

        Args:
            draft: what stands in the fields.
            refused: the service's words, by field of the API.
        """
        own = draft.problems()
        tokens = _tokens(draft)
        self.query_one(ArgvTokens).tokens = tokens
        self._note(
            "argv",
            words.argv_notes(tokens, shell_syntax_tokens(tokens), _both("argv", own, refused)),
        )
        self._note("command", words.command_notes(draft.command, _both("command", own, refused)))
        self._note(
            "entrypoint",
            words.entrypoint_notes(draft.entrypoint, _both("entrypoint", own, refused)),
        )
        self._tell_env(draft, refused)
        if self._start_draft is not None:
            self._mark_changes(self._start_draft, draft)

    def focus_field(self, field: str = "") -> None:
        """Put the cursor into a field of the API, or where one begins."""
        if field == "env_variables":
            self.query_one(EnvEditor).focus_row()
        elif field in _PLACES:
            self.query_one(_PLACES[field]).focus()
        else:
            self._mode.focus()

    def next_mode(self) -> None:
        """Choose the next mode, and put the cursor where it is typed."""
        self._mode.action_step(1)
        places = {CommandMode.ARGV: "argv", CommandMode.COMMAND: "command"}
        self.focus_field(places.get(CommandMode(self._mode.value), ""))

    def set_narrow(self, *, narrow: bool) -> None:
        """Take shorter words for a narrow window."""
        self._mode.options = words.SHORT_MODE_LABELS if narrow else words.MODE_LABELS

    def _mark_changes(self, start: TriggerDraft, draft: TriggerDraft) -> None:
        changed = changed_fields(start, draft)
        for name in ("mode", "argv", "command", "entrypoint", "env"):
            self._field(name).mark_changed(changed=name in changed)
        self.query_one(EnvEditor).mark_changes(changed_rows(start.env, draft.env))

    @property
    def _mode(self) -> RadioRow:
        return self.query_one("#trigger-mode", RadioRow)

    def _field(self, name: str) -> FormField:
        return self.query_one(f"#trigger-field-{name}", FormField)

    def _note(self, name: str, notes: FieldNotes) -> None:
        self._field(name).show_notes(notes)
        self.query_one(_PLACES[name]).set_class(bool(notes.problems), "-problem")

    def _tell_env(self, draft: TriggerDraft, refused: Mapping[str, tuple[str, ...]]) -> None:
        rows = row_problems(draft.env)
        general: list[str] = []
        sent = [index for index, row in enumerate(draft.env) if row.is_sent]
        for field, messages in refused.items():
            found = _ROW.match(field)
            if found and int(found[1]) < len(sent):
                rows.setdefault(sent[int(found[1])], "; ".join(messages))
            elif field.startswith("env_variables"):
                general += messages
        self.query_one(EnvEditor).show_problems(rows)
        note = (self._env_note,) if self._env_note else ()
        hints = (*self.query_one(EnvEditor).paste_notes, *note)
        start = self._start_draft.env if self._start_draft else ()
        count = words.env_summary(draft.env, start)
        self._field("env").show_notes(FieldNotes(count, problems=general, hints=hints))
        self._field("env").set_class(bool(rows or general), "-problem")

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
        chosen = ArgvStyle(event.value)
        other = ArgvStyle.LINES if chosen is ArgvStyle.QUOTED else ArgvStyle.QUOTED
        field = self.query_one("#trigger-argv", MultilineField)
        try:
            field.text = format_argv_text(parse_argv_text(field.text, other), chosen)
        except ValueError as problem:
            event.radio_row.value = other
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


def _both(field: str, own: Problems, refused: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (*own.get(field, ()), *refused.get(field, ()))
