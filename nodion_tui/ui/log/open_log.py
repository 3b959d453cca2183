"""The log that is shown: all that its keys act on, and what is kept of it afterwards."""

import time
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from nodion_tui.model.run import Run
from nodion_tui.monitor.log.shown_log import Renumbering, ShownLog
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.ui.log.render.display_options import DisplayOptions
from nodion_tui.ui.log.screen_rows import Annotations
from nodion_tui.ui.log.search_navigator import SearchNavigator
from nodion_tui.ui.log.viewport.viewport import LogViewport

_FAST_LOAD_SECONDS = 1.0
"""Seconds: a finished log that loads faster is shown from its end."""


@dataclass(eq=False, slots=True, weakref_slot=True)
class OpenLog:
    """A log while it is shown. Its viewport and annotations outlive it, in `LogViews`."""

    session: ShownLog
    viewport: LogViewport
    annotations: Annotations
    run: Run | None = None
    """The run as known last; None if unknown."""
    failure: str = ""
    """Why reading it was aborted by an error of the program; empty if it was not."""
    navigator: SearchNavigator = field(init=False)
    opened_at: float = field(init=False, default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self.navigator = SearchNavigator(self.session, self.viewport)

    @property
    def selected_lines(self) -> int:
        """How many entries the selection touches; 0 without one."""
        selection = self.annotations.selection
        if selection is None:
            return 0
        return abs(selection.head.index - selection.anchor.index) + 1

    @property
    def can_retry(self) -> bool:
        """Whether reading it again may help."""
        state = self.session.state
        return bool(self.failure) or state.phase is LogPhase.FAILED or state.unproved

    def renumber(self, renumbering: Renumbering) -> None:
        """Stay at the same entries, which have other indexes now."""
        self.annotations.renumber(renumbering)
        self.navigator.renumber(renumbering)
        self.viewport.renumber(renumbering)

    def sync(self) -> None:
        """Adjust the viewport to the current content of the log."""
        self._release_start()
        self.annotations.started_at = self.run.started_at if self.run else None
        self.viewport.sync()

    def _release_start(self) -> None:
        """Stay at the start while existing lines load; then follow, unless the run is over."""
        phase = self.session.state.phase
        if not self.viewport.hold_at_start or phase is LogPhase.LOADING:
            return
        self.viewport.hold_at_start = False
        is_slow = time.monotonic() - self.opened_at > _FAST_LOAD_SECONDS
        if phase is LogPhase.ENDED and is_slow:
            self.viewport.follow = False

    def close(self) -> None:
        """End the search, and keep the position; layouts are computed again when it is needed."""
        self.navigator.close()
        # Annotations live as long as the log; the matcher would keep the search alive.
        self.annotations.matcher = None
        self.viewport.layouts.invalidate()


class LogViews:
    """Opens logs; one that was open before has its viewport and annotations again.

    An `OpenLog` refers to its session and would keep it alive, so it is not kept.
    """

    def __init__(self) -> None:
        self._views: WeakKeyDictionary[ShownLog, tuple[LogViewport, Annotations]] = (
            WeakKeyDictionary()
        )

    def open(self, session: ShownLog, run: Run | None, options: DisplayOptions) -> OpenLog:
        """Open a log with these display options."""
        view = self._views.get(session)
        if view is None:
            viewport = LogViewport(session.buffer, patterns_at=session.patterns_at)
            viewport.hold_at_start = (
                session.state.phase is LogPhase.LOADING and not session.buffer.lines
            )
            view = self._views[session] = viewport, Annotations()
        log = OpenLog(session, *view, run)
        log.viewport.set_options(options)
        return log
