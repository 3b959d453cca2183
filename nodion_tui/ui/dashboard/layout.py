"""Decides which panes are visible, from the screen size and the focus; pure functions."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec
from msgspec.structs import replace

WIDE_COLUMNS = 120
MEDIUM_COLUMNS = 80
MEDIUM_ROWS = 20
MIN_LOG_ROWS = 5
"""Minimum height of the log, in rows with its borders."""
MIN_CHANGE = 3
"""Rows by which the height of the log changes at least, unless a person acts on it."""
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


class PaneState(msgspec.Struct, frozen=True):
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
        return replace(self, focused=pane, lower=lower).with_visible_focus()

    def with_layout(self, layout: Layout) -> "PaneState":
        """The same state in another layout; a medium one begins without its drawer."""
        folds_runners = layout is Layout.MEDIUM is not self.layout
        is_on_runners = folds_runners and self.focused is PaneName.RUNNERS
        focused = PaneName.RUNS if is_on_runners else self.focused
        return replace(self, layout=layout, focused=focused).with_visible_focus()

    def with_zoom_toggled(self) -> "PaneState":
        """The same state with the focused pane alone on the screen, or with all panes again."""
        return replace(self, zoomed=not self.zoomed).with_visible_focus()

    def with_visible_focus(self) -> "PaneState":
        """The same state with the focus on a visible pane."""
        if self.focused in self.panes:
            return self
        visible = PaneName.RUNS if self.focused is PaneName.RUNNERS else self.lower
        return PaneState(self.layout, visible, self.lower, self.zoomed)


class UpperRows(msgspec.Struct, frozen=True):
    """The rows of a list above the log."""

    above: int
    """Rows that are scrolled out at the top."""
    below: int
    """Rows that are cut off at the bottom."""


def settled_rows(current: int, needed: int, share: int, upper: Iterable[UpperRows]) -> int:
    """The height that the log takes: what it needs, between a minimum and its share.

    It gives up the rows that show what is cut off above, and no more than leave every list at its
    top row: a list at its end would move otherwise.

    Args:
        current: its height now.
        needed: what it needs to be seen whole.
        share: what it may have at most.
        upper: the lists above.

    Returns:
        The height; the current one if the difference is small.
    """
    wanted = min(max(needed, MIN_LOG_ROWS), share)
    if wanted < current:
        lists = tuple(upper)
        useful = max((rows.below for rows in lists), default=0)
        unmoved = min((rows.below for rows in lists if rows.above), default=useful)
        wanted = max(wanted, current - min(useful, unmoved))
    return wanted if abs(wanted - current) >= MIN_CHANGE else current


def clamp_share(percent: int) -> int:
    """A share of the lower pane that leaves room for both; 0: as the style sheet defines it."""
    return min(max(percent, MIN_SHARE), 100 - MIN_SHARE) if percent else 0
