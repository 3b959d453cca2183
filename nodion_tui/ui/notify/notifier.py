"""What calls for attention, in every mode and while another window has the focus."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.ui.notify.away_tracker import AwayTracker
from nodion_tui.ui.notify.rule_alerts import RuleAlerts
from nodion_tui.ui.notify.window_title import WindowTitle

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.session.bridge import ChangeBridge

TICK_SECONDS = 5.0
"""How often is looked at what becomes true by time alone."""


class Notifier:
    """Tells a person of the runs of one monitor; another one can be put in its place.

    Args:
        app: whose screen and terminal are used.
        rules: of which runs is to be told.
        pause_after: how long the terminal may be without the focus until polling rests; None: for
            ever. Where there are rules it never rests, for somebody wants to be told.
        plain: ASCII only.
    """

    def __init__(
        self,
        app: "App[None]",
        rules: Sequence[NotifyRule],
        *,
        pause_after: timedelta | None,
        ascii_only: bool = False,
    ) -> None:
        self._app = app
        self._monitor: Monitor | None = None
        self._bridge: ChangeBridge | None = None
        self._alarms = RuleAlerts(app, rules)
        self._away = AwayTracker(app, pause_after=None if rules else pause_after)
        self._window = WindowTitle(app, ascii_only=ascii_only)

    def attach(self, monitor: "Monitor") -> None:
        """Watch a monitor, from the present on."""
        from nodion_tui.ui.session.bridge import ChangeBridge  # noqa: PLC0415 - after the first paint

        self._leave()
        self._monitor = monitor
        self._bridge = ChangeBridge(monitor.runs, self._app)
        self._alarms.attach(monitor)
        self._away.attach(monitor)
        self._window.attach(monitor)

    def detach(self, waiting: str, profile: "Profile") -> None:
        """Watch nothing; commands of rules that are under way are ended."""
        del waiting, profile
        self._leave()

    def _leave(self) -> None:
        if self._bridge is not None:
            self._bridge.close()
        self._monitor = self._bridge = None
        self._alarms.attach(None)
        self._away.attach(None)
        self._window.attach(None)

    def close(self) -> None:
        """Give the window its own title back; after the terminal is restored."""
        self._window.close()

    def runs_changed(self) -> None:
        """Runs have changed."""
        if self._bridge is not None:
            self._alarms.check(self._runs(self._bridge.take_changes().runs))
            self._window.update()

    def tick(self) -> None:
        """Some seconds have passed."""
        if self._monitor is not None:
            self._alarms.check(self._runs(self._monitor.runs.active))
            self._away.tick()
            self._window.update()

    def user_active(self) -> None:
        """A person is there."""
        self._window.mark_seen()

    def focus_changed(self, *, gained: bool) -> None:
        """The terminal has got the focus, or another window has."""
        self._away.focus_changed(gained=gained)
        self._window.mark_seen()
        self._window.update()

    def _runs(self, keys: "frozenset[RunKey] | set[RunKey]") -> "list[Run]":
        found = map(self._monitor.runs.run, keys) if self._monitor else ()
        return [run for run in found if run is not None]
