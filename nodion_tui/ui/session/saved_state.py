"""What the screens looked like last time, and keeping what they look like now."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from nodion_tui.model.sanitize import visible
from nodion_tui.monitor.storage.ui_state import UiState, UiStateFile

if TYPE_CHECKING:
    from nodion_tui.ui.app import NodionApp


class Rememberer(Protocol):
    """A part of the screen that has something to remember."""

    def recall(self, state: UiState) -> None:
        """Look as it is remembered; what is not known does no harm."""

    def remember(self, state: UiState) -> UiState:
        """The same state with what this part looks like now."""


class Memory:
    """The remembered state of the screens.

    Args:
        file: where it is kept between two starts.
    """

    def __init__(self, file: UiStateFile) -> None:
        self._file = file
        self.state, self._notice = file.load()
        """As it was kept last."""

    async def recall(self, app: "NodionApp", parts: Sequence[Rememberer]) -> None:
        """Have everything look as it did."""
        self._complain(app, self._notice)
        for part in parts:
            part.recall(self.state)
        await app.modes.show(self.state.mode)

    async def keep(self, app: "NodionApp", parts: Sequence[Rememberer]) -> None:
        """Keep what everything looks like now, off the event loop; a failure is told once."""
        state = replace(self.state, mode=app.current_mode, theme=app.chosen_theme)
        watched = app.watcher.target.profile.name
        if watched in {each.name for each in app.chooser.profiles}:
            state = replace(state, profile=watched)
        for part in parts:
            state = part.remember(state)
        try:
            if await asyncio.to_thread(self._file.save, state):
                self.state = state
        except OSError as error:
            problem = f"What the screen looks like cannot be kept: {error.strerror or error}"
            if problem != self._notice:
                self._notice = problem
                self._complain(app, problem)

    def _complain(self, app: "NodionApp", problem: str) -> None:
        if problem and app.is_running:
            app.notify(visible(problem), severity="warning", timeout=10, markup=False)
