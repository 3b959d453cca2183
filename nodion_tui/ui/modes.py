"""Switches between the modes; each one but the dashboard is created on first use and kept."""

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
"""Number of logs that the wall streams at once; the others are polled."""
WALL_SECONDS = 60.0
"""How long an ended run stays on the wall."""

_SCREENS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "timeline": ("nodion_tui.ui.timeline.screen", "TimelineScreen"),
        "wall": ("nodion_tui.ui.wall.screen", "WallScreen"),
        "merged": ("nodion_tui.ui.merged.screen", "MergedScreen"),
    }
)
"""Module and class of each mode; none is imported before the first paint."""


class Modes:
    """The screens of the modes, each the root of its own screen stack (Textual's modes).

    On the dashboard's stack they would be repainted whenever the dashboard under them changes.

    Args:
        app: shows the screens.
        dashboard: the first mode.
        keymap: command id → keys, for rebound commands.
        options: further constructor arguments of the other modes, by name.
    """

    def __init__(
        self,
        app: "App[None]",
        dashboard: "Screen[Any]",
        keymap: Mapping[str, str],
        options: Mapping[str, Mapping[str, Any]],
    ) -> None:
        self._app = app
        self._keymap = keymap
        self._options = options
        self._screens: dict[str, ModeScreen] = {}
        self._monitor: Monitor | None = None
        self._waiting: tuple[str, Profile] | None = None
        self._state: UiState | None = None
        self._dashboard = dashboard

    def attach(self, monitor: "Monitor") -> None:
        """Show a monitor in all modes, and nothing of the previous one."""
        self._monitor = monitor
        for screen in self._screens.values():
            screen.attach(monitor)

    def detach(self, waiting: str, profile: "Profile") -> None:
        """Show no monitor.

        Args:
            waiting: placeholder text.
            profile: the profile that is being connected.
        """
        self._monitor, self._waiting = None, (waiting, profile)
        for screen in self._screens.values():
            screen.detach(waiting, profile)

    def restore_state(self, state: "UiState") -> None:
        """Restore the state of every mode, now or when it is created."""
        self._state = state
        for screen in self._screens.values():
            screen.body.restore_state(state)

    def updated_state(self, state: "UiState") -> "UiState":
        """The state with the current settings of the modes."""
        for screen in self._screens.values():
            state = screen.body.updated_state(state)
        return state

    def choose(self, name: str, value: str) -> None:
        """Change a choice of a mode, now or when it is created."""
        self.restore_state(self._current_state().with_choice(name, value))

    def chosen(self, name: str) -> str:
        """A choice of a mode; empty: none was made."""
        return self._current_state().choices.get(name, "")

    def _current_state(self) -> "UiState":
        from nodion_tui.monitor.storage.ui_state import UiState  # noqa: PLC0415 - after the first paint

        return self.updated_state(self._state or UiState())

    async def show(self, name: str) -> None:
        """Switch to a mode, unless a dialog is open over the current one."""
        other_modes = {DASHBOARD, *_SCREENS} - {self._app.current_mode}
        if name not in other_modes or len(self._app.screen_stack) > 1:
            return
        if not self._screens:
            # Textual creates the first mode without this, but needs it to switch back.
            self._app.add_mode(DASHBOARD, lambda: self._dashboard)
        if name != DASHBOARD and name not in self._screens:
            self._app.add_mode(name, self._create(name))
        await self._app.switch_mode(name)

    async def action_dashboard(self) -> None:
        """Show the dashboard."""
        await self.show(DASHBOARD)

    async def action_timeline(self) -> None:
        """Show the runs of all runners as bars."""
        await self.show("timeline")

    async def action_wall(self) -> None:
        """Show the logs of all running runs."""
        await self.show("wall")

    async def action_merged(self) -> None:
        """Show the logs of many runs as one."""
        await self.show("merged")

    def _create(self, name: str) -> "Callable[[], Screen[Any]]":
        module, class_name = _SCREENS[name]
        screen = getattr(import_module(module), class_name)(self._keymap, **self._options[name])
        self._screens[name] = screen
        if self._state is not None:
            screen.body.restore_state(self._state)
        if self._monitor is not None:
            screen.attach(self._monitor)
        elif self._waiting is not None:
            screen.detach(*self._waiting)
        return lambda: self._screens[name]
