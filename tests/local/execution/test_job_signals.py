"""A job is asked to end once, and all its signals are as in a shell of one's own."""

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nodion_tui.config import Secret
from nodion_tui.local.child_engine import ChildEngine
from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.runners.runner_spec import RunnerSpec
from tests.support.wire import Wire, connect

PROGRAM = Path(sys.executable).with_name("nodion-tui")
COUNT = """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
child = os.fork()
if not child:
    os.setsid()
name = "leader" if child else "daemon"
os.write(1, f"{name} ready\\n".encode())
signal.sigwait({signal.SIGTERM})
again = signal.sigtimedwait({signal.SIGTERM}, 0.2)
os.write(1, f"{name} was asked {'twice' if again else 'once'}\\n".encode())
if child:
    os.wait()
"""
COUNTING = (sys.executable, "-S", "-E", "-c", COUNT)
SHORT = RunnerSpec(name="Short", argv=COUNTING, timeout_seconds=1)
DISPOSITIONS = ["grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"]
NOTHING = [f"{name}:\t{0:016x}" for name in ("SigBlk", "SigIgn")]


@pytest.fixture
def engine_settings(engine_settings: EngineSettings) -> EngineSettings:
    runners = (*(engine_settings.runners or ()), SHORT)
    return dataclasses.replace(engine_settings, runners=runners, stop_seconds=5)


@pytest.fixture
def runner_id(runner_id: Callable[[str], str]) -> Callable[[str], str]:
    return lambda name: SHORT.api_id if name == "Short" else runner_id(name)


async def _until_logged(wire: Wire, run: dict[str, str], word: str, count: int) -> list[str]:
    async with asyncio.timeout(10):
        while True:
            lines = [line["body"] for line in await wire.all_logs(run)]
            if len(found := [line for line in lines if word in line]) == count:
                return sorted(found)
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("how", ["stop", "time-out"])
async def test_each_process_is_asked_to_end_once(wire: Wire, how: str) -> None:
    run = await wire.trigger("Short")
    await _until_logged(wire, run, "ready", 2)
    if how == "stop":
        await wire.stop(run)
    asked = await _until_logged(wire, run, "was asked", 2)
    assert asked == ["daemon was asked once", "leader was asked once"]


@pytest.fixture
def ignored_signals() -> Iterator[None]:
    """Let this process ignore and block signals, as its children inherit it."""
    numbers = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGUSR1, signal.SIGTTOU)
    before = {number: signal.signal(number, signal.SIG_IGN) for number in numbers}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR2, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in before.items():
            signal.signal(number, handler)


@pytest.mark.usefixtures("ignored_signals")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_jobs_of_serve_have_default_signals_and_serve_honours_nohup(tmp_path: Path) -> None:
    config = tmp_path / "local.toml"
    config.write_text('[[runners]]\nname = "Any"\n')
    process = await asyncio.create_subprocess_exec(
        *(PROGRAM, "serve", "--port=0", "--show-key", "--config", config, "--data", tmp_path / "d"),
        stdout=subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        url, _, key = [(await process.stdout.readline()).decode().split()[-1] for _ in range(3)]
        async with connect(url, Secret(key)) as http:
            (runner,) = (await http.get("/runners")).json()["runners"]
            wire = Wire(http, lambda _: runner["id"])
            for number in (signal.SIGHUP, signal.SIGINT, signal.SIGUSR1):
                process.send_signal(number)
            followed = await wire.follow(await wire.trigger("Any", argv=DISPOSITIONS))
        assert followed.bodies[1:] == NOTHING
        process.terminate()
        async with asyncio.timeout(10):
            assert await process.wait() == 128 + signal.SIGTERM
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.usefixtures("ignored_signals")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
async def test_jobs_of_the_dashboard_s_engine_have_default_signals(
    engine_settings: EngineSettings, runner_id: Callable[[str], str]
) -> None:
    async with ChildEngine(engine_settings) as server, connect(server.url, server.key) as http:
        os.kill(server.process.pid, signal.SIGHUP)
        wire = Wire(http, runner_id)
        followed = await wire.follow(await wire.trigger("Hello", argv=DISPOSITIONS))
    assert followed.bodies[1:] == NOTHING
