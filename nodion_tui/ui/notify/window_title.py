"""Terminal window title: number of running runs and of new failures not yet seen."""

import os
import time
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.run import RunStatus
from nodion_tui.ui.terminal.restore import send_escape, send_escape_at_exit

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor


class WindowTitle:
    """Keeps a window title such as `2● 1✗ nodion production` up to date.

    Args:
        app: provides the terminal.
        ascii_only: whether the terminal shows ASCII only.
    """

    def __init__(self, app: "App[None]", *, ascii_only: bool) -> None:
        self._app = app
        self._ascii_only = ascii_only
        self._monitor: Monitor | None = None
        self._seen_at = time.time()
        self._title = ""

    def attach(self, monitor: "Monitor | None") -> None:
        """Show another monitor; its failures so far count as seen."""
        self._monitor = monitor
        self.mark_seen()
        if self._title:
            self.update()

    def mark_seen(self) -> None:
        """Mark failures so far as seen: the user is present."""
        self._seen_at = time.time()

    def update(self) -> None:
        """Write the title to the terminal if it changed."""
        from nodion_tui.monitor.notify import desktop  # noqa: PLC0415 - after the first paint

        monitor = self._monitor
        name = f"nodion {monitor.name}" if monitor else "nodion"
        is_whole = monitor is None or monitor.runs.is_complete
        title = desktop.window_title(
            self._running(),
            self._failed(),
            name,
            bound="" if is_whole else "+",
            plain=self._ascii_only,
        )
        if title == self._title:
            return
        if not self._title:
            send_escape(self._app, desktop.save_title_sequence(os.environ))
        self._title = title
        send_escape(self._app, desktop.title_sequence(title, os.environ))

    def close(self) -> None:
        """Restore the original title; call after the terminal is restored."""
        if self._title and not self._app.is_headless:
            from nodion_tui.monitor.notify.desktop import restore_title_sequence  # noqa: PLC0415 - as above

            send_escape_at_exit(restore_title_sequence(os.environ))

    def _running(self) -> int:
        if self._monitor is None:
            return 0
        active_runs = map(self._monitor.runs.run, self._monitor.runs.active)
        return sum(run is not None and run.status == RunStatus.RUNNING for run in active_runs)

    def _failed(self) -> int:
        from nodion_tui.monitor.insight.statistics import failed_since  # noqa: PLC0415 - as above

        if self._monitor is None:
            return 0
        unseen_for = timedelta(seconds=max(0.0, time.time() - self._seen_at))
        since = self._monitor.server_now() - unseen_for
        failed = failed_since(self._monitor.runs.failed_runs(), since)
        return self._monitor.failures.count_new(failed)
