"""Restores the state of the screens at start and saves it when it changes."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from nodion_tui.monitor.storage.ui_state import UiState, UiStateFile


class StatefulView(Protocol):
    """A part of the screen with state that is kept between sessions."""

    def restore_state(self, state: UiState) -> None:
        """Restore the state; unknown values are ignored."""

    def updated_state(self, state: UiState) -> UiState:
        """A copy of the state, updated by this part."""


class SavedState:
    """The saved state of the screens.

    Args:
        file: the file that keeps it between sessions.
    """

    def __init__(self, file: UiStateFile) -> None:
        self._file = file
        self.state, self._notice = file.load()
        """The state as last saved."""

    def restore(self, views: Sequence[StatefulView], warn: Callable[[str], None]) -> None:
        """Restore the views.

        Args:
            views: the views to restore.
            warn: shows why the file could not be read, if so.
        """
        if self._notice:
            warn(self._notice)
        for view in views:
            view.restore_state(self.state)

    async def save(
        self,
        views: Sequence[StatefulView],
        *,
        mode: str,
        theme: str,
        profile: str,
        warn: Callable[[str], None],
    ) -> None:
        """Save the current state, off the event loop; a failure is reported once.

        Args:
            views: the views to save.
            mode: the active mode.
            theme: the selected theme.
            profile: name of the watched profile; empty: the saved name stays.
            warn: shows why the state cannot be saved.
        """
        state = replace(self.state, mode=mode, theme=theme, profile=profile or self.state.profile)
        for view in views:
            state = view.updated_state(state)
        if state == self.state:
            return  # it is looked at every few seconds: nothing wakes a thread for that
        try:
            if await asyncio.to_thread(self._file.save, state):
                self.state = state
        except OSError as error:
            problem = f"The screen state cannot be saved: {error.strerror or error}"
            if problem != self._notice:
                self._notice = problem
                warn(problem)
