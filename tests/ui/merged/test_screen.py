"""The merged log in the app, on the real engine."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.config import Profile
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.log.buffer import EntryKind
from nodion_tui.monitor.merged.merged_log import MergedLog
from nodion_tui.ui.log import status_text
from nodion_tui.ui.log.pane import LogPane
from nodion_tui.ui.merged.screen import MergedScreen
from tests.support.faulty_engine import Fault, with_faults
from tests.support.onscreen import OnScreen, on_screen

COUNTS = "seq 500; sleep 0.3; seq 501 1000"
RUNNERS = (
    *(
        RunnerSpec(
            name=f"Worker {name}",
            image_name="test/worker",
            run_command=f"echo ready {name}; echo ERROR: {name}; while :; do sleep 1; done",
        )
        for name in "ABC"
    ),
    *(
        RunnerSpec(
            name=f"Count {name}",
            image_name="test/count",
            run_command=COUNTS,
        )
        for name in "ABCDEFGH"
    ),
)
ID = {spec.name: spec.api_id for spec in RUNNERS}


class Cuts:
    """Cuts the first stream of each run in its middle."""

    def __init__(self) -> None:
        self.on = False
        self.streams: Counter[str] = Counter()

    def __call__(self, _: str, path: str) -> Fault | None:
        if not self.on or not path.endswith("/stream"):
            return None
        self.streams[path] += 1
        return Fault(cut_after=20_000) if self.streams[path] == 1 else None


@pytest.fixture
def cuts() -> Cuts:
    return Cuts()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, cuts: Cuts) -> EngineSettings:
    return with_faults(engine_settings, cuts, runners=RUNNERS, stop_seconds=0.3, max_running=12)


async def start(client: NodionClient, *names: str) -> list[Run]:
    return [await client.trigger(ID[name], TriggerRequest()) for name in names]


class Shown:
    """The merged log on the screen."""

    def __init__(self, shown: OnScreen) -> None:
        self.shown = shown

    @property
    def screen(self) -> MergedScreen:
        assert isinstance(self.shown.app.screen, MergedScreen)
        return self.shown.app.screen

    @property
    def pane(self) -> LogPane:
        return self.screen.merged.pane

    @property
    def log(self) -> MergedLog:
        assert self.screen.merged.model is not None
        return self.screen.merged.model.log

    def lines_of(self, key: RunKey) -> list[str]:
        """The lines of a run in the order in which they are shown."""
        buffer = self.log.buffer
        entries = (
            (buffer.source_of(index)[0].session.key, buffer.entry(index))
            for index in range(buffer.first, buffer.end)
        )
        return [
            entry.body for each, entry in entries if each == key and entry.kind is EntryKind.LINE
        ]


@asynccontextmanager
async def merged(
    profile: Profile, client: NodionClient, *names: str, **options: Any
) -> AsyncIterator[Shown]:
    """The app with the merged log in front, and lines of these runners' runs in it."""
    await start(client, *names)
    async with on_screen(profile, requests_per_minute=600, **options) as shown:
        await shown.sees(f" {len(names)} running" if names else "No runs so far.")
        await shown.press("4")
        await shown.sees("Merged log", *(f"ready {name[-1]}" for name in names))
        yield Shown(shown)


async def test_every_line_of_eight_runs_once_and_in_order_although_streams_break(
    profile: Profile, client: NodionClient, cuts: Cuts
) -> None:
    async with merged(profile, client) as view:
        await view.shown.sees("Nothing is running")
        cuts.on = True
        runs = await start(client, *(f"Count {name}" for name in "ABCDEFGH"))
        for run in runs:
            view.shown.ask_for(run.runner_id)
        await view.shown.sees(
            "8 ended, no gaps", "log complete, 1,001 lines", "Merged log · 8 ended"
        )
        await view.shown.until(lambda: view.log.buffer.end >= 8 * 1002, "all lines")
        numbers = [str(number) for number in range(1, 1001)]
        for run in runs:
            assert view.lines_of(run.key)[1:] == numbers
        assert len(cuts.streams) == 8
        times = [
            time
            for index in range(view.log.buffer.first, view.log.buffer.end)
            if (time := view.log.buffer.time(index))
        ]
        assert times == sorted(times)


async def test_keys_of_a_log_work_and_enter_opens_the_run_at_the_line(
    profile: Profile, client: NodionClient
) -> None:
    async with merged(profile, client, "Worker A", "Worker B") as view:
        shown = view.shown
        await shown.press("/", *"ready")
        await shown.sees(" Enter search  Esc cancel  ctrl+r literal / regex")
        await shown.press("enter", "x")
        await shown.sees("2 of 2", "only matches")
        assert "ERROR" not in "\n".join(shown.lines[2:-2])
        await shown.press("escape", "escape", "g", "e")
        await shown.until(lambda: "▌" in shown.text, "an error")
        await shown.press("ctrl+s")
        await shown.sees("Save log", "text", "with times")
        assert "evidence" not in shown.text
        await shown.press("escape")
        await shown.until(lambda: isinstance(shown.app.screen, MergedScreen), "the log")
        line = next(line for line in shown.lines if "▌" in line)
        name = "A" if "ERROR: A" in line else "B"
        await shown.press("enter")
        await shown.sees("Runs · All runners", f"ready {name}")
        cursor = next(line for line in shown.lines if "│▌" in line and "ERROR" in line)
        assert f"ERROR: {name}" in cursor
        assert "Worker" not in cursor


async def test_runs_join_by_themselves_are_hidden_and_leave_a_line(
    profile: Profile, client: NodionClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_text, "_SILENT", timedelta(0))
    async with merged(profile, client, "Worker A") as view:
        shown = view.shown
        (run,) = await start(client, "Count A")
        shown.ask_for(run.runner_id)
        await shown.sees("Count A", "log complete, 1,001 lines", "1 live, 1 ended, no gaps")
        await shown.sees("Merged log · 1 running, 1 ended")
        await shown.press("H")
        await shown.sees("Hide or show runs", "● shown  Worker A", "live, no gaps", "ended")
        await shown.sees("without a line")
        await shown.press("1")
        await shown.sees("○ hidden Worker A")
        await shown.press("escape")
        await shown.sees("1 ended, 1 hidden")
        await shown.until(lambda: "without a line" not in shown.text, "no silence: none goes on")
        assert not view.lines_of(view.log.sources[0].session.key)
        await shown.press("H", "a")
        await shown.sees("1 live, 1 ended, no gaps")
        assert "ready A" in view.lines_of(view.log.sources[0].session.key)


async def test_marked_runs_are_shown_alone_and_others_by_the_filter(
    profile: Profile, client: NodionClient
) -> None:
    async with merged(profile, client, "Worker A", "Worker B") as view:
        shown = view.shown
        await shown.press("1", "tab", "/", *"runner:b log:no", "enter", "4")
        await shown.sees("Merged log · runner:b · 1 running", "ready B")
        assert "ready A" not in shown.text
        await shown.press("1", "escape")
        await shown.until(lambda: len(shown.app.dashboard.lists.runs.items) == 2, "both runs")
        await shown.press("space", "4")
        await shown.sees("Merged log · marked runs · 1 running")


async def test_logs_beyond_the_streams_come_by_pages_and_the_footer_says_so(
    profile: Profile, client: NodionClient
) -> None:
    async with merged(profile, client, "Worker A", "Worker B", wall_streams=1) as view:
        await view.shown.sees("1 live, 1 by pages ≤ 15 s late, no gaps")
