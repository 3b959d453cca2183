"""The app as the user sees and operates it, for tests of its modes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from textual.pilot import Pilot

from nodion_tui.config import Profile
from nodion_tui.ui.app import AppOptions, NodionApp
from tests.support.keys import handled
from tests.support.seen_terminal import assert_all_painted, screen_lines

_LOOK_SECONDS = 0.02
_LOOKS = 750
"""Looks at a condition before it counts as false: 15 s, and more where the machine is too busy to
look as often, as the app is then as slow."""


@dataclass(frozen=True)
class OnScreen:
    """The running app, and helpers to operate it."""

    app: NodionApp
    pilot: Pilot[None]

    @property
    def lines(self) -> list[str]:
        """The screen as shown by the terminal."""
        return screen_lines(self.app)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    async def until(self, condition: Callable[[], object], what: str = "it") -> None:
        """Wait until a condition is true."""
        for _ in range(_LOOKS):
            if condition():
                return
            await asyncio.sleep(_LOOK_SECONDS)
        pytest.fail(f"{what} did not come true:\n{self.text}")

    async def sees(self, *words: str) -> None:
        """Wait until all of these texts are on the screen."""
        await self.until(lambda: _has_all(self.text, words), f"{words}")

    def ask_for(self, runner_id: str) -> None:
        """Poll a runner without a key press, which would mark the user as active."""
        assert self.app.watcher.monitor is not None
        self.app.watcher.monitor.poller.refresh([runner_id])

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()


def _has_all(text: str, words: Sequence[str]) -> bool:
    return all(word in text for word in words)


@asynccontextmanager
async def on_screen(
    profile: Profile, size: tuple[int, int] = (120, 36), **options: Any
) -> AsyncIterator[OnScreen]:
    """The app at a size; it is closed at the end."""
    app = NodionApp(profile, AppOptions(**options))
    try:
        async with app.run_test(size=size, notifications=True) as pilot:
            yield OnScreen(app, pilot)
            await handled(pilot)
            await assert_all_painted(app)
    finally:
        await app.aclose()
