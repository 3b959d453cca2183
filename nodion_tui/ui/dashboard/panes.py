"""Where the person is: focus, zoom, and which panes are on the screen."""

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import Layout, Place, View, layout_of

if TYPE_CHECKING:
    from textual import events

ROOMY_COLUMNS = 160
"""From here on the outer panes are wider."""
USUAL_SHARE = 60
"""Percent of the height that the log has about, where nothing was chosen."""
SHARE_STEP = 10
LEAST_SHARE = 20


class Panes(Screen[None]):
    """The moves between panes; a screen that has the panes says where each one's focus is."""

    view = View()
    """Where the person is."""
    log_share = 0
    """Percent of the height that the lower pane has; 0: as the look has it."""

    def focus_of(self, place: Place) -> Widget:
        """The widget of a pane that takes the focus."""
        raise NotImplementedError

    def pane_of(self, place: Place) -> Widget:
        """A pane with its frame."""
        raise NotImplementedError

    def go(self, place: Place) -> None:
        """Put the focus on a pane, which comes on the screen if it is not."""
        lower = place if place in {Place.DETAIL, Place.LOG} else self.view.lower
        self._arrange(self.view._replace(place=place, lower=lower).settled())
        self.set_focus(self.focus_of(self.view.place))

    def follow_focus(self, focused: Widget | None) -> None:
        """Take in where the focus went by itself, for instance by a click."""
        for place in self.view.panes:
            pane = self.pane_of(place)
            if focused is not None and (pane is focused or pane in focused.ancestors):
                lower = place if place in {Place.DETAIL, Place.LOG} else self.view.lower
                self._arrange(self.view._replace(place=place, lower=lower))

    def on_resize(self, event: "events.Resize") -> None:
        """Textual: another size may be another layout."""
        layout = layout_of(event.size.width, event.size.height)
        self.set_class(event.size.width >= ROOMY_COLUMNS, "-roomy")
        before, focused = self.view, self.focused
        self._arrange(self.view._replace(layout=layout).settled())
        if before.place is not self.view.place or focused is None:
            self.set_focus(self.focus_of(self.view.place))

    def action_next_pane(self) -> None:
        """On to the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Back to the pane before."""
        self._step(-1)

    def action_zoom(self) -> None:
        """Give the pane the whole screen, or give it back."""
        self._arrange(self.view._replace(zoomed=not self.view.zoomed).settled())

    def action_taller(self) -> None:
        """Give the lower pane more of the height."""
        self.share((self.log_share or USUAL_SHARE) + SHARE_STEP)

    def action_shorter(self) -> None:
        """Give the lower pane less of the height."""
        self.share((self.log_share or USUAL_SHARE) - SHARE_STEP)

    def share(self, percent: int) -> None:
        """Give the lower pane so much of the height; 0: as the look has it."""
        self.log_share = min(max(percent, LEAST_SHARE), 100 - LEAST_SHARE) if percent else 0
        self.divide()

    def action_toggle_detail(self) -> None:
        """Go to the detail, or from it to the log."""
        self.go(Place.LOG if self.view.place is Place.DETAIL else Place.DETAIL)

    def inwards(self) -> None:
        """From runners to runs, from runs and detail to the log."""
        self.go(Place.RUNS if self.view.place is Place.RUNNERS else Place.LOG)

    def outwards(self) -> bool:
        """One level back: out of the zoom, then towards the runners; False where that is here."""
        place = self.view.place
        if self.view.zoomed:
            self.action_zoom()
        elif place in {Place.LOG, Place.DETAIL}:
            self.go(Place.RUNS)
        elif place is Place.RUNS and self.view.layout is not Layout.MEDIUM:
            self.go(Place.RUNNERS)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        view = self.view
        # Where one pane fills the screen, Tab goes through all of them.
        places = view.panes if len(view.panes) > 1 else tuple(Place)
        here = places.index(view.place) if view.place in places else 0
        self.go(places[(here + by) % len(places)])

    def _arrange(self, view: View) -> None:
        if view == self.view and self.is_mounted and self.has_class(f"-{view.layout}"):
            return
        self.view = view
        for layout in Layout:
            self.set_class(view.layout is layout, f"-{layout}")
        self.set_class(len(view.panes) == 1, "-single")
        self.set_class(view.lower is Place.DETAIL, "-lower-detail")
        for place in Place:
            self.pane_of(place).display = place in view.panes
        upper = self.query_one("#upper")
        upper.display = any(place is not Place.LOG for place in view.panes)
        self.divide()
        self.arranged()

    def divide(self) -> None:
        """Let the chosen share take the place of the look's own, where two rows of panes are."""
        panes, lower = self.view.panes, self.view.lower
        divided = bool(self.log_share) and len(panes) > 1
        upper: Widget = self.query_one("#upper")
        if self.view.layout is Layout.MEDIUM and lower is Place.DETAIL:
            upper = self.pane_of(Place.RUNS)
        for widget, share in ((upper, 100 - self.log_share), (self.pane_of(lower), self.log_share)):
            widget.styles.height = f"{share}fr" if divided else None

    def arranged(self) -> None:
        """Other panes are on the screen, or the focus is in another one."""
