"""Input line for the filter of a list, which is applied while it is typed."""

from collections.abc import Callable, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.suggester import Suggester

from nodion_tui.monitor.runs.filter_completion import complete_filter
from nodion_tui.ui.dialogs.text_fields import OneLineInput


class _FilterSuggester(Suggester):
    """Shows the completion behind what is typed; → takes it, as does Tab."""

    def __init__(
        self, names: Callable[[], Iterable[str]], profiles: Callable[[], Iterable[str]]
    ) -> None:
        super().__init__(use_cache=False, case_sensitive=True)
        self._names, self._profiles = names, profiles

    async def get_suggestion(self, value: str) -> str | None:
        """Textual: the completed filter, if it begins with what is typed."""
        completed = complete_filter(value, self._names(), self._profiles()) or ""
        return completed if completed.casefold().startswith(value.casefold()) else None


class FilterInput(OneLineInput):
    """The filter of one list.

    Args:
        text: the current filter.
        typed: called with every other filter.
        names: returns the names of the runners, for completion.
        finished: called when typing has ended.
        profiles: returns the names of the profiles, for completion.
    """

    SIGN = "/"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "clear_filter", "Clear the filter"),
        ("enter,down", "keep_filter", "Keep the filter"),
        ("tab", "complete", "Complete the last term"),
    ]

    DEFAULT_CSS = """
    FilterInput {
        height: 1;
        border: none;
        background: $boost;
        &:focus { border: none; background: $boost; }
    }
    """

    def __init__(
        self,
        text: str,
        typed: Callable[[str], None],
        finished: Callable[[], None],
        names: Callable[[], Iterable[str]],
        profiles: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        super().__init__(
            text,
            placeholder="filter: words, status:failed, !word, since:2h; Tab completes",
            compact=True,
            suggester=_FilterSuggester(names, profiles),
        )
        self._names, self._profiles = names, profiles
        self._typed = typed
        self._finished = finished

    def on_input_changed(self) -> None:
        """Textual: apply the typed filter."""
        self._typed(self.value)

    def action_complete(self) -> None:
        """Complete the last term."""
        completed = complete_filter(self.value, self._names(), self._profiles())
        if completed is not None:
            self.value = completed
            self.cursor_position = len(completed)

    def action_clear_filter(self) -> None:
        """Clear the filter and close the line."""
        self.value = ""
        self._typed("")
        self._finished()

    def action_keep_filter(self) -> None:
        """Keep the filter and close the line."""
        self._typed(self.value)
        self._finished()
