"""The log pane: one run's log with its frame, kept up to date by the one worker that reads it."""

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
from nodion_tui.ui.log.search_state import SearchState
from nodion_tui.ui.log.view import LogView
from nodion_tui.ui.log.viewport.viewport import LogViewport
from nodion_tui.ui.paint.theme import UNICODE
from nodion_tui.ui.terminal.weak_worker import run_weakly

if TYPE_CHECKING:
    from textual.timer import Timer

_SAID_SECONDS = 4.0
"""How long something said in passing stands there."""

_SEARCHES = "log.searches"

_ALONE = 0.8
"""Which part of the screen's height a log has that stands there alone."""

_QUICK = 1.0
"""Seconds: a finished log that is read within them is shown from its end."""


class LogPane(LogSearchActions, LogJumpActions, LogCopyActions, LogSaveActions, LogCompareActions):
    """The log of the run that is selected."""

    BINDINGS = bindings("log")

    DEFAULT_CSS = """
    LogPane { layout: vertical; }
    """

    _hushing: "Timer | None" = None

    class LogChanged(Message):
        """Lines have come, or the state of the reading has changed."""

        def can_replace(self, message: Message) -> bool:
            """One of several in a row is enough."""
            return isinstance(message, LogPane.LogChanged)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.view = LogView(id="log-view")
        self.bar = LogSearchBar(id="log-search")
        self._upper = LogBorder("top", id="log-title")
        self._lower = LogBorder("bottom", id="log-footer")
        self.options = DisplayOptions()
        self._run: Run | None = None
        self._places: WeakKeyDictionary[LogSession, tuple[LogViewport, Annotations]] = (
            WeakKeyDictionary()
        )
        self._unsubscribe: Callable[[], None] | None = None
        self._opened_at = 0.0
        self._failure = ""
        self._said = ""
        self._asked: RunKey | None = None
        self._jumping = asyncio.Lock()
        self._pace = PaintThrottle(self, self._paint)

    def compose(self) -> ComposeResult:
        """Upper edge, lines, lower edge."""
        yield from (self._upper, self.view, self.bar, self._lower)

    def on_mount(self) -> None:
        """Begin to tell how fresh the log is."""
        self.set_interval(1.0, self._tell)
        self._show()

    def on_unmount(self) -> None:
        """Leave the log."""
        self._leave()

    def show(self, session: LogSession | None, run: Run | None) -> None:
        """Show the log of another run, or none; the reading of the one before is left at once.

        Args:
            session: its log; coming back to one shows it where it was left.
            run: the run as far as it is known.
        """
        self._run = run
        if session is not self.session:
            self._leave()
            self.session = session
            if self.is_mounted:
                self._show()

    def restore_state(self, state: UiState) -> None:
        """Show logs as they were shown last time, and know what was searched for."""
        self.set_options(DisplayOptions.recalled(state.choices))
        self.bar.history = SearchHistory.parse(state.choices.get(_SEARCHES, ""))

    def updated_state(self, state: UiState) -> UiState:
        """The state with how logs are shown now."""
        for name, choice in (
            *self.options.choices().items(),
            (_SEARCHES, self.bar.history.format()),
        ):
            state = state.with_choice(name, choice)
        return state

    def update_run(self, run: Run) -> None:
        """Take in what is new about the run that is shown."""
        if self.session is not None and run.key == self.session.key:
            self._run = run
            self._pace.request()

    def _show(self) -> None:
        session = self.session
        self._failure = ""
        self._opened_at = time.monotonic()
        if session is None:
            self.workers.cancel_group(self, "log")
            self.view.open(None)
        else:
            reader, marks = self._place_in(session)
            reader.set_options(self.options)
            self.view.open(reader, marks)
            self.search_state = SearchState(session, reader)
            self._unsubscribe = session.subscribe(self._told)
            self._read(ref(session))
        self._paint()

    @work(group="log", exclusive=True, exit_on_error=False)
    async def _read(self, session: ref[LogSession]) -> None:
        await run_weakly(session)

    def _place_in(self, session: LogSession) -> tuple[LogViewport, Annotations]:
        """Where the person is in this log: where it was left, or at its beginning."""
        if session not in self._places:
            reader = LogViewport(session.buffer, self.options)
            reader.holding = session.state.phase is LogPhase.LOADING and not session.buffer.lines
            self._places[session] = reader, Annotations()
        return self._places[session]

    def redraw(self) -> None:
        """Something else is shown: paint it and tell."""
        self._paint()

    def show_message(self, text: str) -> None:
        """Tell something in passing, in the lower edge."""
        if self._hushing is not None:
            self._hushing.stop()
        self._said, self._hushing = text, self.set_timer(_SAID_SECONDS, self._hush)
        self._tell()

    def _hush(self) -> None:
        self._said = ""
        self._tell()

    def action_log_leave(self) -> None:
        """One level back: the selection, the matches, the search; then whoever is above."""
        if not (self.end_selection() or self.end_search()):
            raise SkipAction

    @property
    def shown_run(self) -> Run | None:
        """The run whose log is shown, as far as it is known."""
        return self._run

    def _leave(self) -> None:
        self.drop_search()
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        if (reader := self.reader) is not None:
            # Where the person was is kept; the text of what was looked at is made anew.
            reader.blocks.forget()

    def _told(self, _: LogState) -> None:
        self.post_message(self.LogChanged())

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _focus_moved(self) -> None:
        focused = self.has_focus_within
        self._upper.set_focused(focused=focused)
        self._lower.set_focused(focused=focused)
        self.view.frame_on(focused=focused)

    @on(LogChanged)
    def _grew(self) -> None:
        self._ask_for_its_end()
        self._pace.request()

    def _ask_for_its_end(self) -> None:
        """Have the lists catch up at once where the log knows first that the run is over."""
        session, run = self.session, self._run
        if session is None or run is None or self.monitor is None or self._asked == session.key:
            return
        if session.state.phase is LogPhase.ENDED and not run.is_final:
            self._asked = session.key
            self.monitor.poller.refresh((session.key.runner_id,))

    @on(LogView.Moved)
    def _moved(self) -> None:
        self._tell()

    @on(LogView.Opened)
    def _opened_by_mouse(self) -> None:
        self.action_log_open_line()

    def action_log_retry(self) -> None:
        """Read a log again that could not be read; else it is somebody else's key."""
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
        """Bring everything up to date; tells about how many bytes that sends."""
        if self.screen not in self.app.screen_stack:
            return 0  # Another mode is in front; `changed` is called when this one is again.
        view, session = self.view, self.session
        if view.viewport is not None and session is not None:
            self._hold(view.viewport, session)
            view.annotations.started_at = self._run.started_at if self._run else None
            view.viewport.sync()
            self._pace.calm = not view.viewport.follow
        view.placeholder = self._message()
        self._tell()
        return view.repaint()

    def _hold(self, reader: LogViewport, session: LogSession) -> None:
        """Stay at the start while the past arrives; then follow, unless the run is over."""
        if not reader.holding or session.state.phase is LogPhase.LOADING:
            return
        reader.holding = False
        over = session.state.phase is LogPhase.ENDED
        if over and time.monotonic() - self._opened_at > _QUICK:
            reader.follow = False

    def _message(self) -> tuple[str, ...]:
        return status_text.placeholder(self.session, self._run, self._failure, self.search_state)

    def _about(self) -> tuple[BorderText, ...]:
        """What the lists say of the run, where they are not on the screen."""
        run, monitor = self._run, self.monitor
        if run is None or monitor is None or self.size.height < _ALONE * self.app.size.height:
            return ()
        runner = monitor.runs.runner(run.runner_id)
        glyphs = getattr(self.app, "glyphs", UNICODE)
        return status_text.run_facts(run, runner, monitor.server_now(), glyphs)

    def _tell(self) -> None:
        session, reader = self.session, self.reader
        if session is None or reader is None:
            self._upper.set_text((BorderText("Log", "title"),))
            self._lower.set_text(())
            return
        self._upper.set_text(status_text.run_title(session.key.run_id), self._about())
        self._lower.set_text(
            (
                *status_text.position(reader, session.state, self._failure, self.search_state),
                *([BorderText(f" · {self._said}", "title")] if self._said else []),
            ),
            status_text.facts(session),
            status_text.progress(session, self._run),
        )
