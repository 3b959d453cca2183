"""Filtering the two lists: a line at the foot of the list, applied while it is typed."""

from typing import TYPE_CHECKING

from textual.css.query import NoMatches
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import Place
from nodion_tui.ui.dashboard.panes import Panes

if TYPE_CHECKING:
    from nodion_tui.monitor.runs.filter import RunFilter
    from nodion_tui.ui.dashboard.filter_input import FilterInput

LISTS = (Place.RUNNERS, Place.RUNS)


class Filters(Panes):
    """What the lists of a screen are filtered by."""

    def __init__(self) -> None:
        super().__init__()
        self.filters: dict[Place, RunFilter | None] = dict.fromkeys(LISTS)
        """What each list is filtered by."""

    def refilter(self, place: Place) -> None:
        """Show what another filter wants."""
        raise NotImplementedError

    def set_filter(self, place: Place, text: str) -> None:
        """Filter a list by other words."""
        from nodion_tui.monitor.runs.filter import parse  # noqa: PLC0415 - most never filter

        if text != self._text(place):
            self.filters[place] = parse(text) if text else None
            self.refilter(place)

    def _text(self, place: Place) -> str:
        found = self.filters.get(place)
        return found.text if found else ""

    async def action_filter(self) -> None:
        """Open the line of the list that has the focus, else that of the runs."""
        place = self.view.place if self.view.place in LISTS else Place.RUNS
        self.go(place)
        place = self.view.place
        if (opened := self._line(place)) is not None:
            self.set_focus(opened)
            return
        # Textual's Input is heavy, and most sessions never filter.
        from nodion_tui.ui.dashboard.filter_input import FilterInput  # noqa: PLC0415

        line = FilterInput(self._text(place), id=f"filter-{place}")
        await self.pane_of(place).mount(line)
        # At once, so that what was typed in the meantime is typed into it (see typeahead.py).
        self.set_focus(line)

    def clear_filter(self, place: Place) -> bool:
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

    def on_filter_input_left(self) -> None:
        """The person is done with the line."""
        for place in LISTS:
            if (line := self._line(place)) is not None:
                line.remove()
        self.focus_of(self.view.place).focus()

    def _line(self, place: Place) -> Widget | None:
        try:
            return self.pane_of(place).query_one(f"#filter-{place}")
        except NoMatches:
            return None
