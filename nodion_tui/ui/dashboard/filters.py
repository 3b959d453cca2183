"""Filters of the two lists, typed in a line under the list and applied immediately."""

from typing import TYPE_CHECKING

from textual.css.query import NoMatches
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.panes import Panes

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.ui.dashboard.filter_input import FilterInput

LISTS = (PaneName.RUNNERS, PaneName.RUNS)


class ListFilters(Panes):
    """The filters of the lists of a screen."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: dict[PaneName, RunFilter | None] = dict.fromkeys(LISTS)
        """The filter of each list; None: unfiltered."""

    def refresh_list(self, pane: PaneName) -> None:
        """Apply the current filter and order to a list."""
        raise NotImplementedError

    def set_filter(self, pane: PaneName, text: str) -> None:
        """Set the filter of a list."""
        from nodion_tui.monitor.runs.filter import parse_filter  # noqa: PLC0415 - most never filter

        if text != self._filter_text(pane):
            self.filters[pane] = parse_filter(text) if text else None
            self.refresh_list(pane)

    def _filter_text(self, pane: PaneName) -> str:
        list_filter = self.filters.get(pane)
        return list_filter.text if list_filter else ""

    async def action_filter(self) -> None:
        """Open the filter line of the focused list, or else of the run list."""
        pane = self.pane_state.focused if self.pane_state.focused in LISTS else PaneName.RUNS
        self.focus_pane(pane)
        pane = self.pane_state.focused
        if (open_line := self._filter_line(pane)) is not None:
            self.set_focus(open_line)
            return
        # Textual's Input is heavy, and most sessions never filter.
        from nodion_tui.ui.dashboard.filter_input import FilterInput  # noqa: PLC0415

        line = FilterInput(self._filter_text(pane), id=f"filter-{pane}")
        await self.pane_of(pane).mount(line)
        # Immediately, so that keys typed in the meantime go into it (see typeahead.py).
        self.set_focus(line)

    def clear_filter(self, pane: PaneName) -> bool:
        """Clear the filter of a list; False if there is none."""
        if not self._filter_text(pane):
            return False
        self.set_filter(pane, "")
        return True

    def on_input_changed(self, event: "FilterInput.Changed") -> None:
        """Textual: apply the typed filter."""
        for pane in LISTS:
            if event.input.id == f"filter-{pane}":
                self.set_filter(pane, event.value)

    def on_filter_input_finished(self) -> None:
        """Close the filter line."""
        for pane in LISTS:
            if (line := self._filter_line(pane)) is not None:
                line.remove()
        self.focus_target(self.pane_state.focused).focus()

    def _filter_line(self, pane: PaneName) -> Widget | None:
        try:
            return self.pane_of(pane).query_one(f"#filter-{pane}")
        except NoMatches:
            return None
