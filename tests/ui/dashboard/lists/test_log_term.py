"""`log:` in the filter of runs: what it costs is told, then it finds, and Enter goes to the hit."""

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from tests.support.faulty_engine import Fault, with_faults
from tests.ui.conftest import Open


class Pages:
    """Pages of logs, which do not come while they are held."""

    def __init__(self) -> None:
        self.held = False

    def __call__(self, _method: str, path: str) -> Fault | None:
        return Fault(stall_after=0) if self.held and path.endswith("/logs") else None


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def engine_settings(engine_settings: EngineSettings, pages: Pages) -> EngineSettings:
    return with_faults(engine_settings, pages, stop_seconds=0.5)


async def finished(client: NodionClient, runner: str, script: str) -> Run:
    run = await client.trigger(runner, TriggerRequest(command=script))
    async for _ in LogFollower(client, run.key).events():
        pass
    return run


@pytest.fixture
async def logged(client: NodionClient, runner_id: Callable[[str], str]) -> dict[str, Run]:
    """Three finished runs."""
    scripts = {
        "late": "echo started; echo 'a Timed out'; echo more; echo 'b timed out'",
        "fine": "echo all is well",
        "early": "echo time out; exit 1",
    }
    hello = runner_id("Hello")
    return {name: await finished(client, hello, script) for name, script in scripts.items()}


async def test_the_cost_is_told_before_logs_are_fetched_and_hits_are_opened(
    profile: Profile, logged: dict[str, Run], open_board: Open, tmp_path: Path, pages: Pages
) -> None:
    profile = replace(profile, archive=ArchiveLimits(2**26))
    async with open_board(profile, data_folder=tmp_path) as board:
        await board.sees("Runs · All runners · 3")
        await board.press("tab", "/", *'log:"timed? out"')
        # That of the run under the cursor was read to be shown.
        await board.sees("1 of 3 · /log:", "2 to fetch, about 4 requests · Enter fetches")
        pages.held = True
        await board.press("enter")
        await board.sees("2 to fetch", "fetching, Esc stops")
        await board.press("escape")
        await board.sees("2 to fetch", "/ Enter fetches", "1 of 3 · /log:")
        pages.held = False
        await board.press("/", "enter")
        await board.sees("searched 3 of 3 runs", "2 found", "HITS", "2 of 3 · /log:")
        found = [run.id for run in board.dashboard.lists.runs.items]
        assert found == [logged["early"].id, logged["late"].id]
        await board.press("down", "enter")
        await board.sees("/timed? out 1 of 2")
        await board.press("n")
        await board.sees("/timed? out 2 of 2")
        await board.press("escape", "escape", "escape")
        await board.sees("Runs · All runners · 3")
        assert board.dashboard.monitor is not None
        assert board.dashboard.monitor.archive is not None
        await board.dashboard.monitor.archive.settled()
    async with open_board(profile, data_folder=tmp_path) as board:
        await board.sees("Runs · All runners · 3")
        await board.press("tab", "/", *"log:!timed")
        await board.sees("searched 3 of 3 runs", "from archive")
        assert [run.id for run in board.dashboard.lists.runs.items] == [
            logged["early"].id,
            logged["fine"].id,
        ]
