"""Logs that were read to their end are archived, and open from there: with the real engine."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.archive.archive_file import archive_path
from nodion_tui.monitor.archive.log_archive import LogArchive
from nodion_tui.monitor.log.session import LogSession
from nodion_tui.monitor.log.state import LogPhase
from nodion_tui.monitor.monitor import Monitor
from tests.monitor.archive.test_log_archive import NOW, ended, finished
from tests.support.running import running, wait_for_change


@pytest.fixture
def archiving(profile: Profile) -> Profile:
    return replace(profile, archive=ArchiveLimits(2**26))


@asynccontextmanager
async def watched(profile: Profile, data_folder: Path) -> AsyncIterator[Monitor]:
    """A monitor that polls."""
    monitor = Monitor(profile, data_folder=data_folder)
    async with running(monitor):
        yield monitor


async def finished_run(monitor: Monitor, runner_id: str) -> Run:
    """A run whose log was read to its end, and archived."""
    await wait_for_change(
        monitor.runs.subscribe, lambda: monitor.runs.runner(runner_id) is not None
    )
    run = await monitor.run_control.trigger(runner_id, TriggerRequest())
    session = monitor.logs.get(run.key)
    await session.run()
    assert session.state.complete
    assert monitor.archive is not None
    await monitor.archive.settled()
    return run


def texts(session: LogSession) -> list[str]:
    buffer = session.buffer
    return [entry.body for entry in buffer.entries(0, buffer.end)]


async def test_an_archived_log_opens_without_requests_and_says_so(
    archiving: Profile, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    async with watched(archiving, tmp_path) as monitor:
        run = await finished_run(monitor, runner_id("Chatty"))
        before = texts(monitor.logs.get(run.key))
    other = Monitor(archiving, data_folder=tmp_path)  # is never started: it has no client
    session = other.logs.get(run.key)
    await session.run()
    assert texts(session) == before
    assert session.state.from_archive
    assert (session.state.phase, session.state.complete) == (LogPhase.ENDED, True)
    assert session.state.lines == 2001


async def test_a_log_that_is_gone_at_the_service_is_still_there(
    archiving: Profile, engine: EngineServer, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    async with watched(archiving, tmp_path) as monitor:
        run = await finished_run(monitor, runner_id("Failing"))
        monitor.logs.clear()
        await engine.__aexit__(None, None, None)
        session = monitor.logs.get(run.key)
        await session.run()
        assert session.state.from_archive
        assert "oops" in texts(session)


async def test_without_the_service_runs_and_causes_come_from_the_archive(
    archiving: Profile, engine: EngineServer, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    async with watched(archiving, tmp_path) as monitor:
        failed = [await finished_run(monitor, runner_id("Failing")) for _ in range(2)]
        for _ in range(6):
            good = await finished_run(monitor, runner_id("Hello"))
    await engine.__aexit__(None, None, None)
    async with watched(archiving, tmp_path) as monitor:
        await wait_for_change(monitor.runs.subscribe, lambda: bool(monitor.runs.all_runs()))
        known = monitor.runs.run(failed[1].key)
        assert known is not None
        group = monitor.anomalies.failure_group(known)
        assert group is not None
        assert (len(group.runs), group.is_guess) == (2, False)
        assert [runner.name for runner in monitor.runs.runners] == ["Failing", "Hello"]
        known_good = monitor.runs.run(good.key)
        assert known_good is not None
        assert monitor.typical_duration(known_good) is not None


async def test_a_full_disk_is_told_once_and_reading_goes_on(
    archiving: Profile,
    runner_id: Callable[[str], str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    connect = sqlite3.connect

    def connect_to_a_small_disk(*values: object, **options: object) -> sqlite3.Connection:
        db: sqlite3.Connection = connect(*values, **options)  # type: ignore[call-overload]
        db.execute("PRAGMA max_page_count = 1")  # it cannot grow
        return db

    async with watched(archiving, tmp_path) as monitor:
        await finished_run(monitor, runner_id("Hello"))
        assert monitor.archive is not None
        told: list[str] = []
        monitor.archive.subscribe(told.append)
        monkeypatch.setattr(sqlite3, "connect", connect_to_a_small_disk)
        while not told:  # what fits into the pages that are there is written
            run = await finished_run(monitor, runner_id("Chatty"))
        run = await finished_run(monitor, runner_id("Chatty"))
        assert monitor.logs.get(run.key).state.lines == 2001
        assert [text.endswith("archive.sqlite3: the disk is full") for text in told] == [True]
        kept = len(await monitor.archive.logs())
        monkeypatch.undo()
        await finished_run(monitor, runner_id("Chatty"))
        assert monitor.archive.problem == ""
        assert len(await monitor.archive.logs()) == kept + 1


async def test_without_the_setting_nothing_is_written(
    profile: Profile, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    monitor = Monitor(profile, data_folder=tmp_path)
    assert monitor.archive is None
    async with running(monitor):
        await wait_for_change(monitor.runs.subscribe, lambda: bool(monitor.runs.runners))
        run = await monitor.run_control.trigger(runner_id("Hello"), TriggerRequest())
        await monitor.logs.get(run.key).run()
    assert not archive_path(tmp_path).exists()


async def test_two_programs_archive_the_same_log_once(
    archiving: Profile, runner_id: Callable[[str], str], tmp_path: Path
) -> None:
    async with watched(archiving, tmp_path) as one, watched(archiving, tmp_path) as two:
        await wait_for_change(two.runs.subscribe, lambda: bool(two.runs.runners))
        await wait_for_change(one.runs.subscribe, lambda: bool(one.runs.runners))
        run = await one.run_control.trigger(runner_id("Chatty"), TriggerRequest())
        key = RunKey(run.runner_id, run.id)
        await asyncio.gather(one.logs.get(key).run(), two.logs.get(key).run())
        assert one.archive is not None
        assert two.archive is not None
        await asyncio.gather(one.archive.settled(), two.archive.settled())
        assert [log.key for log in await one.archive.logs()] == [key]
        assert (one.archive.problem, two.archive.problem) == ("", "")


async def test_an_archived_log_larger_than_memory_is_read_again_from_the_archive(
    archiving: Profile, tmp_path: Path
) -> None:
    noise = [os.urandom(500).hex() for _ in range(8000)]
    log = finished(ended(1), noise)
    LogArchive(tmp_path, archiving).put(log, runner="", last_lines=(), now=NOW)
    monitor = Monitor(archiving, data_folder=tmp_path, max_log_bytes=3_000_000)
    session = monitor.logs.get(log.run.key)
    await session.run()
    assert session.state.dropped > 0
    missing = session.buffer.dropped_segment()
    assert missing is not None
    assert await session.fetch_older()
    assert session.buffer.dropped_segment(missing.first) is None
    assert session.buffer.entry(missing.first).body == noise[missing.first]
