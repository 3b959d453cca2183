"""Whom the screens watch: makes what a profile needs, shows it, and takes it down again."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from nodion_tui.config import Profile
from nodion_tui.model.errors import NodionError
from nodion_tui.ui.session import error_text as errors
from nodion_tui.ui.session.context_task import ContextTask

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor

Connect = Callable[[], AbstractAsyncContextManager[Profile]]
"""Makes what has to be there before a profile can be watched (a key that a command gives, the
engine on this machine), gives the profile, and takes it down again."""
CONNECTING = "Connecting …"


class MonitorView(Protocol):
    """What shows a monitor."""

    def attach(self, monitor: "Monitor") -> None:
        """Show this one; nothing of the one before stays."""

    def detach(self, placeholder: str, profile: Profile) -> None:
        """Show none, and these words in its place, under the profile whose runs are to come."""


class WatchTarget(msgspec.Struct, frozen=True):
    """What is to be watched."""

    profile: Profile
    """What is known of it before `connect` gives it."""
    connect: Connect | None = None
    """None: the profile has all it needs."""
    placeholder: str = CONNECTING
    """What stands in the lists until there is an answer."""


class MonitorLimits(msgspec.Struct, frozen=True):
    """What a monitor may take; None is its own default."""

    requests_per_minute: int | None = None
    max_log_bytes: int | None = None
    data_folder: Path | None = None
    """Where what was triggered from here is remembered; None remembers nothing."""


class ProfileSaver(msgspec.Struct, frozen=True):
    """What keeps a profile that was typed on the set-up screen."""

    save: Callable[[Profile], Path]
    """Keeps it, and gives the file of its key; blocks. Raises OSError where it cannot."""
    is_first: bool
    """Whether it is the first profile, so that it can have a name, a project and an address."""


class Watcher:
    """Watches one target at a time, in all views.

    Args:
        target: the first one.
        limits: of each monitor.
        views: who shows it.
    """

    def __init__(
        self, target: WatchTarget, limits: MonitorLimits, views: Sequence[MonitorView]
    ) -> None:
        self.target = target
        self._limits = limits
        self._views = tuple(views)
        self._held: ContextTask[Profile] | None = None
        self.monitor: Monitor | None = None
        """What is known of the target, once it is connected."""

    async def watch(self, target: WatchTarget) -> None:
        """Watch a target until cancelled; what stands in the way is told in the views."""
        self.target = target
        self._detach(target.placeholder)
        await self.aclose()
        try:
            monitor = self.monitor = self._make(await self._connected())
            for view in self._views:
                view.attach(monitor)
            await monitor.run()
        except NodionError as error:
            self._detach(errors.full_text(error))
            await self.aclose()

    async def aclose(self) -> None:
        """Take down what was connected."""
        monitor, self.monitor = self.monitor, None
        held, self._held = self._held, None
        if monitor is not None:
            await monitor.aclose()
        if held is not None:
            await held.leave()

    def _make(self, profile: Profile) -> "Monitor":
        # After the first paint.
        from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES  # noqa: PLC0415
        from nodion_tui.monitor.monitor import DEFAULT_REQUESTS, Monitor  # noqa: PLC0415

        limits = self._limits
        return Monitor(
            profile,
            requests_per_minute=limits.requests_per_minute or DEFAULT_REQUESTS,
            max_log_bytes=limits.max_log_bytes or DEFAULT_MAX_BYTES,
            data_folder=limits.data_folder,
        )

    def _detach(self, waiting: str) -> None:
        for view in self._views:
            view.detach(waiting, self.target.profile)

    async def _connected(self) -> Profile:
        if self.target.connect is None:
            return self.target.profile
        self._held = ContextTask(self.target.connect)
        return await self._held.enter()
