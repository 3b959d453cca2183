"""Takes the screenshots of README: the real app on the real embedded engine.

    python screenshots/take.py [--into FOLDER] [NAME …]

The engine has the history of the demo at a fixed time, and a few jobs that wait after some lines,
each started at a time of its own. Each screenshot is written as SVG, and as PNG if Chromium is
installed; the moving picture `tour` needs Chromium, too.
"""

import argparse
import asyncio
import math
import os
import random
import re
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import time_machine
from textual.pilot import Pilot

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.demo_jobs.shop import FAILURE_VARIABLE, HOLD_VARIABLE
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.ui.app import AppOptions, NodionApp

NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)

START = NOW - timedelta(minutes=4)
"""When the history ends and the runs of `TRIGGERED` begin."""
FAILED_AFTER = timedelta(seconds=3)


@dataclass(frozen=True)
class TriggeredRun:
    """A run that is really executed while the clock stands."""

    runner: str
    seconds_ago: int
    lines: int
    """Number of lines it has written; it is still running, unless it fails."""
    failure: str = ""
    argv: tuple[str, ...] = ()


TRIGGERED = (
    TriggeredRun("Database backup", 209, 21),
    TriggeredRun("Invoice export", 164, 17),
    TriggeredRun("Webhook delivery", 96, 0, failure="storage"),
    TriggeredRun("Test suite", 47, 26),
    TriggeredRun(
        "Image resize",
        38,
        15,
        argv=("python", "shop.py", "resize", "--glob", "photos/*.png", "--width", "640"),
    ),
    TriggeredRun("Queue worker", 19, 34, argv=("python", "shop.py", "queue", "--queue", "mail")),
)
"""Oldest first."""


class EngineStage:
    """The engine with its history, and its clock."""

    def __init__(self, server: EngineServer, clock: time_machine.Traveller) -> None:
        self._client = NodionClient(Profile(api_url=server.url, key=server.key))
        self._clock = clock
        self.profile = Profile(
            name="production", api_url=server.url, key=server.key, project="acme", color="red"
        )

    async def play(self) -> None:
        """Trigger the runs, each at its time."""
        ids = {runner.name: runner.id for runner in (await self._client.list_runners()).items}
        for triggered in TRIGGERED:
            self._clock.move_to(NOW - timedelta(seconds=triggered.seconds_ago))
            await self._trigger(ids[triggered.runner], triggered)
        self._clock.move_to(NOW)
        await self._client.aclose()
        # The Date header of uvicorn is renewed once a second.
        await asyncio.sleep(1.2)

    async def _trigger(self, runner_id: str, triggered: TriggeredRun) -> None:
        variables = {HOLD_VARIABLE: str(triggered.lines), FAILURE_VARIABLE: triggered.failure}
        request = TriggerRequest(
            argv=triggered.argv or None,
            env_variables=tuple(EnvVariable(name, value) for name, value in variables.items()),
        )
        run = await self._client.trigger(runner_id, request)
        if triggered.failure:
            await self._wait_for_status(run, "running")
            self._clock.shift(FAILED_AFTER)
            await self._wait_for_status(run, "failed")
        else:
            await self._wait_for_lines(run, triggered.lines)

    async def _wait_for_status(self, run: Run, status: str) -> None:
        while (await self._client.get_run(*run.key)).status != status:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _wait_for_lines(self, run: Run, lines: int) -> None:
        while len((await self._client.get_logs(*run.key)).items) <= lines:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


def repeated_ids() -> Callable[[], uuid.UUID]:
    """Ids of runs that are the same each time."""
    rng = random.Random("run ids")  # noqa: S311 - nothing is secret
    return lambda: uuid.UUID(int=rng.getrandbits(128), version=4)


@asynccontextmanager
async def engine_with_history() -> AsyncIterator[EngineStage]:
    """The engine of the demo, with some runs that are running."""
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(START, tick=False) as clock,
        patch("uuid.uuid4", repeated_ids()),
    ):
        settings = EngineSettings(
            data_dir=Path(folder) / "engine", demo="past", max_running=16, shutdown_seconds=0.2
        )
        async with EngineServer(settings) as server:
            stage = EngineStage(server, clock)
            await stage.play()
            yield stage


@dataclass(frozen=True)
class Picture:
    """Size and keys of a screenshot, and the text to wait for."""

    size: tuple[int, int]
    keys: tuple[str, ...]
    wait_for: str
    """Text that is painted when the screenshot can be taken."""
    theme: str | None = None


@dataclass(frozen=True)
class Step:
    """One frame of the tour: the keys before it, and how long it is shown."""

    keys: tuple[str, ...]
    milliseconds: int
    wait_for: str = ""


PICTURES = {
    "dashboard": Picture((120, 36), ("tab",), "jobs are waiting"),
    "narrow": Picture((80, 24), (), "jobs are waiting"),
    "wide": Picture((200, 50), ("tab",), "jobs are waiting"),
    "light": Picture((120, 36), ("tab",), "jobs are waiting", theme="nodion-light"),
    "trigger": Picture((120, 36), ("tab", "down", "R"), "photos"),
    "stop": Picture((120, 36), ("tab", "X"), "Keep running"),
    "help": Picture((120, 36), ("?",), "trigger"),
    "timeline": Picture((120, 36), ("2",), "Nightly ETL"),
    "wall": Picture((120, 36), ("3",), "invoices written"),
}


TOUR = (
    Step((), 2000),
    Step(("tab", "down"), 700),
    Step(("down",), 700),
    Step(("f",), 2200, "bucket photos"),
    Step(("2",), 1800),
    Step(("3",), 1800, "invoices written"),
    Step(("1", "escape", "slash", *"status:failed since:1d"), 1800),
    Step(("escape", "escape", "ctrl+p", *"tr test"), 1500, "Opens the trigger form"),
    Step(("enter",), 2200, "Environment"),
)
"""What a newcomer does first; about 15 seconds."""
TOUR_SIZE = (120, 34)
TOUR_WIDTH = 1100
"""Pixels."""


async def take_tour(path: Path, profile: Profile) -> None:
    """Record the tour as a GIF."""
    app = NodionApp(profile)
    with tempfile.TemporaryDirectory() as folder:
        frames: list[Path] = []
        async with app.run_test(size=TOUR_SIZE) as pilot:
            await wait_for_text(pilot, "jobs are waiting")
            for number, step in enumerate(TOUR):
                for key in step.keys:
                    await pilot.press("space" if key == " " else key)
                    await pilot.pause()
                await wait_for_text(pilot, step.wait_for)
                frames.append(Path(folder) / f"{number:02}.svg")
                write(frames[-1], app.export_screenshot(title="nodion-tui --demo"))
        await app.aclose()
        write_gif(path, [frame.with_suffix(".png") for frame in frames])
    print(path.name)


def write_gif(path: Path, frames: Sequence[Path]) -> None:
    """Write the frames as an endless GIF of few colours, which keeps it small."""
    from PIL import Image  # noqa: PLC0415 - for this picture alone

    images = [Image.open(frame).convert("RGB") for frame in frames]
    height = round(TOUR_WIDTH * images[0].height / images[0].width)
    small = [image.resize((TOUR_WIDTH, height), Image.Resampling.LANCZOS) for image in images]
    palette = small[0].quantize(64)
    first, *rest = (image.quantize(palette=palette, dither=Image.Dither.NONE) for image in small)
    durations = [step.milliseconds for step in TOUR]
    first.save(path, save_all=True, append_images=rest, duration=durations, loop=0, optimize=True)


async def take(path: Path, picture: Picture, profile: Profile) -> None:
    """Take one screenshot and write it to this SVG file."""
    app = NodionApp(profile, AppOptions(theme=picture.theme))
    async with app.run_test(size=picture.size) as pilot:
        await wait_for_text(pilot, "jobs are waiting")
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause()
        await wait_for_text(pilot, picture.wait_for)
        svg = app.export_screenshot(title="nodion-tui")
    await app.aclose()
    await asyncio.to_thread(write, path, svg)
    print(path.name)


def write(path: Path, svg: str) -> None:
    """Write a screenshot as SVG and as PNG."""
    # Textual's SVG loads its font from the network; a screenshot should be self-contained.
    path.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))
    to_png(path)


def to_png(svg: Path) -> None:
    """Write a PNG beside an SVG, if Chromium is installed."""
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        return
    width, height = re.findall(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"', svg.read_text())[0]
    size = f"--window-size={math.ceil(float(width))},{math.ceil(float(height))}"
    shot = f"--screenshot={svg.with_suffix('.png')}"
    plain = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
    quiet = ("--disable-background-networking", "--disable-component-update", "--disable-sync")
    with tempfile.TemporaryDirectory() as profile:
        where = f"--user-data-dir={profile}"
        command = [browser, *plain, *quiet, where, size, shot, svg.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=60)


async def wait_for_text(pilot: Pilot[None], text: str) -> None:
    """Wait until this text is on the screen and nothing changes any more."""
    previous = ""
    async with asyncio.timeout(20):
        while text not in (now := pilot.app.export_screenshot().replace("&#160;", " ")) or (
            now != previous
        ):
            previous = now
            await asyncio.sleep(0.3)


async def main(names: Sequence[str], folder: Path) -> None:
    """Take the screenshots with these names; without names, all of them."""
    async with engine_with_history() as stage:
        for name in names or (*PICTURES, "tour"):
            if name == "tour":
                await take_tour(folder / "tour.gif", stage.profile)
            else:
                await take(folder / f"{name}.svg", PICTURES[name], stage.profile)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Takes the screenshots of README.")
    parser.add_argument("names", nargs="*", choices=[*PICTURES, "tour", []], metavar="NAME")
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, metavar="FOLDER")
    options = parser.parse_args()
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main(options.names, options.into))
