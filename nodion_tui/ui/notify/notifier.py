"""What calls for attention, in every mode and while another window has the focus."""

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from nodion_tui.model.notify_rule import Rule
from nodion_tui.ui.notify.alarms import Alarms
from nodion_tui.ui.notify.away import Away
from nodion_tui.ui.notify.window_title import WindowTitle

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.config import Profile
    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.session.bridge import Bridge

LOOK_SECONDS = 5.0
"""How often is looked at what becomes true by time alone."""


class Attention:
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
        rules: Sequence[Rule],
        *,
        pause_after: timedelta | None,
        plain: bool = False,
    ) -> None:
        self._app = app
        self._monitor: Monitor | None = None
        self._bridge: Bridge | None = None
        self._alarms = Alarms(app, rules)
        self._away = Away(app, pause_after=None if rules else pause_after)
        self._window = WindowTitle(app, plain=plain)

    def attach(self, monitor: "Monitor") -> None:
        """Watch a monitor, from the present on."""
        from nodion_tui.ui.session.bridge import Bridge  # noqa: PLC0415 - after the first paint

        self._leave()
        self._monitor = monitor
        self._bridge = Bridge(monitor.runs, self._app)
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

    def take(self) -> None:
        """Runs have changed."""
        if self._bridge is not None:
            self._alarms.hold(self._runs(self._bridge.take().runs))
            self._window.tell()

    def look(self) -> None:
        """Some seconds have passed."""
        if self._monitor is not None:
            self._alarms.hold(self._runs(self._monitor.runs.active))
            self._away.look()
            self._window.tell()

    def seen(self) -> None:
        """A person is there."""
        self._window.seen()

    def focus(self, *, gained: bool) -> None:
        """The terminal has got the focus, or another window has."""
        self._away.focus(gained=gained)
        self._window.seen()
        self._window.tell()

    def _runs(self, keys: "frozenset[RunKey] | set[RunKey]") -> "list[Run]":
        found = map(self._monitor.runs.run, keys) if self._monitor else ()
        return [run for run in found if run is not None]
