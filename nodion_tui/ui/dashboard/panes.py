"""Applies layout, focus, zoom and size to the widgets of the panes."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec
from textual.containers import Horizontal
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.dashboard.layout import Layout, PaneName, PaneState, clamp_share, layout_of

if TYPE_CHECKING:
    from nodion_tui.ui.log.pane import LogPane
    from nodion_tui.ui.paint.titled_pane import TitledPane

ROOMY_COLUMNS = 160
"""Minimum width for wider outer panes."""
_DEFAULT_SHARES = {Layout.WIDE: 60, Layout.MEDIUM: 54, Layout.NARROW: 100}
"""Approximate height of the log, in percent, without a chosen share: as in the style sheet."""
SHARE_STEP = 10


class Pane(msgspec.Struct, frozen=True):
    """The widgets of a pane."""

    frame: "TitledPane | LogPane"
    """The widget with its frame."""
    focus_target: Widget
    """The widget in it that receives the focus."""


class Panes:
    """The panes of a screen.

    Args:
        screen: has a class for the layout, and the focus.
        panes: in tab order; the last one is the log, under all others.
        changed: called after other panes are visible or another one has the focus.
    """

    def __init__(
        self, screen: Screen[Any], panes: Mapping[PaneName, Pane], changed: Callable[[], None]
    ) -> None:
        self._screen = screen
        self._panes = dict(panes)
        self._changed = changed
        self.state = PaneState()
        """Layout, focus and zoom."""
        self.log_share = 0
        """Height of the lower pane in percent; 0: as the style sheet defines it."""
        self._log_rows = 0
        self.upper = Horizontal(*(pane.frame for pane in [*panes.values()][:-1]), id="upper")
        """Container of all panes but the log."""

    @property
    def focus_target(self) -> Widget:
        """The widget of the focused pane that receives the focus."""
        return self._panes[self.state.focused].focus_target

    @property
    def shows_log_below(self) -> bool:
        """Whether the log is under other panes, which get the rows that it does not take."""
        return PaneName.LOG in self.state.panes and len(self.state.panes) > 1

    @property
    def log_rows(self) -> int:
        """Current height of the log."""
        return self.frame(PaneName.LOG).outer_size.height

    @property
    def log_share_rows(self) -> int:
        """Height of the log with its share of the rows."""
        rows = self.upper.outer_size.height + self.log_rows
        return rows - rows * (100 - self._share) // 100

    def settle_log(self, rows: int) -> None:
        """Give the log so many rows, as long as its share is not less; 0: its share."""
        if rows != self._log_rows:
            self._log_rows = rows
            self.apply_log_share()

    def frame(self, pane: PaneName) -> Widget:
        """The widget of a pane, with its frame."""
        return self._panes[pane].frame

    def replace(self, name: PaneName, pane: Pane) -> None:
        """Use other widgets for a pane."""
        pane.frame.display = self._panes[name].frame.display
        pane.frame.set_zoomed(zoomed=self.state.zoomed and name in self.state.panes)
        self._panes[name] = pane

    def focus(self, pane: PaneName) -> None:
        """Focus a pane, and show it if it is hidden."""
        self._apply(self.state.with_focus(pane))
        self._screen.set_focus(self.focus_target)

    def follow(self, focused: Widget | None) -> None:
        """Update the state after the focus was moved otherwise, for instance by a click."""
        for name in self.state.panes:
            frame = self._panes[name].frame
            if focused is not None and (frame is focused or frame in focused.ancestors):
                self._apply(self.state.with_focus(name))

    def begin(self, size: Size) -> None:
        """Choose the layout of the first frame, before anything is mounted, and tell nobody."""
        state = self.state.with_layout(layout_of(size.width, size.height))
        self._set_classes({"-roomy": size.width >= ROOMY_COLUMNS}, restyle=False)
        self._arrange(state, restyle=False)

    def resize(self, size: Size) -> None:
        """Choose the layout for a size of the screen."""
        self._set_classes({"-roomy": size.width >= ROOMY_COLUMNS})
        previous, focused = self.state, self._screen.focused
        self._apply(self.state.with_layout(layout_of(size.width, size.height)))
        if previous.focused is not self.state.focused or focused is None:
            self._screen.set_focus(self.focus_target)

    def leave(self) -> None:
        """Go one level back: out of the zoom, then towards the runners, as far as they go."""
        if self.state.zoomed:
            self.action_zoom()
        elif (outer := self.state.outer) is not None:
            self.focus(outer)

    def action_next_pane(self) -> None:
        """Focus the next pane."""
        self.focus(self.state.neighbor(1))

    def action_previous_pane(self) -> None:
        """Focus the previous pane."""
        self.focus(self.state.neighbor(-1))

    def action_zoom(self) -> None:
        """Show the focused pane on the whole screen, or all panes again."""
        self._apply(self.state.with_zoom_toggled())

    def action_toggle_detail(self) -> None:
        """Focus the detail, or from there the log."""
        is_detail = self.state.focused is PaneName.DETAIL
        self.focus(PaneName.LOG if is_detail else PaneName.DETAIL)

    def action_taller(self) -> None:
        """Grow the lower pane."""
        self.set_log_share(self._share + SHARE_STEP)

    def action_shorter(self) -> None:
        """Shrink the lower pane."""
        self.set_log_share(self._share - SHARE_STEP)

    def set_log_share(self, percent: int) -> None:
        """Set the height of the lower pane; 0: as the style sheet defines it."""
        self.log_share, self._log_rows = clamp_share(percent), 0
        self.apply_log_share()

    def apply_log_share(self) -> None:
        """Apply the chosen share, if two rows of panes are visible."""
        panes = self.state.panes
        lower = PaneName.LOG if self.state.has_drawer else self.state.lower
        is_split = bool(self.log_share) and len(panes) > 1
        upper: Widget = self.upper
        if self.state.layout is Layout.MEDIUM and lower is PaneName.DETAIL:
            upper = self.frame(PaneName.RUNS)
        for widget, share in ((upper, 100 - self.log_share), (self.frame(lower), self.log_share)):
            widget.styles.height = f"{share}fr" if is_split else None
        self._apply_log_rows()

    def _apply_log_rows(self) -> None:
        """Apply the settled height of the log, if other panes get what it leaves."""
        log, is_settled = self.frame(PaneName.LOG), self._log_rows and self.shows_log_below
        if is_settled:
            log.styles.height = self._log_rows
        log.styles.max_height = f"{self._share}%" if is_settled else None

    @property
    def _share(self) -> int:
        return self.log_share or _DEFAULT_SHARES[self.state.layout]

    def _apply(self, state: PaneState) -> None:
        screen = self._screen
        if state == self.state and screen.is_mounted and screen.has_class(f"-{state.layout}"):
            return
        self._arrange(state)
        self._changed()

    def _arrange(self, state: PaneState, *, restyle: bool = True) -> None:
        """Set what the style sheet looks at."""
        self.state = state
        classes = {f"-{layout}": state.layout is layout for layout in Layout}
        classes["-single"] = len(state.panes) == 1
        classes["-drawer"] = state.has_drawer
        classes["-lower-detail"] = state.lower is PaneName.DETAIL and not state.has_drawer
        self._set_classes(classes, restyle=restyle)
        for name, pane in self._panes.items():
            pane.frame.display = name in state.panes
            pane.frame.set_zoomed(zoomed=state.zoomed and name in state.panes)
        self.upper.display = any(name is not PaneName.LOG for name in state.panes)
        self.apply_log_share()

    def _set_classes(self, classes: Mapping[str, bool], *, restyle: bool = True) -> None:
        """Set classes of the screen, which the style sheet looks at for the panes alone.

        Textual styles all that is on the screen anew: 37 widgets, 6 ms of a zoom.
        """
        screen, before = self._screen, self._screen.classes
        screen.update_classes(classes, update=False)
        if restyle and screen.is_mounted and screen.classes != before:
            frames = (pane.frame for pane in self._panes.values())
            screen.app.stylesheet.update_nodes((self.upper, *frames))
