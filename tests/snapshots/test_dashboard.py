"""Pictures of the dashboard, at three sizes: empty, loading, busy, and with a service that fails.

The service is canned and the clock stands still, so that a picture changes when the product does.
`pytest tests/snapshots --snapshot-update` takes them anew: look at each before it is committed.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from pytest_textual_snapshot import SVGImageExtension
from syrupy.assertion import SnapshotAssertion
from textual.pilot import Pilot

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.app import NodionApp
from tests.support.busy import BACKUP, BUSY
from tests.support.canned import Canned, CannedService
from tests.support.seen_terminal import assert_all_painted, screen_lines

pytestmark = pytest.mark.usefixtures("still")
SIZES = [(120, 36), (80, 24), (200, 50)]
PATIENCE = 10.0


def steady(pilot: Pilot[None]) -> str:
    """The screen as an SVG; ages on the monotonic clock, which cannot stand still, are masked."""
    return re.sub(
        r"(checked|event|retry&#160;in)((?:&#160;| )+)\d+", r"\1\2N", pilot.app.export_screenshot()
    )


@asynccontextmanager
async def watching(canned: Canned, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """The app on a canned service."""
    async with CannedService(canned) as service:
        # The title bar names the project; without one it would name a port, which changes.
        profile = Profile(name="production", api_url=service.url, key=Secret("k"), project="acme")
        app = NodionApp(profile)
        async with app.run_test(size=size) as pilot:
            while app.dashboard.log_slot.pane is None:  # noqa: ASYNC110 - as below
                await asyncio.sleep(0.02)
            yield pilot
            await assert_all_painted(app)  # else the picture is not what a person sees
        await app.aclose()


async def sees(pilot: Pilot[None], *words: str) -> None:
    """Wait until all of these are painted, and the picture changes no more."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not all(word in _text(pilot) for word in words):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
    except TimeoutError:
        pytest.fail(f"{words} did not come:\n{_text(pilot)}")
    before = ""
    while (painted := steady(pilot)) != before:
        before = painted
        await asyncio.sleep(0.25)


def _text(pilot: Pilot[None]) -> str:
    return "\n".join(screen_lines(pilot.app))


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(SVGImageExtension)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
class TestDashboard:
    async def test_busy(self, size: tuple[int, int], picture: SnapshotAssertion) -> None:
        async with watching(BUSY, size) as pilot:
            await sees(pilot, "migrate.py", "trying again")
            assert steady(pilot) == picture

    async def test_empty(self, size: tuple[int, int], picture: SnapshotAssertion) -> None:
        async with watching(Canned(runners=[BACKUP]), size) as pilot:
            await sees(pilot, "No runs")
            assert steady(pilot) == picture

    async def test_loading(self, size: tuple[int, int], picture: SnapshotAssertion) -> None:
        async with watching(Canned(mute=True), size) as pilot:
            await sees(pilot, "Connecting", "○ connecting")
            assert steady(pilot) == picture

    async def test_wrong_key(self, size: tuple[int, int], picture: SnapshotAssertion) -> None:
        async with watching(Canned(status=401), size) as pilot:
            await sees(pilot, "Invalid API key")
            assert steady(pilot) == picture
