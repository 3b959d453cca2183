"""Which panes are on the screen: pure, from its size and from where the person is."""

from enum import StrEnum
from typing import NamedTuple

WIDE_COLUMNS = 120
MEDIUM_COLUMNS = 80
MEDIUM_ROWS = 20


class Layout(StrEnum):
    """How much fits."""

    WIDE = "wide"
    """Runners, runs, detail, and the log under them."""
    MEDIUM = "medium"
    """Runs, and the log or the detail under them; the runners are in the runs' title."""
    NARROW = "narrow"
    """One pane at a time."""


class PaneName(StrEnum):
    """The panes, from the outermost in."""

    RUNNERS = "runners"
    RUNS = "runs"
    DETAIL = "detail"
    LOG = "log"


def layout_of(columns: int, rows: int) -> Layout:
    """What fits on a screen of this size."""
    if columns < MEDIUM_COLUMNS or rows < MEDIUM_ROWS:
        return Layout.NARROW
    return Layout.WIDE if columns >= WIDE_COLUMNS else Layout.MEDIUM


class PaneState(NamedTuple):
    """Where the person is."""

    layout: Layout = Layout.WIDE
    focused: PaneName = PaneName.RUNNERS
    """The pane with the focus."""
    lower: PaneName = PaneName.LOG
    """What stands in the lower part of a medium screen: log or detail."""
    zoomed: bool = False

    @property
    def panes(self) -> tuple[PaneName, ...]:
        """What is on the screen, in the order of Tab."""
        if self.zoomed or self.layout is Layout.NARROW:
            return (self.focused,)
        if self.layout is Layout.MEDIUM:
            return (PaneName.RUNS, self.lower)
        return tuple(PaneName)

    def with_visible_focus(self) -> "PaneState":
        """The same with the focus on a pane that is on the screen."""
        if self.focused in self.panes:
            return self
        near = PaneName.RUNS if self.focused is PaneName.RUNNERS else self.lower
        return PaneState(self.layout, near, self.lower, self.zoomed)
