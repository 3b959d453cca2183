"""Settles the height of the log pane: what the shown log needs, up to its share."""

from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.dashboard.layout import PaneName, UpperRows, settled_rows

if TYPE_CHECKING:
    from textual.timer import Timer

    from nodion_tui.model.run import RunKey
    from nodion_tui.ui.dashboard.panes import Panes
    from nodion_tui.ui.log.pane import LogPane
    from nodion_tui.ui.paint.row_view import RowView

REST_SECONDS = 0.35
"""Time after a log was opened, half a second after the cursor has come to its run."""
_FIRST_PATIENCE, _MAX_PATIENCE = 2.0, 8.0
"""Seconds that a short log waits in addition after the height went back and forth."""
_HELD = 3
"""Logs in a row that the height must suit for that to be forgotten."""
_BORDERS = 2
_SPARE = 1
"""An empty row says that there is no more, and is where a search or a time is typed."""


class LogHeight:
    """Gives the panes above the rows that a short log leaves empty.

    Nothing moves while a person looks for a run, nor while a log is written: the height changes
    once, when the cursor rests on a run that had ended before and whose log is read. Of another
    run the log has its share. While it has the focus it only grows.

    Among short and long logs it would go back and forth with each run that is looked at. So each
    time that the log has to grow again, the next short one has to be looked at for longer.

    Args:
        screen: has the timer, and says whether it is in front.
        panes: have the heights.
        pane: shows the log.
        above: the lists in the panes above.
    """

    def __init__(
        self,
        screen: Screen[Any],
        panes: "Panes",
        pane: "LogPane",
        above: "Sequence[RowView]",
    ) -> None:
        self._screen = screen
        self._panes = panes
        self._pane = pane
        self._above = above
        self._timer: Timer | None = None
        self._key: RunKey | None = None
        self._had_ended = False
        self._is_due = False
        self._patience = 0.0
        self._was_patient = False
        self._held = 0

    def rest(self) -> None:
        """Settle after a while, unless another log is opened."""
        log = self._pane.open_log
        if log is not None and log.session.key != self._key:
            self._key = log.session.key
            self._had_ended = log.run is not None and log.run.is_final
        self.wait()
        self._was_patient = False
        self._timer = self._screen.set_timer(REST_SECONDS, self._rested)
        self.grow()

    def wait(self) -> None:
        """Do nothing: the cursor moves."""
        self._is_due = False
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def tick(self) -> None:
        """Settle a log that was not read yet when the cursor rested."""
        if self._is_due:
            self._settle()

    def grow(self) -> None:
        """Show at once what the log needs, if it is what a person acts on."""
        if self._panes.state.focused is PaneName.LOG and self._panes.shows_log_below:
            share = self._panes.log_share_rows
            needed = self._needed(share) if self._is_read else share
            if needed > self._panes.log_rows:
                self._give(needed, share)

    @property
    def _is_read(self) -> bool:
        """Whether all of the log is read."""
        log = self._pane.open_log
        return log is not None and log.session.state.phase is LogPhase.ENDED

    def _rested(self) -> None:
        self._timer = None
        self._settle()

    def _waited(self) -> None:
        self._timer, self._was_patient = None, True
        self._settle()

    def _settle(self) -> None:
        panes = self._panes
        # Behind a dialog nothing moves.
        self._is_due = not self._screen.is_current
        if self._is_due or self._pane.open_log is None or not panes.shows_log_below:
            return
        current, share = panes.log_rows, panes.log_share_rows
        needed = self._needed(share)
        if needed <= current:
            self._is_due = not self._is_read
            if self._is_due or panes.state.focused is PaneName.LOG:
                return
        upper = (UpperRows(view.scroll_offset.y, view.rows_below) for view in self._above)
        rows = settled_rows(current, needed, share, upper)
        if rows < current and self._patience and not self._was_patient:
            self._timer = self._screen.set_timer(self._patience, self._waited)
        elif rows != current:
            self._give(rows, share)
        elif current < share:
            self._held += 1
            if self._held >= _HELD:
                self._patience = 0.0

    def _needed(self, share: int) -> int:
        """What the log needs as far as it is read; its share if its run had not ended."""
        log = self._pane.open_log
        if log is None or not self._had_ended:
            return share
        view = log.viewport
        if not len(view.entries):
            return 0
        rows = view.rows_from(view.top_row(view.entries.index_at(0)))
        return min(sum(1 for _ in islice(rows, share)) + _BORDERS + _SPARE, share)

    def _give(self, rows: int, share: int) -> None:
        """Set the height; with its share the log grows and shrinks with the screen."""
        if rows > self._panes.log_rows:
            self._patience = min(max(2 * self._patience, _FIRST_PATIENCE), _MAX_PATIENCE)
        self._held = 0
        self._panes.settle_log(rows if rows < share else 0)
