"""Search bar: one row under the log with the pattern and the result."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, Static

from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.log.search.query import SearchHistory, SearchQuery
from nodion_tui.ui.dialogs.text_fields import OneLineInput
from nodion_tui.ui.log.actions.pattern_edit import PatternEdit

if TYPE_CHECKING:
    from textual.timer import Timer

_PLACEHOLDERS = {
    False: "search: regular expression, !exclude; ctrl+r literal text; ↑ history",
    True: "search: literal text, !exclude; ctrl+r regular expression; ↑ history",
}
_DEBOUNCE_SECONDS = 0.12
"""Debounce of typing: seconds after a key before the search starts."""


class LogSearchBar(Horizontal):
    """Tells its edit of the pattern and how it is read, of Enter and of Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Cancel search", show=False),
        Binding("up", "older", "Older search", show=False),
        Binding("down", "newer", "Newer search", show=False),
        Binding("ctrl+u", "clear", "Clear", show=False),
        Binding("ctrl+r", "toggle_literal", "Regular expression or literal text", show=False),
    ]

    DEFAULT_CSS = """
    LogSearchBar {
        height: 1;
        display: none;
        border-left: round $border-blurred;
        border-right: round $border-blurred;
        &:focus-within { border-left: round $border; border-right: round $border; }
        &.-open { display: block; layout: horizontal; }
        & .search--sign { width: auto; color: $text-accent; text-style: bold; }
        & Input { width: 1fr; background: transparent; }
        & .search--said { width: auto; max-width: 75%; padding: 0 0 0 1; color: $text-muted; }
        &.-wrong .search--said { color: $text-error; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self.history = SearchHistory()
        self.is_literal = False
        """Whether what is typed is literal text, not a regular expression."""
        self._edit: PatternEdit | None = None
        self._debounce: Timer | None = None
        self._history_index: int | None = None
        self._typed_pattern = ""

    def compose(self) -> ComposeResult:
        """Textual: sign, pattern and result."""
        yield Static("/", classes="search--sign")
        yield OneLineInput(
            placeholder=_PLACEHOLDERS[False],
            select_on_focus=False,
            compact=True,
            id="log-pattern",
        )
        yield Static(classes="search--said")

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self._edit is not None

    def open(self, edit: PatternEdit) -> None:
        """Show the bar with an empty pattern."""
        self._edit = edit
        self._show_sign()
        self._history_index = None
        self.show_result("")
        self.add_class("-open")
        pattern = self.query_one(Input)
        with pattern.prevent(Input.Changed):
            pattern.value = ""
        pattern.focus()

    def close(self) -> None:
        """Hide the bar, and end its edit."""
        self._edit = None
        self._stop_debounce()
        self.remove_class("-open")

    def show_result(self, text: str, *, wrong: bool = False) -> None:
        """Show the result, or the error of the pattern."""
        self.query_one(".search--said", Static).update(Content(sanitize(text)))
        self.set_class(wrong, "-wrong")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._stop_debounce()
        self._debounce = self.set_timer(_DEBOUNCE_SECONDS, partial(self._tell_typed, event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self._stop_debounce()
        self.history = self.history.add(event.value)
        if self._edit is not None:
            self._edit.submitted(self._query(event.value))

    def action_give_up(self) -> None:
        """Cancel the search."""
        self._stop_debounce()
        if self._edit is not None:
            self._edit.cancelled()

    def action_clear(self) -> None:
        """Clear the pattern."""
        self.query_one(Input).value = ""

    def action_older(self) -> None:
        """Recall the next older pattern."""
        if self._history_index is None:
            self._typed_pattern = self.query_one(Input).value
        history_index = self.history.older(self._history_index, self._typed_pattern)
        if history_index is not None:
            self._recall(history_index)

    def action_newer(self) -> None:
        """Recall the next newer pattern, finally the typed one."""
        if self._history_index is not None:
            self._recall(self.history.newer(self._history_index, self._typed_pattern))

    def action_toggle_literal(self) -> None:
        """Take what is typed as literal text, or as a regular expression again."""
        self.is_literal = not self.is_literal
        self._show_sign()
        self._stop_debounce()
        self._tell_typed(self.query_one(Input).value)

    def _query(self, text: str) -> SearchQuery:
        return SearchQuery(text, literal=self.is_literal)

    def _show_sign(self) -> None:
        """Show what the pattern narrows, and how it is read."""
        narrowed = self._edit.narrowed if self._edit is not None else ""
        reading = "literal " if self.is_literal else ""
        self.query_one(".search--sign", Static).update(Content(sanitize(f"{narrowed}{reading}/")))
        self.query_one(Input).placeholder = _PLACEHOLDERS[self.is_literal]

    def _tell_typed(self, pattern: str) -> None:
        if self._edit is not None:  # the last change may arrive after Enter
            self._edit.typed(self._query(pattern))

    def _stop_debounce(self) -> None:
        if self._debounce is not None:
            self._debounce.stop()
            self._debounce = None

    def _recall(self, history_index: int | None) -> None:
        self._history_index = history_index
        pattern = self.query_one(Input)
        pattern.value = (
            self._typed_pattern if history_index is None else self.history.entries[history_index]
        )
        pattern.cursor_position = len(pattern.value)
