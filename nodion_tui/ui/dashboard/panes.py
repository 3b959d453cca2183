"""Where the person is: focus, zoom, and which panes are on the screen."""

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState, layout_of

if TYPE_CHECKING:
    from textual import events

ROOMY_COLUMNS = 160
"""From here on the outer panes are wider."""
DEFAULT_SHARE = 60
"""Percent of the height that the log has about, where nothing was chosen."""
SHARE_STEP = 10
MIN_SHARE = 20


class Panes(Screen[None]):
    """The moves between panes; a screen that has the panes says where each one's focus is."""

    pane_state = PaneState()
    """Where the person is."""
    log_share = 0
    """Percent of the height that the lower pane has; 0: as the look has it."""

    def focus_target(self, place: PaneName) -> Widget:
        """The widget of a pane that takes the focus."""
        raise NotImplementedError

    def pane_of(self, place: PaneName) -> Widget:
        """A pane with its frame."""
        raise NotImplementedError

    def focus_pane(self, place: PaneName) -> None:
        """Put the focus on a pane, which comes on the screen if it is not."""
        lower = place if place in {PaneName.DETAIL, PaneName.LOG} else self.pane_state.lower
        self._arrange(self.pane_state._replace(focused=place, lower=lower).with_visible_focus())
        self.set_focus(self.focus_target(self.pane_state.focused))

    def follow_focus(self, focused: Widget | None) -> None:
        """Take in where the focus went by itself, for instance by a click."""
        for place in self.pane_state.panes:
            pane = self.pane_of(place)
            if focused is not None and (pane is focused or pane in focused.ancestors):
                lower = place if place in {PaneName.DETAIL, PaneName.LOG} else self.pane_state.lower
                self._arrange(self.pane_state._replace(focused=place, lower=lower))

    def on_resize(self, event: "events.Resize") -> None:
        """Textual: another size may be another layout."""
        layout = layout_of(event.size.width, event.size.height)
        self.set_class(event.size.width >= ROOMY_COLUMNS, "-roomy")
        before, focused = self.pane_state, self.focused
        self._arrange(self.pane_state._replace(layout=layout).with_visible_focus())
        if before.focused is not self.pane_state.focused or focused is None:
            self.set_focus(self.focus_target(self.pane_state.focused))

    def action_next_pane(self) -> None:
        """On to the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Back to the pane before."""
        self._step(-1)

    def action_zoom(self) -> None:
        """Give the pane the whole screen, or give it back."""
        self._arrange(
            self.pane_state._replace(zoomed=not self.pane_state.zoomed).with_visible_focus()
        )

    def action_taller(self) -> None:
        """Give the lower pane more of the height."""
        self.set_log_share((self.log_share or DEFAULT_SHARE) + SHARE_STEP)

    def action_shorter(self) -> None:
        """Give the lower pane less of the height."""
        self.set_log_share((self.log_share or DEFAULT_SHARE) - SHARE_STEP)

    def set_log_share(self, percent: int) -> None:
        """Give the lower pane so much of the height; 0: as the look has it."""
        self.log_share = min(max(percent, MIN_SHARE), 100 - MIN_SHARE) if percent else 0
        self.apply_log_share()

    def action_toggle_detail(self) -> None:
        """Go to the detail, or from it to the log."""
        self.focus_pane(
            PaneName.LOG if self.pane_state.focused is PaneName.DETAIL else PaneName.DETAIL
        )

    def focus_inner_pane(self) -> None:
        """From runners to runs, from runs and detail to the log."""
        self.focus_pane(
            PaneName.RUNS if self.pane_state.focused is PaneName.RUNNERS else PaneName.LOG
        )

    def focus_outer_pane(self) -> bool:
        """One level back: out of the zoom, then towards the runners; False where that is here."""
        place = self.pane_state.focused
        if self.pane_state.zoomed:
            self.action_zoom()
        elif place in {PaneName.LOG, PaneName.DETAIL}:
            self.focus_pane(PaneName.RUNS)
        elif place is PaneName.RUNS and self.pane_state.layout is not Layout.MEDIUM:
            self.focus_pane(PaneName.RUNNERS)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        view = self.pane_state
        # Where one pane fills the screen, Tab goes through all of them.
        places = view.panes if len(view.panes) > 1 else tuple(PaneName)
        here = places.index(view.focused) if view.focused in places else 0
        self.focus_pane(places[(here + by) % len(places)])

    def _arrange(self, view: PaneState) -> None:
        if view == self.pane_state and self.is_mounted and self.has_class(f"-{view.layout}"):
            return
        self.pane_state = view
        for layout in Layout:
            self.set_class(view.layout is layout, f"-{layout}")
        self.set_class(len(view.panes) == 1, "-single")
        self.set_class(view.lower is PaneName.DETAIL, "-lower-detail")
        for place in PaneName:
            self.pane_of(place).display = place in view.panes
        upper = self.query_one("#upper")
        upper.display = any(place is not PaneName.LOG for place in view.panes)
        self.apply_log_share()
        self.panes_changed()

    def apply_log_share(self) -> None:
        """Let the chosen share take the place of the look's own, where two rows of panes are."""
        panes, lower = self.pane_state.panes, self.pane_state.lower
        divided = bool(self.log_share) and len(panes) > 1
        upper: Widget = self.query_one("#upper")
        if self.pane_state.layout is Layout.MEDIUM and lower is PaneName.DETAIL:
            upper = self.pane_of(PaneName.RUNS)
        for widget, share in ((upper, 100 - self.log_share), (self.pane_of(lower), self.log_share)):
            widget.styles.height = f"{share}fr" if divided else None

    def panes_changed(self) -> None:
        """Other panes are on the screen, or the focus is in another one."""
