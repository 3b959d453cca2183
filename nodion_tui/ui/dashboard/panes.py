"""Focus, zoom, and visibility of the panes."""

from typing import TYPE_CHECKING

from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState, layout_of

if TYPE_CHECKING:
    from textual import events

ROOMY_COLUMNS = 160
"""Minimum width for wider outer panes."""
DEFAULT_SHARE = 60
"""Approximate height of the log, in percent, without a chosen share."""
SHARE_STEP = 10
MIN_SHARE = 20


class Panes(Screen[None]):
    """Moves the focus between panes; a subclass provides the panes and their focus targets."""

    pane_state = PaneState()
    """Layout, focus and zoom of the panes."""
    log_share = 0
    """Height of the lower pane in percent; 0: as the style sheet defines it."""

    def focus_target(self, pane_name: PaneName) -> Widget:
        """The widget of a pane that receives the focus."""
        raise NotImplementedError

    def pane_of(self, pane_name: PaneName) -> Widget:
        """The widget of a pane, with its frame."""
        raise NotImplementedError

    def focus_pane(self, pane_name: PaneName) -> None:
        """Focus a pane, and show it if it is hidden."""
        lower = pane_name if pane_name in {PaneName.DETAIL, PaneName.LOG} else self.pane_state.lower
        self._apply_state(
            self.pane_state._replace(focused=pane_name, lower=lower).with_visible_focus()
        )
        self.set_focus(self.focus_target(self.pane_state.focused))

    def follow_focus(self, focused: Widget | None) -> None:
        """Update the state after the focus was moved otherwise, for instance by a click."""
        for pane_name in self.pane_state.panes:
            pane = self.pane_of(pane_name)
            if focused is not None and (pane is focused or pane in focused.ancestors):
                lower = (
                    pane_name
                    if pane_name in {PaneName.DETAIL, PaneName.LOG}
                    else self.pane_state.lower
                )
                self._apply_state(self.pane_state._replace(focused=pane_name, lower=lower))

    def on_resize(self, event: "events.Resize") -> None:
        """Textual: the layout depends on the size."""
        layout = layout_of(event.size.width, event.size.height)
        self.set_class(event.size.width >= ROOMY_COLUMNS, "-roomy")
        previous, focused = self.pane_state, self.focused
        self._apply_state(self.pane_state._replace(layout=layout).with_visible_focus())
        if previous.focused is not self.pane_state.focused or focused is None:
            self.set_focus(self.focus_target(self.pane_state.focused))

    def action_next_pane(self) -> None:
        """Focus the next pane."""
        self._step(1)

    def action_previous_pane(self) -> None:
        """Focus the previous pane."""
        self._step(-1)

    def action_zoom(self) -> None:
        """Show the focused pane on the whole screen, or all panes again."""
        self._apply_state(
            self.pane_state._replace(zoomed=not self.pane_state.zoomed).with_visible_focus()
        )

    def action_taller(self) -> None:
        """Grow the lower pane."""
        self.set_log_share((self.log_share or DEFAULT_SHARE) + SHARE_STEP)

    def action_shorter(self) -> None:
        """Shrink the lower pane."""
        self.set_log_share((self.log_share or DEFAULT_SHARE) - SHARE_STEP)

    def set_log_share(self, percent: int) -> None:
        """Set the height of the lower pane; 0: as the style sheet defines it."""
        self.log_share = min(max(percent, MIN_SHARE), 100 - MIN_SHARE) if percent else 0
        self.apply_log_share()

    def action_toggle_detail(self) -> None:
        """Focus the detail, or from there the log."""
        self.focus_pane(
            PaneName.LOG if self.pane_state.focused is PaneName.DETAIL else PaneName.DETAIL
        )

    def focus_inner_pane(self) -> None:
        """Go from runners to runs, from runs and detail to the log."""
        self.focus_pane(
            PaneName.RUNS if self.pane_state.focused is PaneName.RUNNERS else PaneName.LOG
        )

    def focus_outer_pane(self) -> bool:
        """Go one level back: out of the zoom, then towards the runners; False at the end."""
        pane_name = self.pane_state.focused
        if self.pane_state.zoomed:
            self.action_zoom()
        elif pane_name in {PaneName.LOG, PaneName.DETAIL}:
            self.focus_pane(PaneName.RUNS)
        elif pane_name is PaneName.RUNS and self.pane_state.layout is not Layout.MEDIUM:
            self.focus_pane(PaneName.RUNNERS)
        else:
            return False
        return True

    def _step(self, by: int) -> None:
        view = self.pane_state
        # While one pane fills the screen, Tab cycles through all of them.
        pane_names = view.panes if len(view.panes) > 1 else tuple(PaneName)
        index = pane_names.index(view.focused) if view.focused in pane_names else 0
        self.focus_pane(pane_names[(index + by) % len(pane_names)])

    def _apply_state(self, view: PaneState) -> None:
        if view == self.pane_state and self.is_mounted and self.has_class(f"-{view.layout}"):
            return
        self.pane_state = view
        for layout in Layout:
            self.set_class(view.layout is layout, f"-{layout}")
        self.set_class(len(view.panes) == 1, "-single")
        self.set_class(view.lower is PaneName.DETAIL, "-lower-detail")
        for pane_name in PaneName:
            self.pane_of(pane_name).display = pane_name in view.panes
        upper = self.query_one("#upper")
        upper.display = any(pane_name is not PaneName.LOG for pane_name in view.panes)
        self.apply_log_share()
        self.panes_changed()

    def apply_log_share(self) -> None:
        """Apply the chosen share, if two rows of panes are visible."""
        panes, lower = self.pane_state.panes, self.pane_state.lower
        is_split = bool(self.log_share) and len(panes) > 1
        upper: Widget = self.query_one("#upper")
        if self.pane_state.layout is Layout.MEDIUM and lower is PaneName.DETAIL:
            upper = self.pane_of(PaneName.RUNS)
        for widget, share in ((upper, 100 - self.log_share), (self.pane_of(lower), self.log_share)):
            widget.styles.height = f"{share}fr" if is_split else None

    def panes_changed(self) -> None:
        """Called after other panes are visible or another one has the focus."""
