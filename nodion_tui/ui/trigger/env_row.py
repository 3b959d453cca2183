"""Editor of one environment variable: enabled, name, value, hidden, remove."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from nodion_tui.model.dotenv import looks_like_dotenv
from nodion_tui.model.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox, ControlMessage
from nodion_tui.ui.dialogs.field import shorten
from nodion_tui.ui.dialogs.text_fields import LineField


class KeyField(LineField):
    """Field for the name of a variable; a pasted assignment becomes rows instead."""

    class BlockPasted(Message):
        """A block of assignments was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def insert_pasted(self, text: str) -> None:
        """Insert a pasted name, or post a pasted block."""
        if looks_like_dotenv(text):
            self.post_message(self.BlockPasted(text))
        else:
            super().insert_pasted(text.strip())


class EnvRowEditor(Widget):
    """A variable that overrides that of the runner."""

    DEFAULT_CSS = """
    EnvRowEditor {
        height: auto;
        .env--line { layout: horizontal; height: auto; }
        .env--name, .env--worth { layout: horizontal; height: 1; width: 2fr; }
        .env--worth { width: 3fr; }
        CompactCheckbox { width: 5; margin: 0 1 0 0; }
        KeyField { width: 1fr; }
        .env--value { width: 1fr; margin: 0 0 0 1; }
        CompactButton { margin: 0 0 0 1; }
        .env--problem { height: auto; padding: 0 0 0 8; display: none; color: $text-error; }
        &.-problem .env--problem { display: block; }
        &.-off LineField { color: $text-disabled; }
    }
    """
    BINDINGS = bindings("env")

    class Changed(Message):
        """The row was edited."""

    class RemoveRequested(ControlMessage["EnvRowEditor"]):
        """The user wants to remove the row."""

    class CursorLeft(ControlMessage["EnvRowEditor"]):
        """The cursor moves to the row above (-1) or below (1).

        `submitted` is set when Enter ended the value, so that a new row may be appended.
        """

        def __init__(
            self,
            row_editor: "EnvRowEditor",
            step: int,
            *,
            on_value: bool = False,
            submitted: bool = False,
        ) -> None:
            super().__init__(row_editor)
            self.submitted = submitted
            self.step = step
            self.on_value = on_value

    def __init__(self, row: EnvRow) -> None:
        super().__init__()
        self._is_hiding_manual = row.hidden != looks_secret(row.key, row.value)
        self._needs_value = row.needs_value
        self._problem = ""
        placeholder = "not stored: enter it" if row.needs_value else "value"
        self._checkbox = CompactCheckbox(on=row.enabled)
        self._key = KeyField(row.key, "NAME")
        self._value = LineField(row.value, placeholder, password=row.hidden, classes="env--value")
        self._hide_button = CompactButton("show" if row.hidden else "hide", classes="env--hide")
        self.set_class(not row.enabled, "-off")

    def compose(self) -> ComposeResult:
        """Textual: compose the child widgets."""
        with Container(classes="env--line"):
            with Container(classes="env--name"):
                yield self._checkbox
                yield self._key
            with Container(classes="env--worth"):
                yield self._value
                yield self._hide_button
                yield CompactButton("×", classes="-quiet env--remove")
        yield Static(classes="env--problem")

    @property
    def row(self) -> EnvRow:
        """Content of the row."""
        return EnvRow(
            key=self._key.value,
            value=self._value.value,
            enabled=self._checkbox.on,
            hidden=self._value.password,
            needs_value=self._needs_value,
        )

    def show_problem(self, problem: str) -> None:
        """Show the problem below the row; empty: none."""
        if problem == self._problem:
            return
        self._problem = problem
        self.set_class(bool(problem), "-problem")
        self.query_one(".env--problem", Static).update(
            Content(f"✗ {shorten(problem)}" if problem else "")
        )
        for field in (self._key, self._value):
            field.set_class(bool(problem), "-problem")

    def mark_changed(self, *, changed: bool) -> None:
        """Mark whether the row differs from the initial one."""
        self._checkbox.label = "*" if changed else ""

    def focus_field(self, *, on_value: bool = False) -> None:
        """Focus the name or the value."""
        (self._value if on_value else self._key).focus()

    def action_leave(self, step: int) -> None:
        """Move to the row above (-1) or below (1)."""
        self.post_message(self.CursorLeft(self, step, on_value=self._value.has_focus))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self._value and event.value:
            self._needs_value = False
        if not self._is_hiding_manual:
            self._set_hidden(looks_secret(self._key.value, self._value.value))
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is not self._value:
            self._value.focus()
            return
        self._needs_value = False
        self.post_message(self.Changed())
        self.post_message(self.CursorLeft(self, 1, submitted=True))

    @on(CompactCheckbox.Toggled)
    def _enabled_toggled(self, event: CompactCheckbox.Toggled) -> None:
        event.stop()
        self.set_class(not event.control.on, "-off")
        self.post_message(self.Changed())

    @on(CompactButton.Pressed, ".env--hide")
    def _hide_pressed(self, event: CompactButton.Pressed) -> None:
        event.stop()
        self._is_hiding_manual = True
        self._set_hidden(not self._value.password)
        self.post_message(self.Changed())

    @on(CompactButton.Pressed, ".env--remove")
    def _remove_pressed(self, event: CompactButton.Pressed) -> None:
        event.stop()
        self.post_message(self.RemoveRequested(self))

    def _set_hidden(self, hidden: bool) -> None:  # noqa: FBT001 - the state itself
        self._value.password = hidden
        self._hide_button.label = "show" if hidden else "hide"
