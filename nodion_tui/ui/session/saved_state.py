"""What the screens looked like last time, and keeping what they look like now."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from nodion_tui.monitor.storage.ui_state import UiState, UiStateFile


class StatefulView(Protocol):
    """A part of the screen that has something to remember."""

    def restore_state(self, state: UiState) -> None:
        """Look as it is remembered; what is not known does no harm."""

    def updated_state(self, state: UiState) -> UiState:
        """The same state with what this part looks like now."""


class SavedState:
    """The remembered state of the screens.

    Args:
        file: where it is kept between two starts.
    """

    def __init__(self, file: UiStateFile) -> None:
        self._file = file
        self.state, self._notice = file.load()
        """As it was kept last."""

    def restore(self, views: Sequence[StatefulView], warn: Callable[[str], None]) -> None:
        """Restore the views.

        Args:
            views: whose state is restored.
            warn: shows why the state could not be read, if so.
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
        """Save the present state, off the event loop; a failure is reported once.

        Args:
            views: whose state is saved.
            mode: the one in front.
            theme: the one that was chosen.
            profile: the name of the one that is watched; empty: the saved one stays.
            warn: shows why the state cannot be saved.
        """
        state = replace(self.state, mode=mode, theme=theme, profile=profile or self.state.profile)
        for view in views:
            state = view.updated_state(state)
        try:
            if await asyncio.to_thread(self._file.save, state):
                self.state = state
        except OSError as error:
            problem = f"What the screen looks like cannot be kept: {error.strerror or error}"
            if problem != self._notice:
                self._notice = problem
                warn(problem)
