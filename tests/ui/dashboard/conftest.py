"""The app on a real engine, and hands to use it with."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from nodion_tui.config import Profile
from nodion_tui.local.faults import Fault
from nodion_tui.local.runners.engine_settings import LocalSettings
from nodion_tui.ui.dashboard.screen import DashboardScreen
from tests.support.onscreen import OnScreen, on_screen


@dataclass
class Faults:
    """What the engine does instead of answering, by the start of method and path."""

    by_start: dict[str, Fault] = field(default_factory=dict)

    def __call__(self, method: str, path: str) -> Fault | None:
        asked = f"{method} {path.removeprefix('/v1')}"
        return next((f for start, f in self.by_start.items() if asked.startswith(start)), None)


class Board(OnScreen):
    """The dashboard, and what can be seen and done there."""

    @property
    def dashboard(self) -> DashboardScreen:
        return self.app.dashboard

    async def select_runner(self, name: str) -> None:
        """Put the cursor of the runners on one of them."""
        runners = self.dashboard._runners
        await self.until(lambda: any(each.label == name for each in runners._items), name)
        runners.select(next(each.id for each in runners._items if each.label == name))
        await self.until(lambda: f"Runs · {name}" in self.text, f"runs of {name}")


Open = Callable[..., AbstractAsyncContextManager[Board]]


@pytest.fixture
def faults() -> Faults:
    return Faults()


@pytest.fixture
def engine_settings(engine_settings: LocalSettings, faults: Faults) -> LocalSettings:
    return replace(engine_settings, fault=faults, stop_seconds=0.5)


@asynccontextmanager
async def board(
    profile: Profile, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[Board]:
    """The app at a size; all that it holds is taken down at the end."""
    async with on_screen(profile, size, **options) as shown:
        yield Board(shown.app, shown.pilot)


@pytest.fixture
def open_board() -> Open:
    return board
