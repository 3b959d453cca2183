"""One line at the foot of a list in which a filter is typed; it applies while it is typed."""

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input


class FilterInput(Input):
    """The filter of one list.

    Args:
        text: what is filtered by so far.
        id: Textual's.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "clear_filter", "Clear the filter"),
        ("enter,down", "keep_filter", "Keep the filter"),
    ]

    DEFAULT_CSS = """
    FilterInput {
        height: 1;
        padding: 0 1;
        border: none;
        background: $boost;
        &:focus { border: none; background: $boost; }
    }
    """

    class Finished(Message):
        """The person is done with it; the filter stays, or is empty now."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            text, placeholder="filter: words, status:failed, !word, since:2h", id=id, compact=True
        )

    def action_clear_filter(self) -> None:
        """Filter by nothing, and leave."""
        self.value = ""
        self.post_message(self.Finished())

    def action_keep_filter(self) -> None:
        """Leave, with the filter as it is."""
        self.post_message(self.Finished())
