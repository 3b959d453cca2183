"""The place of the log pane, which is mounted after the first rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.screen import Screen

from nodion_tui.model.run import Run
from nodion_tui.ui.dashboard.layout import PaneName
from nodion_tui.ui.dashboard.panes import Pane, Panes
from nodion_tui.ui.log.log_hints import LogHints, log_hints
from nodion_tui.ui.paint.titled_pane import TitledPane

if TYPE_CHECKING:
    from textual.timer import Timer

    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.storage.ui_state import UiState
    from nodion_tui.ui.dashboard.log_height import LogHeight
    from nodion_tui.ui.log.open_log import OpenLog
    from nodion_tui.ui.log.pane import LogPane
    from nodion_tui.ui.paint.row_view import RowView

LOG_DELAY_SECONDS = 0.15
"""Debounce: a log is opened after the cursor has rested on its run for this long."""


class LogSlot:
    """Mounts the log pane and opens in it the log of the run under the cursor.

    Args:
        screen: where the pane is mounted.
        target: returns the monitor that is shown, and the run under the cursor.
        leaves_rows_to: the lists above, which get the rows that a short log does not need.
        why_none: returns why there is no run, and what to do; empty: it is not known.
    """

    def __init__(
        self,
        screen: Screen[Any],
        target: "Callable[[], tuple[Monitor | None, Run | None]]",
        leaves_rows_to: "Sequence[RowView]" = (),
        why_none: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._why_none = why_none
        self._leaves_rows_to = leaves_rows_to
        self._height: LogHeight | None = None
        self._screen = screen
        self._target = target
        self._timer: Timer | None = None
        self._last_hints = LogHints()
        self._state: UiState | None = None
        self.waiting = TitledPane(id="log-waiting")
        """Empty frame in place of the pane until that is mounted."""
        self.pane: LogPane | None = None

    @property
    def is_pending(self) -> bool:
        """Whether the log of another run will be opened shortly."""
        return self._timer is not None

    async def mount(self, panes: Panes) -> None:
        """Mount the log pane, which is too expensive for the first paint."""
        if self.pane is not None or not self._screen.is_attached:  # the program may have ended
            return
        pane = self.create()
        panes.replace(PaneName.LOG, pane)
        await self._screen.mount(pane.frame, after=self.waiting)
        await self.waiting.remove()
        panes.apply_log_share()
        self._watch_height(panes)
        self.open()
        if panes.state.focused is PaneName.LOG:
            panes.focus(PaneName.LOG)

    def create(self) -> Pane:
        """Create the log pane, which is too expensive to be awaited by the first rows."""
        from nodion_tui.ui.log.pane import LogPane  # noqa: PLC0415 - after the first paint
        from nodion_tui.ui.log.status_text import ONE_RUN, placeholder  # noqa: PLC0415 - as above

        def text(log: "OpenLog | None") -> tuple[str, ...]:
            return (self._why_none() if log is None else ()) or placeholder(log)

        self.pane = LogPane(id="log-pane", texts=replace(ONE_RUN, placeholder=text))
        if self._state is not None:
            self.pane.restore_state(self._state)
        return Pane(self.pane, self.pane.view)

    def open_soon(self) -> None:
        """Open the log of the run under the cursor, unless the cursor moves on."""
        self._stop_timer()
        if self._height is not None:
            self._height.wait()
        self._timer = self._screen.set_timer(LOG_DELAY_SECONDS, self.open)

    def open(self) -> None:
        """Open the log of the run under the cursor."""
        self._stop_timer()
        if self.pane is None:
            return
        monitor, run = self._target()
        self.pane.monitor = monitor
        if run is None or monitor is None:
            self.pane.show(None, None)
        else:
            self.pane.show(monitor.logs.get(run.key), run)
        self.rest()

    def rest(self) -> None:
        """Settle the height of the log, if nothing else happens for a moment."""
        if self._height is not None:
            self._height.rest()

    @property
    def hints(self) -> LogHints:
        """What decides the hints for the log."""
        return log_hints(self.pane)

    def has_other_hints(self) -> bool:
        """Whether the hints are other ones than at the last call."""
        before, self._last_hints = self._last_hints, self.hints
        return before != self._last_hints

    def grow(self) -> None:
        """Show more of the log, if it has the focus and is cut off."""
        if self._height is not None:
            self._height.grow()

    def tick(self) -> None:
        """Update what depends on time."""
        if self.pane is not None and self.pane.is_mounted:
            self.pane.tick()
        if self._height is not None:
            self._height.tick()

    def session_of(self, run: Run) -> "LogSession | None":
        """The log of a run, if it is the one that is open."""
        session, (monitor, _) = self.pane.session if self.pane else None, self._target()
        if monitor is None or session is None or session.key != run.key:
            return None
        return monitor.logs.get(run.key)

    def update_run(self, run: Run) -> None:
        """Show the other state of a run, if its log is open."""
        if self.pane is not None:
            self.pane.update_run(run)

    def redraw(self) -> None:
        """Paint the log again."""
        if self.pane is not None:
            self.pane.redraw()

    def restore_state(self, state: "UiState") -> None:
        """Restore the settings of the log pane, as soon as there is one."""
        self._state = state
        if self.pane is not None:
            self.pane.restore_state(state)

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with the current settings of the log pane."""
        return state if self.pane is None else self.pane.updated_state(state)

    def _watch_height(self, panes: Panes) -> None:
        from nodion_tui.ui.dashboard.log_height import LogHeight  # noqa: PLC0415 - after the first paint

        if self._leaves_rows_to and self.pane is not None:
            self._height = LogHeight(self._screen, panes, self.pane, self._leaves_rows_to)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
