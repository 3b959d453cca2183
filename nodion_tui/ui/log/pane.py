"""Log pane: one run's log with its border, updated by a single worker that reads it."""

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from textual import events, on, work
from textual.actions import SkipAction
from textual.app import ComposeResult
from textual.message import Message
from textual.worker import Worker, WorkerState

from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.log.search.query import SearchHistory
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.storage.ui_state import UiState
from nodion_tui.ui.commands.registry import bindings
from nodion_tui.ui.log import status_text
from nodion_tui.ui.log.border import BorderText, LogBorder
from nodion_tui.ui.log.paint_throttle import PaintThrottle
from nodion_tui.ui.log.pane_compare import LogCompareActions
from nodion_tui.ui.log.pane_copy import LogCopyActions
from nodion_tui.ui.log.pane_jumps import LogJumpActions
from nodion_tui.ui.log.pane_save import LogSaveActions
from nodion_tui.ui.log.pane_search import LogSearchActions
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.screen_rows import Annotations
from nodion_tui.ui.log.search_bar import LogSearchBar
from nodion_tui.ui.log.search_navigator import SearchNavigator
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.theme import UNICODE
from nodion_tui.ui.terminal.weak_worker import run_weak_worker

if TYPE_CHECKING:
    from textual.timer import Timer

_MESSAGE_SECONDS = 4.0
"""Seconds that a message stays in the border."""

_SEARCHES = "log.searches"

_SINGLE_PANE_HEIGHT = 0.8
"""Fraction of the screen height from which the log counts as the only pane."""

_FAST_LOAD_SECONDS = 1.0
"""Seconds: a finished log that loads faster is shown from its end."""


class LogPane(LogSearchActions, LogJumpActions, LogCopyActions, LogSaveActions, LogCompareActions):
    """The log of the selected run."""

    BINDINGS = bindings("log")

    DEFAULT_CSS = """
    LogPane { layout: vertical; }
    """

    _message_timer: "Timer | None" = None

    class LogChanged(Message):
        """New lines have arrived, or the state of the log stream has changed."""

        def can_replace(self, message: Message) -> bool:
            """Several in a row are merged into one."""
            return isinstance(message, LogPane.LogChanged)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.view = LogView(id="log-view")
        self.search_bar = LogSearchBar(id="log-search")
        self._upper = LogBorder("top", id="log-title")
        self._lower = LogBorder("bottom", id="log-footer")
        self.options = DisplayOptions()
        self._run: Run | None = None
        self._viewports: WeakKeyDictionary[LogSession, tuple[LogViewport, Annotations]] = (
            WeakKeyDictionary()
        )
        self._unsubscribe: Callable[[], None] | None = None
        self._opened_at = 0.0
        self._failure = ""
        self._message = ""
        self._refreshed_run: RunKey | None = None
        self._jumping = asyncio.Lock()
        self._throttle = PaintThrottle(self, self._paint)

    def compose(self) -> ComposeResult:
        """Textual: upper border, lines, search bar, lower border."""
        yield from (self._upper, self.view, self.search_bar, self._lower)

    def on_mount(self) -> None:
        """Textual: start updating the age of the last event."""
        self.set_interval(1.0, self._update_border)
        self._show()

    def on_unmount(self) -> None:
        """Textual: stop following the log."""
        self._leave()

    def show(self, session: LogSession | None, run: Run | None) -> None:
        """Show the log of another run, or none; the previous log is no longer followed.

        Args:
            session: its log; a log shown before keeps its position.
            run: the run; None if unknown.
        """
        self._run = run
        if session is not self.session:
            self._leave()
            self.session = session
            if self.is_mounted:
                self._show()

    def restore_state(self, state: UiState) -> None:
        """Restore display options and search history."""
        self.set_options(DisplayOptions.from_choices(state.choices))
        self.search_bar.history = SearchHistory.parse(state.choices.get(_SEARCHES, ""))

    def updated_state(self, state: UiState) -> UiState:
        """The state with the current display options and search history."""
        for name, choice in (
            *self.options.to_choices().items(),
            (_SEARCHES, self.search_bar.history.format()),
        ):
            state = state.with_choice(name, choice)
        return state

    def update_run(self, run: Run) -> None:
        """Update the displayed run."""
        if self.session is not None and run.key == self.session.key:
            self._run = run
            self._throttle.request()

    def _show(self) -> None:
        session = self.session
        self._failure = ""
        self._opened_at = time.monotonic()
        if session is None:
            self.workers.cancel_group(self, "log")
            self.view.open(None)
        else:
            viewport, annotations = self._viewport_of(session)
            viewport.set_options(self.options)
            self.view.open(viewport, annotations)
            self.navigator = SearchNavigator(session, viewport)
            self._unsubscribe = session.subscribe(self._log_changed)
            self._read(ref(session))
        self._paint()

    @work(group="log", exclusive=True, exit_on_error=False)
    async def _read(self, session: ref[LogSession]) -> None:
        await run_weak_worker(session)

    def _viewport_of(self, session: LogSession) -> tuple[LogViewport, Annotations]:
        """The saved viewport and annotations of a log, or new ones."""
        if session not in self._viewports:
            viewport = LogViewport(session.buffer, self.options)
            viewport.hold_at_start = (
                session.state.phase is LogPhase.LOADING and not session.buffer.lines
            )
            self._viewports[session] = viewport, Annotations()
        return self._viewports[session]

    def redraw(self) -> None:
        """Redraw lines and border."""
        self._paint()

    def show_message(self, text: str) -> None:
        """Show a short-lived message in the lower border."""
        if self._message_timer is not None:
            self._message_timer.stop()
        self._message, self._message_timer = (
            text,
            self.set_timer(_MESSAGE_SECONDS, self._clear_message),
        )
        self._update_border()

    def _clear_message(self) -> None:
        self._message = ""
        self._update_border()

    def action_log_leave(self) -> None:
        """Leave one level: selection, matches only, search; then let the screen handle the key."""
        if not (self.end_selection() or self.end_search()):
            raise SkipAction

    @property
    def shown_run(self) -> Run | None:
        """The run whose log is shown; None if unknown."""
        return self._run

    def _leave(self) -> None:
        self.close_search()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if (viewport := self.viewport) is not None:
            # The position is kept; layouts are recomputed.
            viewport.layouts.invalidate()

    def _log_changed(self, _: LogState) -> None:
        self.post_message(self.LogChanged())

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        focused = self.has_focus_within
        self._upper.set_focused(focused=focused)
        self._lower.set_focused(focused=focused)
        self.view.set_focused(focused=focused)

    @on(LogChanged)
    def _update_log(self) -> None:
        self._refresh_ended_run()
        self._throttle.request()

    def _refresh_ended_run(self) -> None:
        """Poll the runner at once if the log ends before the run list knows of it."""
        session, run = self.session, self._run
        if (
            session is None
            or run is None
            or self.monitor is None
            or self._refreshed_run == session.key
        ):
            return
        if session.state.phase is LogPhase.ENDED and not run.is_final:
            self._refreshed_run = session.key
            self.monitor.poller.refresh((session.key.runner_id,))

    @on(LogView.Moved)
    def _moved(self) -> None:
        self._update_border()

    @on(LogView.Opened)
    def _opened_by_mouse(self) -> None:
        self.action_log_open_line()

    def action_log_retry(self) -> None:
        """Read a failed log again; otherwise let the screen handle the key."""
        session = self.session
        if session is None or not (self._failure or session.state.phase is LogPhase.FAILED):
            raise SkipAction
        self._failure = ""
        self._read(ref(session))
        self._paint()

    @on(Worker.StateChanged)
    def _worker_changed(self, event: Worker.StateChanged) -> None:
        if event.worker.group == "log" and event.state is WorkerState.ERROR:
            error = event.worker.error
            self._failure = f"{type(error).__name__}: {error}"
            self._paint()

    def _paint(self) -> int:
        """Redraw lines and border; returns the approximate number of bytes sent."""
        if self.screen not in self.app.screen_stack:
            return 0  # Another mode is shown; `redraw` is called when this one is shown again.
        view, session = self.view, self.session
        if view.viewport is not None and session is not None:
            self._release_start(view.viewport, session)
            view.annotations.started_at = self._run.started_at if self._run else None
            view.viewport.sync()
            self._throttle.is_static = not view.viewport.follow
        view.placeholder = self._placeholder()
        self._update_border()
        return view.repaint()

    def _release_start(self, viewport: LogViewport, session: LogSession) -> None:
        """Stay at the start while existing lines load; then follow, unless the run is over."""
        if not viewport.hold_at_start or session.state.phase is LogPhase.LOADING:
            return
        viewport.hold_at_start = False
        over = session.state.phase is LogPhase.ENDED
        if over and time.monotonic() - self._opened_at > _FAST_LOAD_SECONDS:
            viewport.follow = False

    def _placeholder(self) -> tuple[str, ...]:
        return status_text.placeholder(self.session, self._run, self._failure, self.navigator)

    def _run_facts(self) -> tuple[BorderText, ...]:
        """Facts of the run where the run list is not on screen."""
        run, monitor = self._run, self.monitor
        if (
            run is None
            or monitor is None
            or self.size.height < _SINGLE_PANE_HEIGHT * self.app.size.height
        ):
            return ()
        runner = monitor.runs.runner(run.runner_id)
        glyphs = getattr(self.app, "glyphs", UNICODE)
        return status_text.run_facts(run, runner, monitor.server_now(), glyphs)

    def _update_border(self) -> None:
        session, viewport = self.session, self.viewport
        if session is None or viewport is None:
            self._upper.set_text((BorderText("Log", "title"),))
            self._lower.set_text(())
            return
        self._upper.set_text(status_text.run_title(session.key.run_id), self._run_facts())
        self._lower.set_text(
            (
                *status_text.position(viewport, session.state, self._failure, self.navigator),
                *([BorderText(f" · {self._message}", "title")] if self._message else []),
            ),
            status_text.facts(session),
            status_text.progress(session, self._run),
        )
