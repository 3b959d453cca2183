"""One row of the environment: on or off, key, value, hidden, remove."""

from textual import on
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from nodion_tui.model.dotenv import looks_like_dotenv
from nodion_tui.model.masking import looks_secret
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.dialogs.ascii_signs import DialogText
from nodion_tui.ui.dialogs.controls import CompactButton, CompactCheckbox
from nodion_tui.ui.dialogs.field import shorten
from nodion_tui.ui.dialogs.text_fields import LineField


class KeyField(LineField):
    """The name of a variable; a pasted assignment becomes rows instead of a strange name."""

    class BlockPasted(Message):
        """A text that assigns variables was pasted."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def insert_pasted(self, text: str) -> None:
        """Put a pasted name in, or hand a pasted block over."""
        if looks_like_dotenv(text):
            self.post_message(self.BlockPasted(text))
        else:
            super().insert_pasted(text.strip())


class EnvRowEditor(Widget):
    """A variable that overrides the runner's own."""

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
        """Something was typed or switched in it."""

    class RemoveRequested(Message):
        """It is to go."""

        def __init__(self, row_editor: "EnvRowEditor") -> None:
            super().__init__()
            self.row_editor = row_editor

    class CursorLeft(Message):
        """The cursor leaves it for the row above (-1) or below (1).

        `done` tells that Enter ended the value, so that the next row may be a new one.
        """

        def __init__(
            self,
            row_editor: "EnvRowEditor",
            step: int,
            *,
            on_value: bool = False,
            submitted: bool = False,
        ) -> None:
            super().__init__()
            self.submitted = submitted
            self.row_editor = row_editor
            self.step = step
            self.on_value = on_value

    def __init__(self, row: EnvRow) -> None:
        super().__init__()
        self._told = row.hidden != looks_secret(row.key, row.value)
        self._asked = row.needs_value
        self._problem = ""
        waiting = "not kept: type it" if row.needs_value else "value"
        self._tick = CompactCheckbox(on=row.enabled)
        self._key = KeyField(row.key, "NAME")
        self._value = LineField(row.value, waiting, password=row.hidden, classes="env--value")
        self._hider = CompactButton("show" if row.hidden else "hide", classes="-quiet env--hide")
        self.set_class(not row.enabled, "-off")

    def compose(self) -> ComposeResult:
        """Textual: what it is made of."""
        with Container(classes="env--line"):
            with Container(classes="env--name"):
                yield self._tick
                yield self._key
            with Container(classes="env--worth"):
                yield self._value
                yield self._hider
                yield CompactButton("×", classes="-quiet env--remove")
        yield DialogText(classes="env--problem")

    @property
    def row(self) -> EnvRow:
        """What stands in it."""
        return EnvRow(
            key=self._key.value,
            value=self._value.value,
            enabled=self._tick.on,
            hidden=self._value.password,
            needs_value=self._asked,
        )

    def show_problem(self, problem: str) -> None:
        """Say under it what is wrong; empty where all is well."""
        if problem == self._problem:
            return
        self._problem = problem
        self.set_class(bool(problem), "-problem")
        self.query_one(".env--problem", DialogText).update(
            Content(f"✗ {shorten(problem)}" if problem else "")
        )
        for field in (self._key, self._value):
            field.set_class(bool(problem), "-problem")

    def mark_changed(self, *, changed: bool) -> None:
        """Show that it is not as the form was opened with."""
        self._tick.label = "*" if changed else ""

    def focus_field(self, *, on_value: bool = False) -> None:
        """Take the cursor."""
        (self._value if on_value else self._key).focus()

    def action_leave(self, by: int) -> None:
        """Go to the row above or below."""
        self.post_message(self.CursorLeft(self, by, on_value=self._value.has_focus))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self._value and event.value:
            self._asked = False
        if not self._told:
            self._hide(looks_secret(self._key.value, self._value.value))
        self.post_message(self.Changed())

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input is not self._value:
            self._value.focus()
            return
        self._asked = False
        self.post_message(self.Changed())
        self.post_message(self.CursorLeft(self, 1, submitted=True))

    @on(CompactCheckbox.Toggled)
    def _switched(self, event: CompactCheckbox.Toggled) -> None:
        event.stop()
        self.set_class(not event.on, "-off")
        self.post_message(self.Changed())

    @on(CompactButton.Pressed, ".env--hide")
    def _turned(self, event: CompactButton.Pressed) -> None:
        event.stop()
        self._told = True
        self._hide(not self._value.password)
        self.post_message(self.Changed())

    @on(CompactButton.Pressed, ".env--remove")
    def _dropped(self, event: CompactButton.Pressed) -> None:
        event.stop()
        self.post_message(self.RemoveRequested(self))

    def _hide(self, hidden: bool) -> None:  # noqa: FBT001 - the state itself
        self._value.password = hidden
        self._hider.label = "show" if hidden else "hide"
