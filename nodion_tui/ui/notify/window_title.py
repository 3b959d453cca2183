"""The title of the terminal's window: how many runs are running, how many failed unseen."""

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
    """Says `2● 1✗ nodion production` where a person sees it without looking at the screen.

    Args:
        app: whose terminal it is.
        plain: ASCII only.
    """

    def __init__(self, app: "App[None]", *, ascii_only: bool) -> None:
        self._app = app
        self._plain = ascii_only
        self._monitor: Monitor | None = None
        self._seen = time.time()
        self._title = ""

    def attach(self, monitor: "Monitor | None") -> None:
        """Tell of another monitor, whose failures so far are none that were missed."""
        self._monitor = monitor
        self.mark_seen()
        if self._title:
            self.update()

    def mark_seen(self) -> None:
        """A person is there: failures so far have been seen."""
        self._seen = time.time()

    def update(self) -> None:
        """Say how things stand, where that is different."""
        from nodion_tui.monitor.notify import desktop  # noqa: PLC0415 - after the first paint

        monitor = self._monitor
        name = f"nodion {monitor.profile.name}" if monitor else "nodion"
        title = desktop.window_title(self._running(), self._failed(), name, plain=self._plain)
        if title == self._title:
            return
        if not self._title:
            send_escape(self._app, desktop.save_title_sequence(os.environ))
        self._title = title
        send_escape(self._app, desktop.title_sequence(title, os.environ))

    def close(self) -> None:
        """Give the window its own title back; after the terminal is restored."""
        if self._title and not self._app.is_headless:
            from nodion_tui.monitor.notify.desktop import restore_title_sequence  # noqa: PLC0415 - as above

            send_escape_at_exit(restore_title_sequence(os.environ))

    def _running(self) -> int:
        if self._monitor is None:
            return 0
        found = map(self._monitor.runs.run, self._monitor.runs.active)
        return sum(run is not None and run.status == RunStatus.RUNNING for run in found)

    def _failed(self) -> int:
        from nodion_tui.monitor.insight.statistics import failed_since  # noqa: PLC0415 - as above

        if self._monitor is None:
            return 0
        unseen = timedelta(seconds=max(0.0, time.time() - self._seen))
        since = self._monitor.server_now() - unseen
        return len(failed_since(self._monitor.runs.all_runs(), since))
