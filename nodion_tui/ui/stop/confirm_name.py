"""Base of dialogs that require a typed confirmation before the destructive button is enabled.

The safe button has the focus, and a user who reads "Type Queue worker" starts typing at once.
Text typed anywhere in the dialog therefore goes into its field, even a space, which would otherwise
press a button.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.config import Profile
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.commands.registry import key_of, keymap_of
from nodion_tui.ui.dialogs.box import DialogBox
from nodion_tui.ui.dialogs.button_row import ButtonRow
from nodion_tui.ui.dialogs.controls import CompactButton
from nodion_tui.ui.dialogs.text_fields import LineField
from nodion_tui.ui.session import error_text

if TYPE_CHECKING:
    from textual.timer import Timer

T = TypeVar("T")

HELD_KEY_SECONDS = 0.1
"""Keys that follow each other faster come from one that is held down, or from a burst."""


class ConfirmNameField(LineField):
    """Input field for the confirmation text.

    Args:
        expected: the text to type, raw or as displayed.
        placeholder: shown while the field is empty.
        id: Textual id.
    """

    def __init__(self, expected: str, placeholder: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(placeholder=placeholder, id=id)
        self._expected = expected.strip()

    @property
    def matches(self) -> bool:
        """Whether the field contains the expected text."""
        return self.value.strip() in {self._expected, sanitize(self._expected)}


class ConfirmNameDialog(DialogBox[T], Generic[T]):
    """A dialog with a `ConfirmNameField`, or without one if no confirmation is required.

    Without one, the key that opens it or `y` presses the destructive button. With one, they are
    typed into it.

    Args:
        profile: the profile; may be read-only or require typed confirmation.
        clock: server time, aware, for the ages of runs.
        disabled_reason: why nothing can be stopped; default: that of a read-only profile.
    """

    AUTO_FOCUS = "#stop-keep"
    ACCEPT = ".-danger"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "accept", "Stop", show=False),
        # The id of the command that opens the dialog: rebound, its key is that one's here too.
        Binding("X", "accept_again", "Stop", show=False, id="run.stop"),
    ]

    def __init__(
        self, profile: Profile, clock: Callable[[], datetime], disabled_reason: str
    ) -> None:
        super().__init__()
        self._profile = profile
        self._clock = clock
        self._disabled_reason = disabled_reason or error_text.read_only_reason(profile)
        self._pressed_at = 0.0
        self._accepting: Timer | None = None
        self._prompt = Content()

    def confirmation(self, expected: str, what: str, *, id: str) -> ComposeResult:  # noqa: A002 - Textual's own name
        """The prompt and the field, if the profile requires them and anything can be stopped.

        They belong into the foot with the buttons: what has to be typed is never out of sight.

        Args:
            expected: the text to type.
            what: names it: `the runner's name`.
            id: Textual id of the field.
        """
        if self._profile.confirm_name and not self._disabled_reason:
            self._prompt = Content.assemble(
                f"Type {what} to confirm: ", (sanitize(expected), "bold")
            )
            yield Static(self._prompt, classes="-confirm")
            yield ConfirmNameField(expected, what, id=id)

    def buttons(self, label: str, *, id: str) -> ButtonRow:  # noqa: A002 - Textual's own name
        """The safe button, and the destructive one with this label and id."""
        return ButtonRow(
            CompactButton("Keep running", id="stop-keep", classes="-main -leave"),
            CompactButton(label, id=id, classes="-danger"),
            classes="box--buttons",
        )

    def on_screen_resume(self) -> None:
        """Textual: the dialog is shown, by a key that may still be down."""
        self._pressed_at = time.monotonic()

    def action_accept_again(self) -> None:
        """Accept by the key that has opened the dialog, unless it is held down or comes in a burst.

        The first repetition of a held key looks like a second press; only the next one tells.
        """
        pressed_before, self._pressed_at = self._pressed_at, time.monotonic()
        if self._accepting is not None:
            self._accepting.stop()
        if self._pressed_at - pressed_before >= HELD_KEY_SECONDS:
            self._accepting = self.set_timer(HELD_KEY_SECONDS, self.action_accept)

    def with_key(self, label: str) -> str:
        """A label of the destructive button, with the key that presses it."""
        if self._profile.confirm_name:
            return label
        key = key_of("run.stop", keymap_of(self.app)) or "y"
        return f"{label}  {key}"

    def enable(self, button: CompactButton, *, possible: bool) -> None:
        """Enable the destructive button if confirmed; a disabled one passes its focus on.

        Where nothing can be stopped neither it nor what is to be typed is shown, and nothing is
        kept running by the other.
        """
        safe = self.query_one("#stop-keep", CompactButton)
        safe.label = "Keep running" if possible else "Close"
        button.display = possible
        button.disabled = not (possible and self.is_confirmed)
        if button.disabled and button.has_focus:
            safe.focus()
        for asked in self.query(".-confirm, ConfirmNameField"):
            if asked.has_focus and not possible:
                safe.focus()
            asked.display = possible

    @property
    def is_confirmed(self) -> bool:
        """Whether no confirmation is required, or the right text was typed."""
        return all(field.matches for field in self.query(ConfirmNameField))

    @property
    def _can_type(self) -> bool:
        return all(field.display for field in self.query(ConfirmNameField))

    def on_key(self, event: events.Key) -> None:
        """Textual: a character that no field has handled goes into the field."""
        if event.is_printable and event.character and self._can_type:
            for field in self.query(ConfirmNameField):
                event.stop()
                field.focus()
                field.insert_text_at_cursor(event.character)

    def action_accept(self) -> None:
        """Stop, or say what has to be typed before."""
        if self.is_confirmed:
            super().action_accept()
        elif self._can_type:
            self._say_mismatch()

    def focus_after_field(self) -> None:
        """Enter in the field only moves the focus to the safe button; with another text it says so.

        There it would close the dialog, as if the run were to be stopped.
        """
        if self.is_confirmed:
            self.query(CompactButton).first().focus()
        else:
            self._say_mismatch()

    def _say_mismatch(self) -> None:
        """Say that the text is another one, until it is edited."""
        for field in self.query(ConfirmNameField):
            field.focus()
            is_empty = not field.value.strip()
            field.add_class("-problem")
            said = "Nothing typed yet. " if is_empty else "Not the same text. "
            self._show_prompt(Content.assemble((f"✗ {said}", "$text-error"), self._prompt))

    @on(Input.Changed)
    def _forget_mismatch(self) -> None:
        for field in self.query(ConfirmNameField):
            if field.has_class("-problem"):
                field.remove_class("-problem")
                self._show_prompt(self._prompt)

    def _show_prompt(self, prompt: Content) -> None:
        for asked in self.query("Static.-confirm").results(Static):
            asked.update(prompt)
