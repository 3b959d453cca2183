"""Search bar: one row under the log with the pattern and the result."""

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.widgets import Input

from nodion_tui.monitor.log.search.query import SearchHistory, SearchQuery
from nodion_tui.ui.log.actions.pattern_edit import PatternEdit
from nodion_tui.ui.log.input_bar import LogInputBar

if TYPE_CHECKING:
    from textual.timer import Timer

_PLACEHOLDERS = {
    False: "search: regular expression, !exclude; ctrl+r literal text; ↑ history",
    True: "search: literal text, !exclude; ctrl+r regular expression; ↑ history",
}
_DEBOUNCE_SECONDS = 0.12
"""Debounce of typing: seconds after a key before the search starts."""


class LogSearchBar(LogInputBar[PatternEdit]):
    """Tells its edit of the pattern and how it is read, of Enter and of Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "older", "Older search", show=False),
        Binding("down", "newer", "Newer search", show=False),
        Binding("ctrl+r", "toggle_literal", "Regular expression or literal text", show=False),
    ]

    def __init__(self) -> None:
        super().__init__("/", _PLACEHOLDERS[False])
        self.history = SearchHistory()
        self.is_literal = False
        """Whether what is typed is literal text, not a regular expression."""
        self._debounce: Timer | None = None
        self._history_index: int | None = None
        self._typed_pattern = ""

    def open(self, edit: PatternEdit) -> None:
        """Show the bar with an empty pattern."""
        super().open(edit)
        self._show_sign()
        self._history_index = None

    def close(self) -> None:
        """Hide the bar, and end its edit."""
        super().close()
        self._stop_debounce()

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
        super().action_give_up()

    def action_older(self) -> None:
        """Recall the next older pattern."""
        if self._history_index is None:
            self._typed_pattern = self._input.value
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
        self._tell_typed(self._input.value)

    def _query(self, text: str) -> SearchQuery:
        return SearchQuery(text, literal=self.is_literal)

    def _show_sign(self) -> None:
        """Show what the pattern narrows, and how it is read."""
        narrowed = self._edit.narrowed if self._edit is not None else ""
        reading = "literal " if self.is_literal else ""
        self.show_sign(f"{narrowed}{reading}/", _PLACEHOLDERS[self.is_literal])

    def _tell_typed(self, pattern: str) -> None:
        if self._edit is not None:  # the last change may arrive after Enter
            self._edit.typed(self._query(pattern))

    def _stop_debounce(self) -> None:
        if self._debounce is not None:
            self._debounce.stop()
            self._debounce = None

    def _recall(self, history_index: int | None) -> None:
        self._history_index = history_index
        self._input.value = (
            self._typed_pattern if history_index is None else self.history.entries[history_index]
        )
        self._input.cursor_position = len(self._input.value)
