"""Filtering the two lists: a line at the foot of the list, applied while it is typed."""

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
    """What the lists of a screen are filtered by."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: dict[PaneName, RunFilter | None] = dict.fromkeys(LISTS)
        """What each list is filtered by."""

    def refresh_list(self, place: PaneName) -> None:
        """Show what another filter wants."""
        raise NotImplementedError

    def set_filter(self, place: PaneName, text: str) -> None:
        """Filter a list by other words."""
        from nodion_tui.monitor.runs.filter import parse_filter  # noqa: PLC0415 - most never filter

        if text != self._text(place):
            self.filters[place] = parse_filter(text) if text else None
            self.refresh_list(place)

    def _text(self, place: PaneName) -> str:
        found = self.filters.get(place)
        return found.text if found else ""

    async def action_filter(self) -> None:
        """Open the line of the list that has the focus, else that of the runs."""
        place = self.pane_state.focused if self.pane_state.focused in LISTS else PaneName.RUNS
        self.focus_pane(place)
        place = self.pane_state.focused
        if (opened := self._line(place)) is not None:
            self.set_focus(opened)
            return
        # Textual's Input is heavy, and most sessions never filter.
        from nodion_tui.ui.dashboard.filter_input import FilterInput  # noqa: PLC0415

        line = FilterInput(self._text(place), id=f"filter-{place}")
        await self.pane_of(place).mount(line)
        # At once, so that what was typed in the meantime is typed into it (see typeahead.py).
        self.set_focus(line)

    def clear_filter(self, place: PaneName) -> bool:
        """Filter by nothing; False where that is so already."""
        if not self._text(place):
            return False
        self.set_filter(place, "")
        return True

    def on_input_changed(self, event: "FilterInput.Changed") -> None:
        """Textual: something was typed."""
        for place in LISTS:
            if event.input.id == f"filter-{place}":
                self.set_filter(place, event.value)

    def on_filter_input_finished(self) -> None:
        """The person is done with the line."""
        for place in LISTS:
            if (line := self._line(place)) is not None:
                line.remove()
        self.focus_target(self.pane_state.focused).focus()

    def _line(self, place: PaneName) -> Widget | None:
        try:
            return self.pane_of(place).query_one(f"#filter-{place}")
        except NoMatches:
            return None
