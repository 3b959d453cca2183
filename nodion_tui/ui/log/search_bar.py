"""Search bar: one row under the log with the pattern and the result."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from nodion_tui.model.sanitize import sanitize
from nodion_tui.monitor.log.search.query import SearchHistory
from nodion_tui.ui.log.render.line_styles import wants_ascii


class LogSearchBar(Horizontal):
    """Posts every change of the pattern, Enter and Escape."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Cancel search", show=False),
        Binding("up", "older", "Older search", show=False),
        Binding("down", "newer", "Newer search", show=False),
        Binding("ctrl+u", "clear", "Clear", show=False),
    ]

    DEFAULT_CSS = """
    LogSearchBar {
        height: 1;
        display: none;
        border-left: round $border-blurred;
        border-right: round $border-blurred;
        &:focus-within { border-left: round $border; border-right: round $border; }
        &.-ascii { border-left: ascii $border-blurred; border-right: ascii $border-blurred; }
        &.-open { display: block; layout: horizontal; }
        & .search--sign { width: auto; color: $text-accent; text-style: bold; }
        & Input { width: 1fr; background: transparent; }
        & .search--said { width: auto; max-width: 75%; padding: 0 0 0 1; color: $text-muted; }
        &.-wrong .search--said { color: $text-error; }
    }
    """

    class Changed(Message):
        """The pattern has changed."""

        def __init__(self, pattern: str) -> None:
            super().__init__()
            self.pattern = pattern

    class Submitted(Changed):
        """Enter was pressed."""

    class Cancelled(Message):
        """Escape was pressed."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.history = SearchHistory()
        self._history_index: int | None = None
        self._typed_pattern = ""

    def compose(self) -> ComposeResult:
        """Textual: sign, pattern and result."""
        yield Static("/", classes="search--sign")
        yield Input(
            placeholder="search: regular expression, !exclude; ↑ history",
            select_on_focus=False,
            compact=True,
            id="log-pattern",
        )
        yield Static(classes="search--said")

    @property
    def is_open(self) -> bool:
        """Whether the bar is shown."""
        return self.has_class("-open")

    def on_mount(self) -> None:
        """Textual: use ASCII borders where the app does."""
        self.set_class(wants_ascii(self), "-ascii")

    def open(self, sign: str) -> None:
        """Show the bar with an empty pattern.

        Args:
            sign: text before the pattern.
        """
        self.query_one(".search--sign", Static).update(Content(sanitize(sign)))
        self._history_index = None
        self.show_result("")
        self.add_class("-open")
        pattern = self.query_one(Input)
        with pattern.prevent(Input.Changed):
            pattern.value = ""
        pattern.focus()

    def close(self) -> None:
        """Hide the bar."""
        self.remove_class("-open")

    def show_result(self, text: str, *, wrong: bool = False) -> None:
        """Show the result, or the error of the pattern."""
        self.query_one(".search--said", Static).update(Content(sanitize(text)))
        self.set_class(wrong, "-wrong")

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Changed(event.value))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.history = self.history.add(event.value)
        self.post_message(self.Submitted(event.value))

    def action_give_up(self) -> None:
        """Cancel the search."""
        self.post_message(self.Cancelled())

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

    def _recall(self, history_index: int | None) -> None:
        self._history_index = history_index
        pattern = self.query_one(Input)
        pattern.value = (
            self._typed_pattern if history_index is None else self.history.entries[history_index]
        )
        pattern.cursor_position = len(pattern.value)
