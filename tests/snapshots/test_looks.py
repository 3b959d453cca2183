"""Every mode in every theme at every size: what is painted, and that it can be read.

Text snapshots, for a theme changes no character; the looks of the themes are measured instead.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rich.color import ColorType
from rich.segment import Segment
from syrupy.assertion import SnapshotAssertion
from textual.color import Color

from nodion_tui.config import Profile, Secret
from nodion_tui.ui.paint.theme import THEMES
from tests.support.busy import BUSY
from tests.support.canned import CannedService
from tests.support.onscreen import OnScreen, on_screen

pytestmark = pytest.mark.usefixtures("still")
RUNS = 12
SIZES = ((120, 36), (80, 24), (200, 50), (40, 10), (300, 100))
MODES = {"1": "migrate.py", "2": "Timeline ·", "3": "trying again"}
LEAST_CONTRAST = 3.0
"""Of text on its ground, as WCAG 2.1 counts it: what large or secondary text needs at least."""
UNCHANGED = 4
"""So often in a row the screen is the same, then it is taken to have settled."""
FRAMES = re.compile(r"[\s─-▟·…╭╮╰╯▌▏]*")


@asynccontextmanager
async def busy(**options: Any) -> AsyncIterator[OnScreen]:
    async with CannedService(BUSY) as service:
        profile = Profile(
            name="production", api_url=service.url, key=Secret("k"), project="acme", color="red"
        )
        async with on_screen(profile, **options) as shown:
            await shown.until(lambda: shown.app.dashboard.lists.runs.row_count == RUNS, "all runs")
            yield shown


async def settled(shown: OnScreen) -> str:
    """The screen once it changes no more, without ages, which cannot stand still."""
    last = [steady(shown)]
    while len(last) < UNCHANGED:
        await asyncio.sleep(0.05)
        now = steady(shown)
        last = [*last, now] if now == last[-1] else [now]
    return last[-1]


def steady(shown: OnScreen) -> str:
    text = re.sub(r" +◉ checked +\d+ s ago", " ◉ checked N s ago", shown.text)
    return re.sub(r"─+ ([^─\n]*event) \d+ s", r"─ \1 N s", text)


def segments(shown: OnScreen) -> Iterator[Segment]:
    for strip in shown.app.screen._compositor.render_strips():
        yield from strip


def contrast(segment: Segment) -> float:
    assert segment.style is not None
    text, ground = segment.style.color, segment.style.bgcolor
    assert text is not None
    assert ground is not None
    lights = sorted(luminance(Color.from_rich_color(color)) for color in (text, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def luminance(color: Color) -> float:
    parts = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in color.normalized
    ]
    return sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
async def test_every_mode_at_every_size(size: tuple[int, int], snapshot: SnapshotAssertion) -> None:
    async with busy(size=size) as shown:
        for key, words in MODES.items():
            await shown.press(key)
            await shown.sees(words if size != (40, 10) else "production")
            assert await settled(shown) == snapshot(name=f"mode {key}")


async def test_every_theme_paints_the_same_and_can_be_read() -> None:
    async with busy() as shown:
        for key, words in MODES.items():
            await shown.press(key)
            await shown.sees(words)
            painted = await settled(shown)
            for theme in THEMES:
                shown.app.theme = theme.name
                await shown.pilot.pause()
                assert steady(shown) == painted
                for segment in segments(shown):
                    if FRAMES.fullmatch(segment.text) or segment.style is None:
                        continue
                    if segment.text == " production ":
                        continue  # What the profile wears is chosen by a person.
                    if theme.name == "nodion-ansi":
                        color = segment.style.color
                        assert color is None or color.type is not ColorType.TRUECOLOR, segment
                    else:
                        assert contrast(segment) >= LEAST_CONTRAST, (theme.name, key, segment)
