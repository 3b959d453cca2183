"""What the app may be told when it is made; every default is a dashboard without files."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from nodion_tui.config import Profile
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.model.notify_rule import NotificationProtocol, NotifyChannel, NotifyRule
from nodion_tui.model.own_command import OwnCommand
from nodion_tui.ui.modes import WALL_SECONDS, WALL_STREAMS
from nodion_tui.ui.notify.rule_alerts import NotifyOptions
from nodion_tui.ui.problems.config_problems import FindProblems, no_problems
from nodion_tui.ui.session.watcher import CONNECTING, Connect, MonitorLimits, ProfileSaver
from nodion_tui.ui.terminal.output.output_form import COMPACT, OutputForm

if TYPE_CHECKING:
    from nodion_tui.monitor.merged.merged_runs import RunChoice
    from nodion_tui.monitor.storage.views import ViewFile
    from nodion_tui.ui.session.pins import Pins
    from nodion_tui.ui.session.saved_state import SavedState
    from nodion_tui.ui.terminal.colors.question import TerminalQuestion


def _nothing_runs_on() -> None:
    """No engine is kept."""


class AppOptions(msgspec.Struct, frozen=True, kw_only=True):
    """Options of `nodion_tui.ui.app.NodionApp`."""

    members: Sequence[Profile] = ()
    """The profiles to watch together; empty: the one that the app is made with."""
    connect: Connect | None = None
    """Entered after the first paint, in the event loop, and exited after the terminal is restored.
    A NodionError from it is shown on the screen; the app keeps running."""
    connecting: str = CONNECTING
    """Text of the empty lists while `connect` is being entered."""
    local: Connect | None = None
    """Starts the engine on this machine, for the profile menu."""
    demo: Connect | None = None
    """Starts the engine with simulated data, for the set-up screen."""
    leave_running: Callable[[], None] = _nothing_runs_on
    """Lets the engine that is kept stay until its runs have ended."""
    keep: ProfileSaver | None = None
    """Saves what is typed on the set-up screen."""
    ascii_only: bool = False
    """Whether the terminal shows ASCII only."""
    theme: str | None = None
    """Name of the theme; None: the saved one."""
    keys: Mapping[str, str] = {}
    """Command id → comma-separated keys, for rebound commands."""
    commands: Sequence[OwnCommand] = ()
    """Commands of one's own, from config.toml."""
    views: "Callable[[], ViewFile] | None" = None
    """Makes what keeps views; None: nothing is kept."""
    view: str = ""
    """Name of the view to begin with; empty: what was shown last."""
    requests_per_minute: int | None = None
    """Polling budget; None: the monitor's default."""
    streams: int | None = None
    """Streams at once, of all kinds; None: the monitor's default."""
    max_log_bytes: int | None = None
    """Memory limit for logs; None: the monitor's default."""
    data_folder: Path | None = None
    """Where triggered runs are recorded; None: nowhere."""
    fits_log: bool = True
    """Whether a short log in the dashboard leaves its rows to the lists."""
    wall_streams: int = WALL_STREAMS
    """Number of logs that the wall streams at once."""
    wall_seconds: float = WALL_SECONDS
    """How long an ended run stays on the wall, in seconds."""
    profiles: Sequence[Profile] = ()
    """The profiles to switch between."""
    rules: Sequence[NotifyRule] = ()
    """Which runs cause a notification."""
    patterns: Sequence[LinePattern] = ()
    """Which lines of logs are lit and told."""
    tell: frozenset[NotifyChannel] | None = None
    """How awaited runs are told; None: by toast, and by what any rule uses."""
    desktop: NotificationProtocol | None = None
    """Protocol of desktop notifications; None: what the terminal probably knows."""
    problems: FindProblems = no_problems
    """Finds what cannot work in config.toml, some of it only with the runners of the service."""
    pause_after: timedelta | None = None
    """Time without terminal focus until polling pauses; None: never."""
    memory: "SavedState | None" = None
    """State of the screens from the last session; None: nothing is saved."""
    output_form: OutputForm = COMPACT
    """What the terminal can do to be sent less."""
    question: "TerminalQuestion | None" = None
    """Asks the terminal for its colours; None: true colours."""

    @property
    def notify_options(self) -> NotifyOptions:
        """What is told, and how."""
        return NotifyOptions(tuple(self.rules), self.tell, self.desktop, tuple(self.patterns))

    def mode_options(
        self, pins: "Pins", choice: "Callable[[], RunChoice]"
    ) -> Mapping[str, Mapping[str, Any]]:
        """Constructor arguments of the modes but the dashboard.

        Args:
            pins: which runners come first.
            choice: returns the runs whose logs are shown as one.
        """
        return {
            "timeline": {"ascii_only": self.ascii_only, "pins": pins},
            "wall": {"streams": self.wall_streams, "grace": self.wall_seconds},
            "merged": {"streams": self.wall_streams, "choice": choice},
        }

    @property
    def limits(self) -> MonitorLimits:
        """What each monitor is made with."""
        return MonitorLimits(
            requests_per_minute=self.requests_per_minute,
            max_log_bytes=self.max_log_bytes,
            data_folder=self.data_folder,
            streams=self.streams,
            patterns=self.patterns,
        )
