"""Filters of the two lists, typed in a line under the list and applied immediately."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING

from nodion_tui.ui.dashboard.layout import PaneName

if TYPE_CHECKING:
    from textual.widget import Widget

    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.ui.dashboard.panes import Panes

LISTS = (PaneName.RUNNERS, PaneName.RUNS)


class ListFilters:
    """The filter of each list.

    Args:
        changed: called with the list that has another filter.
    """

    def __init__(self, changed: Callable[[PaneName], None]) -> None:
        self._changed = changed
        self._filters: dict[PaneName, RunFilter | None] = dict.fromkeys(LISTS)

    def __getitem__(self, pane: PaneName) -> "RunFilter | None":
        """The filter of a list; None: unfiltered."""
        return self._filters[pane]

    @property
    def all(self) -> "Iterable[RunFilter | None]":
        """The filters of both lists."""
        return self._filters.values()

    def is_set(self, pane: PaneName) -> bool:
        """Whether a pane is a list with a filter."""
        return self._filters.get(pane) is not None

    @property
    def runners_depend_on_runs(self) -> bool:
        """Whether the runners are filtered by attributes of their runs."""
        runner_filter = self._filters[PaneName.RUNNERS]
        return runner_filter is not None and bool(runner_filter.binders)

    def text(self, pane: PaneName) -> str:
        """The filter of a pane as typed; empty: none."""
        list_filter = self._filters.get(pane)
        return list_filter.text if list_filter else ""

    def set(self, pane: PaneName, text: str) -> None:
        """Set the filter of a list; empty: none."""
        from nodion_tui.monitor.runs.filter import parse_filter  # noqa: PLC0415 - most never filter

        if text != self.text(pane):
            of_runners = pane is PaneName.RUNNERS
            self._filters[pane] = parse_filter(text, of_runners=of_runners) if text else None
            self._changed(pane)

    def clear(self, pane: PaneName) -> bool:
        """Clear the filter of a pane; False if there is none."""
        was_filtered = bool(self.text(pane))
        if was_filtered:
            self.set(pane, "")
        return was_filtered


class FilterLines:
    """The lines in which filters are typed, each in the pane of its list.

    Args:
        filters: get what is typed.
        panes: of the screen; have the focus afterwards.
        names: returns runner id → displayed name, for completion.
        profiles: returns the names of the profiles, likewise.
    """

    def __init__(
        self,
        filters: ListFilters,
        panes: "Panes",
        names: Callable[[], Mapping[str, str]],
        profiles: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._profiles = profiles
        self._filters = filters
        self._names = names
        self._panes = panes
        self._open: dict[PaneName, Widget] = {}
        self.kept: Callable[[], None] = lambda: None
        """Called when a filter was typed, and its line is closed."""

    async def action_filter(self) -> None:
        """Open the filter line of the focused list, or else of the run list."""
        focused = self._panes.state.focused
        self._panes.focus(focused if focused in LISTS else PaneName.RUNS)
        pane = self._panes.state.focused
        line = self._open.get(pane)
        if line is None:
            # Textual's Input is heavy, and most sessions never filter.
            from nodion_tui.ui.dashboard.lists.filter_input import FilterInput  # noqa: PLC0415

            line = self._open[pane] = FilterInput(
                self._filters.text(pane),
                partial(self._filters.set, pane),
                self._close,
                lambda: self._names().values(),
                self._profiles,
            )
            await self._panes.frame(pane).mount(line)
        # Immediately, so that keys typed in the meantime go into it (see typeahead.py).
        line.screen.set_focus(line)

    @property
    def is_open(self) -> bool:
        """Whether a filter is being typed."""
        return bool(self._open)

    def _close(self) -> None:
        for line in self._open.values():
            line.remove()
        self._open.clear()
        self._panes.focus_target.focus()
        self.kept()
