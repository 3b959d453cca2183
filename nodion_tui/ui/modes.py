"""The modes besides the dashboard: each made when it is first wanted, and kept from then on."""

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from nodion_tui.ui.session.messages import DASHBOARD

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import Screen

    from nodion_tui.config import Profile
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.storage.ui_state import UiState
    from nodion_tui.ui.chrome.mode_screen import ModeScreen

WALL_STREAMS = 8
"""Logs that the wall streams at once; the others are polled."""
WALL_SECONDS = 60.0
"""How long a run that has ended stays on the wall."""

_SCREENS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "timeline": ("nodion_tui.ui.timeline.screen", "TimelineScreen"),
        "wall": ("nodion_tui.ui.wall.screen", "WallScreen"),
    }
)
"""Modes by name; none of their modules is needed for the first paint."""


class Modes:
    """The screens of the modes, each the root of a stack of its own (Textual's modes).

    On the dashboard's stack they would be painted anew whenever the dashboard under them changes.

    Args:
        app: where they are shown.
        dashboard: the first one.
        options: what each of the others is made with, by its name.
    """

    def __init__(
        self,
        app: "App[None]",
        dashboard: "Screen[Any]",
        options: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._app = app
        self._options = options
        self._made: dict[str, ModeScreen] = {}
        self._monitor: Monitor | None = None
        self._waiting: tuple[str, Profile] | None = None
        self._state: UiState | None = None
        self._dashboard = dashboard

    def attach(self, monitor: "Monitor") -> None:
        """Watch a monitor in all of them; nothing of the one before stays."""
        self._monitor = monitor
        for screen in self._made.values():
            screen.attach(monitor)

    def detach(self, waiting: str, profile: "Profile") -> None:
        """Watch nothing.

        Args:
            waiting: what stands there instead.
            profile: whose runs will be there.
        """
        self._monitor, self._waiting = None, (waiting, profile)
        for screen in self._made.values():
            screen.detach(waiting, profile)

    def restore_state(self, state: "UiState") -> None:
        """Have every mode look as it did, now or when it is made."""
        self._state = state
        for screen in self._made.values():
            screen.restore_state(state)

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with what the modes look like now."""
        for screen in self._made.values():
            state = screen.updated_state(state)
        return state

    async def show(self, name: str) -> None:
        """Put a mode in front, unless something lies over the one that is there."""
        known = {DASHBOARD, *_SCREENS} - {self._app.current_mode}
        if name not in known or len(self._app.screen_stack) > 1:
            return
        if not self._made:
            # Textual makes the first mode without this, and needs it to come back.
            self._app.add_mode(DASHBOARD, lambda: self._dashboard)
        if name != DASHBOARD and name not in self._made:
            self._app.add_mode(name, self._maker(name))
        await self._app.switch_mode(name)

    def _maker(self, name: str) -> "Callable[[], Screen[Any]]":
        module, kind = _SCREENS[name]
        screen = getattr(import_module(module), kind)(**self._options[name])
        self._made[name] = screen
        if self._state is not None:
            screen.restore_state(self._state)
        if self._monitor is not None:
            screen.attach(self._monitor)
        elif self._waiting is not None:
            screen.detach(*self._waiting)
        return lambda: self._made[name]
