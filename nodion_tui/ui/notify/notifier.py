"""Notifies the user in every mode and while another window has the focus."""

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run
from nodion_tui.ui.notify.away_tracker import AwayTracker
from nodion_tui.ui.notify.line_alerts import LineAlerts
from nodion_tui.ui.notify.rule_alerts import NotifyOptions, RuleAlerts
from nodion_tui.ui.notify.run_toasts import RunToasts
from nodion_tui.ui.notify.window_title import WindowTitle
from nodion_tui.ui.session.bridge import ChangeBridge

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.monitor.monitor import Monitor

TICK_SECONDS = 5.0
"""Interval of checks that depend on time alone."""


class Notifier:
    """Notifies of the runs of one monitor, which can be replaced by another.

    Args:
        app: provides screen and terminal.
        options: the rules, and how awaited runs are told.
        keymap: command id → keys, for rebound commands.
        pause_after: time without focus after which polling is paused; None: never. With rules,
            or patterns that tell, it is never paused, so that notifications arrive.
        ascii_only: whether the terminal shows ASCII only.
    """

    def __init__(
        self,
        app: "App[None]",
        options: NotifyOptions,
        keymap: Mapping[str, str],
        *,
        pause_after: timedelta | None,
        ascii_only: bool = False,
    ) -> None:
        self._app = app
        self._watched: ChangeBridge | None = None
        self.toasts = RunToasts(app, keymap)
        """The toasts of runs, and the keys that they say."""
        self._alerts = RuleAlerts(app, options, self.toasts)
        self._lines = LineAlerts(self._alerts.deliver, self.toasts)
        self._away = AwayTracker(app, pause_after=None if options.needs_polling else pause_after)
        self._window = WindowTitle(app, ascii_only=ascii_only)

    def attach(self, monitor: "Monitor") -> None:
        """Notify of the runs of a monitor from now on."""
        self.detach()
        self._watched = ChangeBridge(monitor, self._app)
        self._alerts.attach(monitor)
        self._lines.attach(monitor)
        self._away.attach(monitor)
        self._window.attach(monitor)

    def detach(self, *_: object) -> None:
        """Stop notifying; running hook commands are cancelled."""
        if self._watched is not None:
            self._watched.close()
            self._watched = None
        self._alerts.attach(None)
        self._lines.attach(None)
        self._away.attach(None)
        self._window.attach(None)

    def close(self) -> None:
        """Restore the window title; call after the terminal is restored."""
        self._window.close()

    def runs_changed(self) -> None:
        """Check the rules for changed runs."""
        if self._watched is not None:
            changes = self._watched.take_changes()
            self._alerts.check(changes.runs)
            self._alerts.tell_removed(changes.removed)
            self._window.update()

    def tick(self) -> None:
        """Check, every few seconds, the rules of active runs and the absence."""
        if self._watched is not None:
            self._alerts.check(self._watched.monitor.runs.active)
            self._alerts.check_silence()
            self._alerts.tell_unlisted()
            self._lines.tick()
            self._away.tick()
            self._window.update()

    def user_active(self, read: Run | None = None) -> None:
        """A key or click shows that the user is present.

        Args:
            read: the run whose log has the focus, so that its toast has been read.
        """
        self._window.mark_seen()
        if read is not None:
            self.toasts.mark_seen(read.key)

    def focus_changed(self, *, gained: bool) -> None:
        """The terminal gained or lost the focus."""
        self._away.focus_changed(gained=gained)
        self._window.mark_seen()
        self._window.update()
