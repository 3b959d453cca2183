"""The engine of `--local`: it is kept, shared, and left running."""

import asyncio
import os
import subprocess
import sys
import tempfile
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from pathlib import Path

import pytest

from nodion_tui.cli.local_engine import KeptEngine, temporary_engine
from nodion_tui.config import Profile
from nodion_tui.local.child_engine_main import CHECK_SECONDS
from nodion_tui.local.storage.address_file import ADDRESS_FILE
from nodion_tui.local.storage.data_dir import DataDir
from nodion_tui.local.storage.folder_lock import FolderLock
from nodion_tui.model.errors import ConfigError
from tests.support.wire import Wire, wire_to

FOLDER = "engine"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / FOLDER


def engine_of(folder: Path) -> KeptEngine:
    return KeptEngine(Profile(), folder)


def wire_of(profile: Profile) -> AbstractAsyncContextManager[Wire]:
    assert profile.key is not None
    return wire_to(profile.api_url, profile.key)


async def ended(folder: Path) -> None:
    """Wait until no engine uses the folder."""
    for _ in range(200):
        try:
            return FolderLock(folder).release()
        except ConfigError:
            await asyncio.sleep(CHECK_SECONDS / 10)
    pytest.fail("the engine goes on")


async def test_two_dashboards_that_start_at_once_share_an_engine_until_both_have_ended(
    folder: Path,
) -> None:
    async with AsyncExitStack() as first, AsyncExitStack() as second:
        one, other = await asyncio.gather(
            first.enter_async_context(engine_of(folder).connect()),
            second.enter_async_context(engine_of(folder).connect()),
        )
        assert one == other
        assert one.engine == "kept"
        await first.aclose()
        async with wire_of(other) as wire:
            run = await wire.trigger("Chatty export", argv=["true"])
            await wire.ended(run)
        await second.aclose()
        await ended(folder)
    assert not (folder / ADDRESS_FILE).exists()
    async with engine_of(folder).connect() as profile, wire_of(profile) as wire:
        assert (await wire.get(run))["status"] == "succeeded", "its data is kept"


async def test_runs_that_are_left_running_go_on_and_the_engine_ends_after_them(
    folder: Path,
) -> None:
    engine = engine_of(folder)
    async with engine.connect() as profile, wire_of(profile) as wire:
        run = await wire.trigger("Queue worker")
        engine.leave_running()
    async with engine_of(folder).connect() as again:
        assert again == profile
        async with wire_of(again) as wire:
            assert (await wire.get(run))["status"] in {"pending", "running"}
            await wire.stop(run)
    await ended(folder)


async def test_an_engine_that_is_not_left_ends_with_its_dashboard(folder: Path) -> None:
    async with engine_of(folder).connect() as profile, wire_of(profile) as wire:
        run = await wire.trigger("Queue worker")
    FolderLock(folder).release()
    async with engine_of(folder).connect() as profile, wire_of(profile) as wire:
        assert (await wire.get(run))["status"] == "failed"


async def test_a_folder_in_other_use_is_refused_with_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nodion_tui.cli.local_engine._PATIENCE_SECONDS", 0)
    data_dir = DataDir(folder)
    with pytest.raises(ConfigError, match=r"another engine uses this folder; .* --ephemeral"):
        async with engine_of(folder).connect():
            pass
    data_dir.close()


async def test_an_address_that_a_crash_has_left_is_not_used(folder: Path) -> None:
    DataDir(folder).close()
    (folder / ADDRESS_FILE).write_text('{"url":"http://127.0.0.1:9/v1"}\n')
    async with engine_of(folder).connect() as profile:
        assert profile.api_url != "http://127.0.0.1:9/v1"


def printed(*words: str, folder: Path, **variables: str) -> tuple[int, str]:
    """Exit code and output of a command; demos are looked for in a folder of their own."""
    process = subprocess.run(
        (sys.executable, "-m", "nodion_tui", *words),
        env={**os.environ, "TMPDIR": str(folder), **variables},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return process.returncode, process.stdout + process.stderr


async def test_a_shell_completes_the_runners_of_the_running_demo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    typed = {
        "_NODION_TUI_COMPLETE": "bash_complete",
        "COMP_LINE": "nodion-tui --demo logs Nig",
    }
    async with temporary_engine(Profile(), demo=True):
        done = await asyncio.to_thread(partial(printed, folder=tmp_path, **typed))
    assert done == (0, "plain,Nightly\\ ETL\n")


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_commands_use_the_running_demo_and_the_engine_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    demo = ("--demo", "runners")
    async with temporary_engine(Profile(), demo=True):
        code, text = await asyncio.to_thread(printed, *demo, folder=tmp_path)
        assert (code, "Nightly ETL" in text) == (0, True), text
        data = tmp_path / "data"
        monkeypatch.setenv("NODION_TUI_DATA", str(data))
        trigger = ("--demo", "trigger", "Nightly ETL", "--env", "DAY=1")
        code, text = await asyncio.to_thread(printed, *trigger, folder=tmp_path)
        assert (code, list(data.glob("*"))) == (0, []), text
    code, text = await asyncio.to_thread(printed, *demo, folder=tmp_path)
    assert code == 2
    assert "no demo engine is running: start `nodion-tui --demo` first" in text
    assert not names(tmp_path), "nothing is left of the demo"
    local = ("--local", "--data", str(tmp_path / FOLDER), "runners")
    async with engine_of(tmp_path / FOLDER).connect():
        code, text = await asyncio.to_thread(printed, *local, folder=tmp_path)
        assert (code, "Chatty export" in text) == (0, True), text
