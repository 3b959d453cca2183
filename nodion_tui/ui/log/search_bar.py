"""Where a search is typed: one row under the log, with what was found beside it."""

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
    """Tells what is typed as it is typed, and when it is settled or given up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "Give up the search", show=False),
        Binding("up", "older", "An older search", show=False),
        Binding("down", "newer", "A newer search", show=False),
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
        """Another pattern stands there."""

        def __init__(self, pattern: str) -> None:
            super().__init__()
            self.pattern = pattern

    class Submitted(Changed):
        """Enter: it is what is looked for."""

    class Cancelled(Message):
        """Escape."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.history = SearchHistory()
        self._back: int | None = None
        self._typed = ""

    def compose(self) -> ComposeResult:
        """A sign, the pattern, what was found."""
        yield Static("/", classes="search--sign")
        yield Input(
            placeholder="search: a regular expression, !without; ↑ older ones",
            select_on_focus=False,
            compact=True,
            id="log-pattern",
        )
        yield Static(classes="search--said")

    @property
    def is_open(self) -> bool:
        """Whether it is on screen."""
        return self.has_class("-open")

    def on_mount(self) -> None:
        """Textual: look as the app's signs do."""
        self.set_class(wants_ascii(self), "-ascii")

    def open(self, sign: str) -> None:
        """Begin to type a new pattern.

        Args:
            sign: what stands before it.
        """
        self.query_one(".search--sign", Static).update(Content(sanitize(sign)))
        self._back = None
        self.say("")
        self.add_class("-open")
        pattern = self.query_one(Input)
        with pattern.prevent(Input.Changed):
            pattern.value = ""
        pattern.focus()

    def close(self) -> None:
        """Put it away."""
        self.remove_class("-open")

    def say(self, text: str, *, wrong: bool = False) -> None:
        """What was found, or why nothing can be."""
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
        """Leave without a search."""
        self.post_message(self.Cancelled())

    def action_clear(self) -> None:
        """Empty the pattern."""
        self.query_one(Input).value = ""

    def action_older(self) -> None:
        """What was searched for before."""
        if self._back is None:
            self._typed = self.query_one(Input).value
        back = self.history.older(self._back, self._typed)
        if back is not None:
            self._recall(back)

    def action_newer(self) -> None:
        """Back towards what was being typed."""
        if self._back is not None:
            self._recall(self.history.newer(self._back, self._typed))

    def _recall(self, back: int | None) -> None:
        self._back = back
        pattern = self.query_one(Input)
        pattern.value = self._typed if back is None else self.history.entries[back]
        pattern.cursor_position = len(pattern.value)
