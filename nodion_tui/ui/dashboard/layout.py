"""Decides which panes are visible, from the screen size and the focus; pure functions."""

from enum import StrEnum
from typing import NamedTuple

WIDE_COLUMNS = 120
MEDIUM_COLUMNS = 80
MEDIUM_ROWS = 20
MIN_SHARE = 20
"""Minimum height of the lower pane, and of what is above it, in percent."""


class Layout(StrEnum):
    """Size class of the screen."""

    WIDE = "wide"
    """Runners, runs, detail, and the log under them."""
    MEDIUM = "medium"
    """Runs, and the log or the detail under them; the runner is in the title of the runs. While the
    runners have the focus, they are a drawer beside the runs."""
    NARROW = "narrow"
    """One pane at a time."""


class PaneName(StrEnum):
    """The panes, from the outermost to the innermost."""

    RUNNERS = "runners"
    RUNS = "runs"
    DETAIL = "detail"
    LOG = "log"


_LOWER = frozenset({PaneName.DETAIL, PaneName.LOG})
"""The panes that share the lower half of a medium screen."""


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
        if self.has_drawer:
            return (PaneName.RUNNERS, PaneName.RUNS, PaneName.LOG)
        if self.layout is Layout.MEDIUM:
            return (PaneName.RUNS, self.lower)
        return tuple(PaneName)

    @property
    def has_drawer(self) -> bool:
        """Whether the runners are a drawer beside the runs of a medium screen."""
        return self.layout is Layout.MEDIUM and self.focused is PaneName.RUNNERS

    @property
    def inner(self) -> PaneName:
        """The pane one level further in: from runners to runs, from runs and detail to the log."""
        return PaneName.RUNS if self.focused is PaneName.RUNNERS else PaneName.LOG

    @property
    def outer(self) -> PaneName | None:
        """The pane one level back, towards the runners; None at the end."""
        if self.focused in _LOWER:
            return PaneName.RUNS
        if self.focused is PaneName.RUNS:
            return PaneName.RUNNERS
        return None

    def neighbor(self, by: int) -> PaneName:
        """The pane this many steps further in tab order, which has no end.

        While one pane fills the screen, all of them are in that order.
        """
        panes = self.panes if len(self.panes) > 1 else tuple(PaneName)
        index = panes.index(self.focused) if self.focused in panes else 0
        return panes[(index + by) % len(panes)]

    def with_focus(self, pane: PaneName) -> "PaneState":
        """The same state with the focus on a pane, which is shown for that where it can be."""
        lower = pane if pane in _LOWER else self.lower
        return self._replace(focused=pane, lower=lower).with_visible_focus()

    def with_layout(self, layout: Layout) -> "PaneState":
        """The same state in another layout; a medium one begins without its drawer."""
        folds_runners = layout is Layout.MEDIUM is not self.layout
        is_on_runners = folds_runners and self.focused is PaneName.RUNNERS
        focused = PaneName.RUNS if is_on_runners else self.focused
        return self._replace(layout=layout, focused=focused).with_visible_focus()

    def with_zoom_toggled(self) -> "PaneState":
        """The same state with the focused pane alone on the screen, or with all panes again."""
        return self._replace(zoomed=not self.zoomed).with_visible_focus()

    def with_visible_focus(self) -> "PaneState":
        """The same state with the focus on a visible pane."""
        if self.focused in self.panes:
            return self
        visible = PaneName.RUNS if self.focused is PaneName.RUNNERS else self.lower
        return PaneState(self.layout, visible, self.lower, self.zoomed)


def clamp_share(percent: int) -> int:
    """A share of the lower pane that leaves room for both; 0: as the style sheet defines it."""
    return min(max(percent, MIN_SHARE), 100 - MIN_SHARE) if percent else 0
