"""The app on a real engine, and hands to use it with."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from textual.pilot import Pilot

from nodion_tui.config import Profile
from nodion_tui.local.faults import Fault
from nodion_tui.local.settings import LocalSettings
from nodion_tui.ui.app import NodionApp
from nodion_tui.ui.screens.dashboard import DashboardScreen

PATIENCE = 10.0
"""Seconds after which what was waited for is taken not to come."""


@dataclass
class Faults:
    """What the engine does instead of answering, by the start of method and path."""

    by_start: dict[str, Fault] = field(default_factory=dict)

    def __call__(self, method: str, path: str) -> Fault | None:
        asked = f"{method} {path.removeprefix('/v1')}"
        return next((f for start, f in self.by_start.items() if asked.startswith(start)), None)


@dataclass(frozen=True)
class Board:
    """The app, and what can be seen and done there."""

    app: NodionApp
    pilot: Pilot[None]

    @property
    def dashboard(self) -> DashboardScreen:
        return self.app.dashboard

    @property
    def lines(self) -> list[str]:
        """The screen as it is painted."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def until(self, condition: Callable[[], object], what: str = "it") -> None:
        """Wait until something is so."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():  # noqa: ASYNC110 - what is painted tells nobody
                    await asyncio.sleep(0.02)
        except TimeoutError:
            pytest.fail(f"{what} did not come true:\n{self.text}")

    async def sees(self, *words: str) -> None:
        """Wait until all of these are on the screen."""
        await self.until(lambda: all(word in self.text for word in words), f"{words}")

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

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
    app = NodionApp(profile, **options)
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            yield Board(app, pilot)
    finally:
        await app.aclose()


@pytest.fixture
def open_board() -> Open:
    return board
