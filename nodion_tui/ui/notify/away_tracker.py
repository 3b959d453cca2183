"""Pauses polling while the terminal is unfocused, and reports what was missed on return."""

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor

AWAY_AFTER = timedelta(minutes=2)
"""Minimum absence after which missed runs are reported."""
FRESH_SECONDS = 30.0
"""Maximum age of run lists that the report may use, unless polling was paused."""
NOTICE_SECONDS = 300.0
"""How long the report stays on the screen."""


class AwayTracker:
    """Tracks when the terminal loses and regains the focus.

    Args:
        app: runs the worker that waits for fresh lists.
        pause_after: absence after which polling is paused; None: never.
    """

    def __init__(self, app: "App[None]", *, pause_after: timedelta | None) -> None:
        self._app = app
        self._pause_after = pause_after
        self._monitor: Monitor | None = None
        # Wall clock: the time a laptop is suspended counts as absence.
        self._blurred_at: float | None = None
        self._reported_at = 0.0

    def attach(self, monitor: "Monitor | None") -> None:
        """Track another monitor."""
        self._monitor = monitor

    def tick(self) -> None:
        """Check, every few seconds, whether the report expires or polling is to be paused."""
        monitor = self._monitor
        if monitor is None:
            return
        if monitor.missed is not None and time.monotonic() - self._reported_at > NOTICE_SECONDS:
            monitor.set_missed(None)
        # A run whose end is to be told must go on being looked at.
        if self._is_pause_due() and not monitor.poller.paused and not monitor.awaited:
            monitor.poller.pause()

    def focus_changed(self, *, gained: bool) -> None:
        """The terminal gained or lost the focus."""
        if gained:
            self._returned()
        elif self._blurred_at is None:
            self._blurred_at = time.time()

    def _is_pause_due(self) -> bool:
        if self._blurred_at is None or self._pause_after is None:
            return False
        return time.time() - self._blurred_at >= self._pause_after.total_seconds()

    def _returned(self) -> None:
        blurred_at, self._blurred_at = self._blurred_at, None
        monitor = self._monitor
        if monitor is None or blurred_at is None:
            return
        max_age = FRESH_SECONDS
        if monitor.poller.paused:
            monitor.poller.resume()
            max_age = 0.0
        absence = timedelta(seconds=time.time() - blurred_at)
        if absence >= AWAY_AFTER:
            self._app.run_worker(
                self._report_missed(monitor, monitor.server_now() - absence, max_age),
                group="missed",
                exclusive=True,
                exit_on_error=False,
            )

    async def _report_missed(self, monitor: "Monitor", since: datetime, max_age: float) -> None:
        """Report missed runs once all lists are fresh, or after a time-out."""
        from nodion_tui.monitor.notify.missed_runs import find_missed  # noqa: PLC0415 - after the first paint

        await monitor.ages.wait_until_fresh(max_age)
        await monitor.failure_reader.wait(since)
        missed = find_missed(
            monitor.runs.all_runs(),
            since=since,
            until=monitor.server_now(),
            overdue=monitor.due.since(since),
            is_known=monitor.failures.is_known,
        )
        if missed and monitor is self._monitor:
            self._reported_at = time.monotonic()
            monitor.set_missed(missed)
