"""Takes the screenshots of README: the real app on the real embedded engine.

    python screenshots/take.py [NAME …]

Jobs really run while the clock is moved forward, so that minutes of history take seconds. Each
screenshot is written as SVG, and as PNG if Chromium is installed.
"""

import asyncio
import math
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import time_machine
from textual.pilot import Pilot

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.runner_spec import InstanceSpec, RunnerSpec
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import EnvVariable, TriggerRequest
from nodion_tui.ui.app import NodionApp

HERE = Path(__file__).parent
NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)

LARGE = InstanceSpec(
    name="Standard L", slug="standard-l", cpu=2, mem=4096, price_month=20.0, price_second=7.6e-6
)
WORK = """#!/bin/sh
echo "Connecting to $TARGET"
echo 'INFO  applying migration 0041_add_index'
echo '{"level":"info","msg":"batch written","rows":5000,"ms":412,"table":"orders"}'
for part in 1 2 3 4 5 6 7 8; do echo "copied part $part of 24, $((part * 128)) MB in all"; done
printf 'rows   0 %%\\rrows  40 %%\\rrows  72 %%\\n'
printf '\\033[33mWARN\\033[0m  slow query on \\033[1morders\\033[0m, 1.2 s\\n'
while [ ! -e "$GATE" ]; do sleep 0.02; done
[ "$CODE" = 0 ] && printf '\\033[32mOK\\033[0m    %s rows in total\\n' "$ROWS"
[ "$CODE" = 0 ] || printf 'ERROR could not lock table "orders": timeout after 30 s\\n'
exit "$CODE"
"""
SMALL = InstanceSpec(name="Standard S", slug="standard-s", price_month=5.0, price_second=1.9e-6)
JOBS = (
    ("Database backup", "acme/backup-tool", "./backup --full", SMALL),
    ("Image resize", "acme/images", "./resize --all", SMALL),
    ("Invoice export", "acme/invoices", "./export --month 2026-01", SMALL),
    ("Nightly ETL", "acme/etl", "./etl && ./report", LARGE),
    ("Search reindex", "acme/search", "./reindex", LARGE),
)


def runners(folder: Path) -> tuple[RunnerSpec, ...]:
    """The runners, with their programs in the folder."""
    for program in ("backup", "resize", "export", "etl", "reindex"):
        (folder / program).write_text(WORK)
        (folder / program).chmod(0o700)
    (folder / "report").symlink_to("/bin/true")
    return tuple(
        RunnerSpec(
            name=name,
            image_name=image,
            run_command=command,
            instance_type=size,
            workdir=str(folder),
        )
        for name, image, command, size in JOBS
    )


@dataclass(frozen=True)
class PastRun:
    """A run of the history."""

    runner: str
    minutes_ago: float
    seconds: float | None
    """None: the run is still running."""
    code: int = 0
    argv: tuple[str, ...] = ()


HISTORY = (
    *(PastRun("Nightly ETL", 340 - 70 * n, 1500 + 130 * n) for n in range(5)),
    *(PastRun("Database backup", 350 - 60 * n, 240 + 9 * n, int(n == 2)) for n in range(6)),
    *(
        PastRun("Image resize", 330 - 38 * n, 200 + 25 * (n % 3), int(n in {3, 7}))
        for n in range(8)
    ),
    *(PastRun("Invoice export", 300 - 90 * n, 420 + 60 * n) for n in range(3)),
    *(PastRun("Search reindex", 280 - 120 * n, 2600 - 200 * n) for n in range(2)),
    PastRun("Search reindex", 21, None),
    PastRun("Nightly ETL", 12, None),
    PastRun(
        "Image resize", 1.5, None, argv=("./resize", "--glob", "photos/*.png", "--width", "640")
    ),
    PastRun("Database backup", 0.8, None),
)


class EngineStage:
    """The engine with its history, and its clock."""

    def __init__(self, server: EngineServer, clock: time_machine.Traveller, folder: Path) -> None:
        self._client = NodionClient(Profile(api_url=server.url, key=server.key))
        self._clock = clock
        self._folder = folder
        self._ids: dict[str, str] = {}
        self.profile = Profile(
            name="production", api_url=server.url, key=server.key, project="acme", color="red"
        )

    async def play(self) -> None:
        """Run the history, oldest run first."""
        listed = (await self._client.list_runners()).items
        self._ids = {runner.name: runner.id for runner in listed}
        for number, past in enumerate(sorted(HISTORY, key=lambda past: -past.minutes_ago)):
            await self._run(number, past)
        self._clock.move_to(NOW)
        await self._client.aclose()
        # The Date header of uvicorn is renewed once a second.
        await asyncio.sleep(1.2)

    async def _run(self, number: int, past: PastRun) -> None:
        gate = self._folder / f"gate-{number}"
        created = NOW - timedelta(minutes=past.minutes_ago)
        self._clock.move_to(created)
        env = {"GATE": str(gate), "CODE": str(past.code), "ROWS": f"{4_000 + 37 * number:,}"}
        variables = tuple(
            EnvVariable(name, value) for name, value in {**env, "TARGET": "db.acme:5432"}.items()
        )
        request = TriggerRequest(argv=past.argv or None, env_variables=variables)
        run = await self._client.trigger(self._ids[past.runner], request)
        await self._wait_for_status(run, "running")
        await self._wait_for_lines(run, 14)
        if past.seconds is not None:
            self._clock.move_to(created + timedelta(seconds=past.seconds))
            gate.touch()
            await self._wait_for_status(run, "succeeded", "failed")

    async def _wait_for_status(self, run: Run, *statuses: str) -> None:
        while (await self._client.get_run(*run.key)).status not in statuses:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    async def _wait_for_lines(self, run: Run, lines: int) -> None:
        while len((await self._client.get_logs(*run.key)).items) < lines:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def engine_with_history() -> AsyncIterator[EngineStage]:
    """An engine that has run the history."""
    with (
        tempfile.TemporaryDirectory() as folder,
        time_machine.travel(NOW - timedelta(hours=6), tick=False) as clock,
    ):
        settings = EngineSettings(
            data_dir=Path(folder) / "engine",
            runners=runners(Path(folder)),
            max_running=16,
            shutdown_seconds=0.2,
        )
        async with EngineServer(settings) as server:
            stage = EngineStage(server, clock, Path(folder))
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


PICTURES = {
    "dashboard": Picture((120, 36), ("tab",), "slow query"),
    "narrow": Picture((80, 24), (), "slow query"),
    "wide": Picture((200, 50), ("tab",), "slow query"),
    "light": Picture((120, 36), ("tab",), "slow query", theme="nodion-light"),
    "trigger": Picture((120, 36), ("tab", "down", "R"), "photos"),
    "stop": Picture((120, 36), ("tab", "X"), "Keep running"),
    "help": Picture((120, 36), ("?",), "trigger"),
    "timeline": Picture((120, 36), ("2",), "Nightly ETL"),
    "wall": Picture((120, 36), ("3",), "slow query"),
}


async def take(name: str, picture: Picture, profile: Profile) -> None:
    """Take one screenshot."""
    app = NodionApp(profile, theme=picture.theme)
    async with app.run_test(size=picture.size) as pilot:
        await wait_for_text(pilot, "slow query")
        for key in picture.keys:
            await pilot.press(key)
            await pilot.pause()
        await wait_for_text(pilot, picture.wait_for)
        svg = app.export_screenshot(title="nodion-tui")
    await app.aclose()
    # Textual's SVG loads its font from the network; a screenshot should be self-contained.
    path = HERE / f"{name}.svg"
    path.write_text(re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL))
    await asyncio.to_thread(to_png, path)
    print(path.name)


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


async def main(names: Sequence[str]) -> None:
    """Take the screenshots with these names; without names, all of them."""
    async with engine_with_history() as stage:
        for name in names or PICTURES:
            await take(name, PICTURES[name], stage.profile)


if __name__ == "__main__":
    os.environ["TZ"] = "UTC"
    time.tzset()
    asyncio.run(main(sys.argv[1:]))
