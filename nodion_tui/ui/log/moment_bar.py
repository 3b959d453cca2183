"""Moment bar: one row under the log in which a moment of it is typed, and what it means."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.ui.dialogs.text_fields import OneLineInput
from nodion_tui.ui.log.actions.moment_actions import MomentEdit

_PLACEHOLDER = "14:05 · 2026-01-15 14:05 · -10m from the end · +30s from the start · 50%"


class MomentBar(Horizontal):
    """Tells its edit what is typed, of Enter and of Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Cancel", show=False),
        Binding("ctrl+u", "clear", "Clear", show=False),
    ]

    DEFAULT_CSS = """
    MomentBar {
        height: 1;
        display: none;
        border-left: round $border-blurred;
        border-right: round $border-blurred;
        &:focus-within { border-left: round $border; border-right: round $border; }
        &.-open { display: block; layout: horizontal; }
        & .moment--sign { width: auto; color: $text-accent; text-style: bold; }
        & Input { width: 1fr; background: transparent; }
        & .moment--meaning { width: auto; max-width: 75%; padding: 0 0 0 1; color: $text-muted; }
        &.-wrong .moment--meaning { color: $text-error; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._edit: MomentEdit | None = None

    def compose(self) -> ComposeResult:
        """Textual: sign, moment and meaning."""
        yield Static("@", classes="moment--sign")
        yield OneLineInput(
            placeholder=_PLACEHOLDER, select_on_focus=False, compact=True, id="log-moment"
        )
        yield Static(classes="moment--meaning")

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self._edit is not None

    def open(self, edit: MomentEdit) -> None:
        """Show the bar, empty."""
        self._edit = edit
        self._show("")
        self.add_class("-open")
        moment = self.query_one(Input)
        with moment.prevent(Input.Changed):
            moment.value = ""
        moment.focus()

    def close(self) -> None:
        """Hide the bar, and end its edit."""
        self._edit = None
        self.remove_class("-open")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        meaning = ""
        if self._edit is not None and event.value.strip():
            try:
                meaning = self._edit.preview(event.value)
            except ValueError:
                meaning = "…"  # It is typed still; Enter says what is wrong.
        self._show(meaning)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._edit is None:
            return
        if not event.value.strip():
            self._edit.cancelled()
            return
        try:
            self._edit.submitted(event.value)
        except ValueError:
            self._show("not a time: 14:05, -10m, +30s or 50%", wrong=True)

    def action_give_up(self) -> None:
        """Close the bar."""
        if self._edit is not None:
            self._edit.cancelled()

    def action_clear(self) -> None:
        """Clear what is typed."""
        self.query_one(Input).value = ""

    def _show(self, text: str, *, wrong: bool = False) -> None:
        self.query_one(".moment--meaning", Static).update(Content(sanitize(text)))
        self.set_class(wrong, "-wrong")
