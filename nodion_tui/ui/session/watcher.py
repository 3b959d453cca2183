"""Connects a profile, runs its monitor in all views, and closes both again."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec

from nodion_tui.config import Profile
from nodion_tui.model.errors import NodionError
from nodion_tui.model.line_pattern import LinePattern
from nodion_tui.ui.session import error_text as errors

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.ui.session.context_task import ContextTask

Connect = Callable[[], AbstractAsyncContextManager[Profile]]
"""Context that prepares what a profile needs (a key from a command, the engine on this machine),
yields the profile, and cleans up."""
CONNECTING = "Connecting …"


class MonitorView(Protocol):
    """A view of a monitor."""

    def attach(self, monitor: "Monitor") -> None:
        """Show this monitor; nothing of the previous one is kept."""

    def detach(self, placeholder: str, profile: Profile, /) -> None:
        """Show a placeholder text instead, with the profile that is being connected."""


class WatchTarget(msgspec.Struct, frozen=True):
    """A profile to watch and how to connect it, or several profiles."""

    profile: Profile
    """What is known of the profile before `connect` yields it."""
    connect: Connect | None = None
    """None: the profile has all it needs."""
    placeholder: str = CONNECTING
    """Text in the lists until the first response."""
    members: tuple[Profile, ...] = ()
    """The profiles to watch together, whose name is that of `profile`; empty: it is the only one.
    Each obtains its key by itself, if it has none yet."""


class MonitorLimits(msgspec.Struct, frozen=True):
    """Limits of a monitor; None: the monitor's default."""

    requests_per_minute: int | None = None
    max_log_bytes: int | None = None
    data_folder: Path | None = None
    """Folder of trigger history, presets, rhythms and the like; None: they are not stored."""
    streams: int | None = None
    patterns: Sequence[LinePattern] = ()
    """Lines that are lit and told."""


class ProfileSaver(msgspec.Struct, frozen=True):
    """Saves a profile that was entered on the set-up screen."""

    save: Callable[[Profile], Path]
    """Saves the profile and returns the file of its key. Blocks; raises OSError."""
    is_first: bool
    """Whether it is the first profile, so that name, project and address can be entered."""


class Watcher:
    """Watches one target at a time in all views.

    Args:
        target: the initial target.
        limits: limits of each monitor.
        views: the views to attach.
    """

    def __init__(
        self, target: WatchTarget, limits: MonitorLimits, views: Sequence[MonitorView]
    ) -> None:
        self.target = target
        self._limits = limits
        self._views = tuple(views)
        self._context: ContextTask[Profile] | None = None
        self.monitor: Monitor | None = None
        """The monitor of the target, once connected."""

    async def watch(self, target: WatchTarget) -> None:
        """Watch a target until cancelled; errors are shown in the views."""
        self.target = target
        self._detach(target.placeholder)
        await self.aclose()
        try:
            monitor = self.monitor = self._create_monitor(await self._connect())
            for view in self._views:
                view.attach(monitor)
            await monitor.run()
        except NodionError as error:
            self._detach(errors.full_text(error))
            await self.aclose()

    async def aclose(self) -> None:
        """Close the monitor and the connection."""
        monitor, self.monitor = self.monitor, None
        context, self._context = self._context, None
        if monitor is not None:
            await monitor.aclose()
        if context is not None:
            await context.leave()

    def _create_monitor(self, profile: Profile) -> "Monitor":
        # Imported after the first paint.
        from nodion_tui.monitor.log.buffer import DEFAULT_MAX_BYTES  # noqa: PLC0415
        from nodion_tui.monitor.monitor import DEFAULT_REQUESTS, Monitor  # noqa: PLC0415
        from nodion_tui.monitor.streams.stream_budget import DEFAULT_STREAMS  # noqa: PLC0415

        limits = self._limits
        return Monitor(
            *(self.target.members or (profile,)),
            name=self.target.profile.name if self.target.members else "",
            requests_per_minute=limits.requests_per_minute or DEFAULT_REQUESTS,
            streams=limits.streams or DEFAULT_STREAMS,
            max_log_bytes=limits.max_log_bytes or DEFAULT_MAX_BYTES,
            patterns=limits.patterns,
            # Nothing of a demo is kept, also if it is chosen on the screen.
            data_folder=None if profile.engine == "demo" else limits.data_folder,
        )

    def _detach(self, placeholder: str) -> None:
        for view in self._views:
            view.detach(placeholder, self.target.profile)

    async def _connect(self) -> Profile:
        if self.target.connect is None:
            return self.target.profile
        from nodion_tui.ui.session.context_task import ContextTask  # noqa: PLC0415 - seldom

        self._context = ContextTask(self.target.connect)
        return await self._context.enter()
