"""Log pane: one run's log with its border, updated by a single worker that reads it."""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from functools import partial
from typing import TYPE_CHECKING
from weakref import ref

from textual import events, on
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker, WorkerState

from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log.search.query import SearchHistory, SearchQuery
from nodion_tui.monitor.log.shown_log import ShownLog
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.log import status_text
from nodion_tui.ui.log.actions.end_proof import EndProof
from nodion_tui.ui.log.controllers import LogControllers
from nodion_tui.ui.log.log_frame import LogFrame
from nodion_tui.ui.log.moment_bar import MomentBar
from nodion_tui.ui.log.open_log import LogViews, OpenLog
from nodion_tui.ui.log.paint_throttle import PaintThrottle
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.search_bar import LogSearchBar
from nodion_tui.ui.log.status_text import LogTexts
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.paint.titled_pane import ZOOM_SIGN
from nodion_tui.ui.terminal.door import paint_early
from nodion_tui.ui.terminal.weak_worker import run_weak_worker

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

_SEARCHES = "log.searches"


class LogPane(Widget):
    """The log of the selected run, or of many. What its keys do is in `ui.log.controllers`.

    Args:
        id: of the widget.
        texts: what the frame says.
        open_entry: what Enter does on a line; None: it expands or folds it.
    """

    BINDINGS = bindings("log")

    DEFAULT_CSS = """
    LogPane { layout: vertical; }
    """

    class LogChanged(Message):
        """New lines have arrived, or the state of the log stream has changed."""

        def can_replace(self, message: Message) -> bool:
            """Several in a row are merged into one."""
            return isinstance(message, LogPane.LogChanged)

    def __init__(
        self,
        *,
        id: str | None = None,  # noqa: A002 - Textual's name
        texts: LogTexts = status_text.ONE_RUN,
        open_entry: Callable[[OpenLog], None] | None = None,
    ) -> None:
        super().__init__(id=id)
        self._texts = texts
        self.open_log: OpenLog | None = None
        """The log that is shown."""
        self.monitor: Monitor | None = None
        """The monitor of the profile, set by the screen that contains the pane."""
        self.view = LogView(id="log-view")
        self.search_bar = LogSearchBar()
        self.moment_bar = MomentBar()
        self._frame = LogFrame(self, texts)
        self._views = LogViews()
        self._unsubscribe: Callable[[], None] | None = None
        self._refreshed_run: RunKey | None = None
        self._proof = EndProof()
        self._throttle = PaintThrottle(self, self.redraw)
        self._controllers = LogControllers(
            self,
            frame=self._frame,
            view=self.view,
            search_bar=self.search_bar,
            moment_bar=self.moment_bar,
            monitor=lambda: self.monitor,
            open_log=lambda: self.open_log,
            redraw=self.redraw,
            open_entry=open_entry,
        )

    def compose(self) -> ComposeResult:
        """Textual: upper border, lines, bars, lower border."""
        yield from (self._frame.upper, self.view, self.search_bar, self.moment_bar)
        yield self._frame.lower

    def on_mount(self) -> None:
        """Textual: follow the log that was shown before."""
        self._follow()

    def on_unmount(self) -> None:
        """Textual: stop following the log."""
        self._leave()

    @property
    def session(self) -> ShownLog | None:
        """The session of the log; None if no log is shown."""
        return self.open_log.session if self.open_log else None

    def show(self, session: ShownLog | None, run: Run | None) -> None:
        """Show the log of another run, or none; the previous log is no longer followed.

        Args:
            session: its log; a log shown before keeps its position.
            run: the run; None if unknown.
        """
        if session is not self.session:
            self._leave()
            if session is not None:
                self.open_log = self._views.open(session, run, self._controllers.display.options)
            if self.is_mounted:
                self._follow()
        elif self.open_log is not None:
            self.open_log.run = run

    def go_to(self, index: int) -> None:
        """Go to an entry of the log."""
        if self.open_log is not None:
            self.open_log.viewport.hold_at_start = False
            self.open_log.viewport.sync()
            self.open_log.viewport.unfold(index)
            self.open_log.viewport.go_to(index)
            self.view.announce_move()

    def go_to_first_error(self) -> None:
        """Go to the first error of the log, as soon as it has been read."""
        if self.open_log is not None:
            self._controllers.jumps.to_first_error(self.open_log)

    def find_first(self, queries: Sequence[SearchQuery]) -> None:
        """Search the log from its first line on, and go to the first match."""
        if self.open_log is not None:
            self._controllers.search.find_first(self.open_log, queries)

    def restore_state(self, state: UiState) -> None:
        """Restore display options and search history."""
        self._controllers.display.set_options(DisplayOptions.from_choices(state.choices))
        self.search_bar.history = SearchHistory.parse(state.choices.get(_SEARCHES, ""))

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current display options and search history."""
        for name, choice in (
            *self._controllers.display.options.to_choices().items(),
            (_SEARCHES, self.search_bar.history.format()),
        ):
            state = state.with_choice(name, choice)
        return state

    def update_run(self, run: Run) -> None:
        """Update the displayed run."""
        log = self.open_log
        if log is not None and run.key == log.session.key:
            log.run = run
            self._throttle.request()

    def redraw(self) -> int:
        """Redraw lines and border; returns the approximate number of bytes sent."""
        if self.screen not in self.app.screen_stack:
            return 0  # Another mode is shown, whose end redraws this one.
        log = self.open_log
        if log is not None:
            log.sync()
            window = log.viewport
            self._throttle.observe(window.buffer.end, window.height, follow=window.follow)
            if window.buffer.end and self.view.is_blank:
                paint_early(self.view)
        self.view.placeholder = self._texts.placeholder(log)
        self.view.end_note = self._end_note()
        self._update_border()
        return self.view.repaint()

    def tick(self) -> None:
        """Update the ages of the last event and of the last line; verify an end, once possible."""
        if self.open_log is not None and self._proof.is_due(self.session, self.monitor):
            self._read(self.open_log)
        self._update_border()
        if (note := self._end_note()) != self.view.end_note:
            self.view.end_note = note
            self.view.repaint()

    def action_log_leave(self) -> None:
        """Leave one level: selection, matches only, search; then let the screen handle the key."""
        log = self.open_log
        keys = self._controllers
        if log is None or not (keys.selection.end_selection(log) or keys.search.end_search(log)):
            raise SkipAction

    def action_log_copy_selection(self) -> None:
        """Copy the selection; without one, let the screen handle the key."""
        log = self.open_log
        if log is None or log.annotations.selection is None:
            raise SkipAction
        self._controllers.copying.copy_selection(log, log.annotations.selection)

    def action_log_retry(self) -> None:
        """Read a failed log again; otherwise let the screen handle the key."""
        log = self.open_log
        if log is None or not log.can_retry:
            raise SkipAction
        log.failure = ""
        self._read(log)
        self.redraw()

    def _follow(self) -> None:
        log = self.open_log
        if log is None:
            self.workers.cancel_group(self, "log")
            self.view.open(None)
        else:
            self.view.open(log.viewport, log.annotations)
            subscriptions = ExitStack()
            subscriptions.callback(log.session.subscribe(self._announce_change))
            subscriptions.callback(log.session.subscribe_renumbering(log.renumber))
            self._unsubscribe = subscriptions.close
            self._read(log)
        self.redraw()

    def _leave(self) -> None:
        self._controllers.close()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if self.open_log is not None:
            self.open_log.close()
            self.open_log = None

    def _read(self, log: OpenLog) -> None:
        work: Callable[[], Awaitable[None]] = partial(run_weak_worker, ref(log.session))
        self.run_worker(work, group="log", exclusive=True, exit_on_error=False)

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        focused = self.has_focus_within
        self._frame.set_focused(focused=focused)
        self.view.set_focused(focused=focused)

    def _announce_change(self, state: LogState) -> None:
        if state.phase is LogPhase.ENDED:
            self._throttle.release()  # The end comes once, also after a flood.
            paint_early(self.view)
        self.post_message(self.LogChanged())

    @on(LogChanged)
    def _log_changed(self) -> None:
        self._refresh_ended_run()
        self._throttle.request()

    def _refresh_ended_run(self) -> None:
        """Poll the runner at once if the log ends before the run list knows of it."""
        log, monitor = self.open_log, self.monitor
        if log is None or log.run is None or monitor is None:
            return
        key, is_ended = log.session.key, log.session.state.phase is LogPhase.ENDED
        if is_ended and not log.run.is_final and self._refreshed_run != key:
            self._refreshed_run = key
            monitor.poller.refresh((key.runner_id,))

    def _end_note(self) -> str:
        log, monitor = self.open_log, self.monitor
        if log is None or monitor is None:
            return ""
        return status_text.end_note(log, monitor.server_now())

    def set_zoomed(self, *, zoomed: bool) -> None:
        """Show in the title whether the pane has the whole screen."""
        self._frame.zoom_sign = ZOOM_SIGN if zoomed else ""
        self._update_border()

    @on(events.Resize)
    @on(LogView.Moved)
    def _update_border(self) -> None:
        self._frame.show(self.open_log, self.monitor)

    @on(LogView.Opened)
    def _opened_by_mouse(self) -> None:
        if self.open_log is not None:
            self._controllers.jumps.action_log_open_line(self.open_log)

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        log, worker = self.open_log, event.worker
        if log is not None and worker.group == "log" and event.state is WorkerState.ERROR:
            log.failure = f"{type(worker.error).__name__}: {worker.error}"
            self.redraw()
