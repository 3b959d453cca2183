"""Input line for the filter of a list, which is applied while it is typed."""

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from nodion_tui.ui.dialogs.text_fields import OneLineInput


class FilterInput(OneLineInput):
    """The filter of one list.

    Args:
        text: the current filter.
        typed: called with every other filter.
        finished: called when typing has ended.
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

    def __init__(
        self, text: str, typed: Callable[[str], None], finished: Callable[[], None]
    ) -> None:
        super().__init__(
            text, placeholder="filter: words, status:failed, !word, since:2h", compact=True
        )
        self._typed = typed
        self._finished = finished

    def on_input_changed(self) -> None:
        """Textual: apply the typed filter."""
        self._typed(self.value)

    def action_clear_filter(self) -> None:
        """Clear the filter and close the line."""
        self.value = ""
        self._typed("")
        self._finished()

    def action_keep_filter(self) -> None:
        """Keep the filter and close the line."""
        self._typed(self.value)
        self._finished()
