"""Input line for the filter of a list, which is applied while it is typed."""

from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widgets import Input


class FilterInput(Input):
    """The filter of one list.

    Args:
        text: the current filter.
        id: Textual's widget id.
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
        """Typing has ended; the filter stays as it is, or was cleared."""

    def __init__(self, text: str, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(
            text, placeholder="filter: words, status:failed, !word, since:2h", id=id, compact=True
        )

    def action_clear_filter(self) -> None:
        """Clear the filter and close the line."""
        self.value = ""
        self.post_message(self.Finished())

    def action_keep_filter(self) -> None:
        """Keep the filter and close the line."""
        self.post_message(self.Finished())
