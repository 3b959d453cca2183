"""What is streamed, acknowledged and archived of a second account, with two real engines.

Both engines have runners of the same ids, so that nothing is sent to the wrong one unseen.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.archive.log_archive import LogArchive
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.storage.known_failures import KnownFailureFile, Lasting
from tests.conftest import TEST_RUNNERS
from tests.support.running import running, wait_for_change

SUFFIX = "@staging"


@dataclass(frozen=True)
class Pair:
    """Two profiles, what their runs wait for, and the folder of the program."""

    profiles: tuple[Profile, Profile]
    gate: Path
    data: Path

    def monitor(self) -> Monitor:
        """A monitor of both accounts."""
        return Monitor(*self.profiles, data_folder=self.data)

    @property
    def request(self) -> TriggerRequest:
        """A run that writes, and fails once the gate is there."""
        script = (
            f"until [ -e {self.gate} ]; do echo busy; sleep 0.05; done; echo ERROR full; exit 3"
        )
        return TriggerRequest(argv=("sh", "-c", script))

    async def held_runs(self, monitor: Monitor, runner_id: str) -> tuple[Run, Run]:
        """A run of each account, whose end is told by its stream."""
        ids = (runner_id, f"{runner_id}{SUFFIX}")
        await wait_for_change(
            monitor.runs.subscribe, lambda: all(monitor.runs.runner(each) for each in ids)
        )
        first, second = [await monitor.run_control.trigger(each, self.request) for each in ids]
        monitor.poller.ask_now(ids)
        is_held = monitor.streams.quiet.is_held
        await wait_for_change(
            monitor.streams.live_lines.subscribe, lambda: is_held(first.key) and is_held(second.key)
        )
        return first, second

    async def failed_runs(self, monitor: Monitor, runner_id: str) -> tuple[Run, Run]:
        """These runs, after both have failed."""
        keys = [run.key for run in await self.held_runs(monitor, runner_id)]
        self.gate.touch()
        ended: list[Run] = []

        def have_ended() -> bool:
            ended[:] = [run for key in keys if (run := monitor.runs.run(key)) and run.is_final]
            return len(ended) == len(keys)

        await wait_for_change(monitor.runs.subscribe, have_ended)
        first, second = ended
        return first, second


@asynccontextmanager
async def two_engines(profile: Profile, tmp_path: Path) -> AsyncIterator[Pair]:
    """The engine of a profile, and another one."""
    settings = EngineSettings(data_dir=tmp_path / "staging", runners=TEST_RUNNERS)
    limits = ArchiveLimits(2**26)
    async with EngineServer(settings) as engine:
        production = replace(profile, name="production", archive=limits)
        staging = Profile(name="staging", api_url=engine.url, key=engine.key, archive=limits)
        yield Pair((production, staging), tmp_path / "gate", tmp_path / "data")


@pytest.fixture
async def pair(profile: Profile, tmp_path: Path) -> AsyncIterator[Pair]:
    async with two_engines(profile, tmp_path) as opened:
        yield opened


async def test_streams_of_both_accounts_tell_ends_within_one_budget(
    pair: Pair, runner_id: Callable[[str], str]
) -> None:
    monitor = pair.monitor()
    async with running(monitor):
        first, second = await pair.failed_runs(monitor, runner_id("Hello"))
        assert (first.status, second.status) == ("failed", "failed")
        assert second.runner_id.endswith(SUFFIX)
        assert monitor.streams.budget.streams == 24
        assert not monitor.streams.quiet.held


async def test_a_cause_is_acknowledged_under_the_profile_of_its_run(
    pair: Pair, runner_id: Callable[[str], str]
) -> None:
    monitor = pair.monitor()
    async with running(monitor):
        first, second = await pair.failed_runs(monitor, runner_id("Hello"))
        for run in (first, second):
            assert await monitor.failure_reader.read(run)
        cause, other = monitor.failures.cause(second), monitor.failures.cause(first)
        assert cause is not None
        assert other is not None
        assert (cause.profile, other.profile, cause.id) == ("staging", "production", other.id)
        at = monitor.server_now(second.runner_id)
        await monitor.failures.acknowledge(cause, at=at, lasts=Lasting.FOREVER, note="T-1")
        assert [monitor.known_state(run) for run in (first, second)] == [False, True]
    assert [each.profile for each in KnownFailureFile(pair.data).load().entries] == ["staging"]
    alone = Monitor(pair.profiles[1], data_folder=pair.data)
    await alone.failures.load()
    assert [known.note for known in alone.failures.acknowledged] == ["T-1"]


async def test_a_log_is_archived_and_shown_by_the_account_of_its_run(
    pair: Pair, runner_id: Callable[[str], str]
) -> None:
    monitor, own_id = pair.monitor(), runner_id("Hello")
    async with running(monitor):
        _, run = await pair.failed_runs(monitor, own_id)
        await monitor.logs.get(run.key).run()
        assert monitor.archive is not None
        await monitor.archive.settled()
        assert [log.key for log in await monitor.archive.logs()] == [run.key]
        log = await monitor.archive.read(run.key)
        assert log is not None
        assert log.run.key == run.key
    production, staging = pair.profiles
    (stored,) = LogArchive(pair.data, staging).logs()
    assert stored.key == RunKey(own_id, run.id)
    assert not LogArchive(pair.data, production).logs()


async def test_archived_runs_of_an_account_that_does_not_answer_stand_beside_the_others(
    profile: Profile, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    async with two_engines(profile, tmp_path) as pair, running(monitor := pair.monitor()):
        _, run = await pair.failed_runs(monitor, runner_id("Hello"))
        await monitor.logs.get(run.key).run()
    async with running(again := pair.monitor()):
        await wait_for_change(again.runs.subscribe, lambda: again.runs.run(run.key) is not None)
        assert again.account_of(run.runner_id).name == "staging"
        await wait_for_change(
            again.runs.subscribe, lambda: again.runs.runner(runner_id("Failing")) is not None
        )
        assert again.account_of(runner_id("Hello")).name == "production"
        assert again.runs.run(run.key) is not None
