"""While another window has the focus: polling rests after long, and what was missed is told."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor

AWAY_AFTER = timedelta(minutes=2)
"""After so long a person is told what was missed."""
FRESH_SECONDS = 30.0
"""A list that was answered so long ago is new enough to tell from, unless polling rested."""
NOTICE_SECONDS = 300.0
"""How long that stays on the screen."""


class AwayTracker:
    """Notes when the terminal loses and gets the focus.

    Args:
        app: runs what has to wait for answers.
        pause_after: after so long polling rests; None: never.
    """

    def __init__(self, app: "App[None]", *, pause_after: timedelta | None) -> None:
        self._app = app
        self._pause_after = pause_after
        self._monitor: Monitor | None = None
        # The wall clock, for a laptop that sleeps is away, too.
        self._left: float | None = None
        self._told_at = 0.0

    def attach(self, monitor: "Monitor | None") -> None:
        """Watch another monitor."""
        self._monitor = monitor

    def tick(self) -> None:
        """Some seconds have passed."""
        monitor = self._monitor
        if monitor is None:
            return
        if monitor.missed is not None and time.monotonic() - self._told_at > NOTICE_SECONDS:
            monitor.set_missed(None)
        if self._is_long_gone() and not monitor.poller.paused:
            monitor.poller.pause()

    def focus_changed(self, *, gained: bool) -> None:
        """The terminal has got the focus, or another window has."""
        if gained:
            self._come_back()
        elif self._left is None:
            self._left = time.time()

    def _is_long_gone(self) -> bool:
        if self._left is None or self._pause_after is None:
            return False
        return time.time() - self._left >= self._pause_after.total_seconds()

    def _come_back(self) -> None:
        left, self._left = self._left, None
        monitor = self._monitor
        if monitor is None or left is None:
            return
        slack = FRESH_SECONDS
        if monitor.poller.paused:
            monitor.poller.resume()
            slack = 0.0
        away = timedelta(seconds=time.time() - left)
        if away >= AWAY_AFTER:
            self._app.run_worker(
                self._tell_missed(monitor, monitor.server_now() - away, slack),
                group="missed",
                exclusive=True,
                exit_on_error=False,
            )

    async def _tell_missed(self, monitor: "Monitor", left: datetime, slack: float) -> None:
        """Say what happened, once all lists are newer than the return, or after a while."""
        from nodion_tui.monitor.notify.missed_runs import find_missed  # noqa: PLC0415 - after the first paint

        await monitor.wait_until_fresh(slack)
        found = find_missed(monitor.runs.all_runs(), since=left, until=monitor.server_now())
        if found and monitor is self._monitor:
            self._told_at = time.monotonic()
            monitor.set_missed(found)
