"""Input bar: one row under the log in which something is typed, and what comes of it."""

from collections.abc import Callable
from typing import ClassVar, Generic, Protocol, TypeVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.text_fields import OneLineInput


class BarEdit(Protocol):
    """One use of a bar."""

    @property
    def cancelled(self) -> Callable[[], None]:
        """Leaves the bar, as Escape does."""


Edit = TypeVar("Edit", bound=BarEdit)


class LogInputBar(Horizontal, Generic[Edit]):
    """Sign, input and result; hidden while it has no edit.

    Args:
        sign: before the input.
        placeholder: in it, while it is empty.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Cancel", show=False),
        Binding("ctrl+u", "clear", "Clear", show=False),
    ]

    DEFAULT_CSS = """
    LogInputBar {
        height: 1;
        display: none;
        border-left: round $border-blurred;
        border-right: round $border-blurred;
        &:focus-within { border-left: round $border; border-right: round $border; }
        &.-open { display: block; layout: horizontal; }
        & .input-bar--sign { width: auto; color: $text-accent; text-style: bold; }
        & Input { width: 1fr; background: transparent; }
        & .input-bar--said { width: auto; max-width: 75%; padding: 0 0 0 1; color: $text-muted; }
        &.-wrong .input-bar--said { color: $text-error; }
    }
    """

    def __init__(self, sign: str, placeholder: str) -> None:
        super().__init__()
        self._sign, self._placeholder = sign, placeholder
        self._edit: Edit | None = None

    def compose(self) -> ComposeResult:
        """Textual: sign, input and result."""
        yield Static(self._sign, classes="input-bar--sign")
        yield OneLineInput(placeholder=self._placeholder, select_on_focus=False, compact=True)
        yield Static(classes="input-bar--said")

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self._edit is not None

    def open(self, edit: Edit) -> None:
        """Show the bar, empty."""
        self._edit = edit
        self.show_result("")
        self.add_class("-open")
        with self._input.prevent(Input.Changed):
            self._input.value = ""
        self._input.focus()

    def close(self) -> None:
        """Hide the bar, and end its edit."""
        self._edit = None
        self.remove_class("-open")

    def show_result(self, text: str, *, wrong: bool = False) -> None:
        """Show what comes of the typed text, or what is wrong with it."""
        self.query_one(".input-bar--said", Static).update(Content(sanitize(text)))
        self.set_class(wrong, "-wrong")

    def show_sign(self, sign: str, placeholder: str) -> None:
        """Show another sign and placeholder."""
        self.query_one(".input-bar--sign", Static).update(Content(sanitize(sign)))
        self._input.placeholder = placeholder

    def action_give_up(self) -> None:
        """Leave the bar."""
        if self._edit is not None:
            self._edit.cancelled()

    def action_clear(self) -> None:
        """Clear what is typed."""
        self._input.value = ""

    @property
    def _input(self) -> Input:
        return self.query_one(Input)
