"""Decides which panes are visible, from the screen size and the focus; pure functions."""

from enum import StrEnum
from typing import NamedTuple

WIDE_COLUMNS = 120
MEDIUM_COLUMNS = 80
MEDIUM_ROWS = 20


class Layout(StrEnum):
    """Size class of the screen."""

    WIDE = "wide"
    """Runners, runs, detail, and the log under them."""
    MEDIUM = "medium"
    """Runs, and the log or the detail under them; the runner is in the title of the runs."""
    NARROW = "narrow"
    """One pane at a time."""


class PaneName(StrEnum):
    """The panes, from the outermost to the innermost."""

    RUNNERS = "runners"
    RUNS = "runs"
    DETAIL = "detail"
    LOG = "log"


def layout_of(columns: int, rows: int) -> Layout:
    """The layout for a screen of this size."""
    if columns < MEDIUM_COLUMNS or rows < MEDIUM_ROWS:
        return Layout.NARROW
    return Layout.WIDE if columns >= WIDE_COLUMNS else Layout.MEDIUM


class PaneState(NamedTuple):
    """Layout, focus and zoom of the panes."""

    layout: Layout = Layout.WIDE
    focused: PaneName = PaneName.RUNNERS
    """The pane with the focus."""
    lower: PaneName = PaneName.LOG
    """The lower pane of a medium screen: log or detail."""
    zoomed: bool = False

    @property
    def panes(self) -> tuple[PaneName, ...]:
        """The visible panes, in tab order."""
        if self.zoomed or self.layout is Layout.NARROW:
            return (self.focused,)
        if self.layout is Layout.MEDIUM:
            return (PaneName.RUNS, self.lower)
        return tuple(PaneName)

    def with_visible_focus(self) -> "PaneState":
        """The same state with the focus on a visible pane."""
        if self.focused in self.panes:
            return self
        visible = PaneName.RUNS if self.focused is PaneName.RUNNERS else self.lower
        return PaneState(self.layout, visible, self.lower, self.zoomed)
