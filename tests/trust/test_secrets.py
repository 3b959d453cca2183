"""A key and an environment value do not leak, whatever fails."""

import asyncio
import contextlib
import json
import stat
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path

import pytest

from tests.api.follow.faults import refuse
from tests.support.forks import Forks
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, Script
from tests.trust.conftest import CANARY, PROGRAM

VALUE = "canary-value-5d20"
TRIGGER = ("trigger", RUNNER_ID, "--env-file", "job.env", "--", "x")
BAD_KEYS = (
    f"{CANARY}\nX-Evil: 1",
    f"{CANARY}\u00e4",
    f"{CANARY} {CANARY}",
    f"{CANARY}\x00"[:-1] + "\x1b",
)
LOUD = {"PYTHONDEVMODE": "1", "PYTHONASYNCIODEBUG": "1"}
TALKATIVE = "import logging; logging.basicConfig(level=logging.DEBUG)"
"""Sends all debug logs of the libraries to stderr."""


async def vanish(exchange: Exchange) -> None:
    exchange.keep = False


async def half(exchange: Exchange) -> None:
    await exchange.head(200, "application/json", Content_Length="1000")
    await exchange.raw(b'{"run": {"id": "e5')


async def reset(exchange: Exchange) -> None:
    exchange.reset()


async def garbage(exchange: Exchange) -> None:
    await exchange.raw(b"HTTP/9.9 banana\r\n\r\n")
    exchange.keep = False


STATUSES = (400, 401, 403, 404, 408, 409, 410, 413, 422, 429, 500, 502, 503)
FAULTS: dict[str, Script] = {
    **{str(status): refuse(status) for status in STATUSES},
    "echo": refuse(401, json.dumps({"error": "x" * 490 + f" Bearer {CANARY}"}).encode()),
    "field": refuse(422, json.dumps({"errors": {"key": [CANARY]}}).encode()),
    "html": refuse(500, b"<html>no</html>"),
    "vanish": vanish,
    "half": half,
    "reset": reset,
    "garbage": garbage,
}


@dataclass
class User:
    """User of the program with an open umask."""

    home: Path
    forks: Forks
    outputs: list[str] = field(default_factory=list)

    async def run(self, *words: str, env: Mapping[str, str]) -> int:
        """Runs a command line and stores its output."""
        done = await self.forks.run(
            *words, env=self.env | dict(env), folder=self.home.parent, umask=0
        )
        self.outputs.append(f"{words}: {done.out}{done.err}")
        return done.code

    @property
    def env(self) -> dict[str, str]:
        return {
            "HOME": str(self.home),
            "NODION_TUI_CONFIG": str(self.home / "config"),
            "NODION_TUI_DATA": str(self.home / "data"),
        }

    def configure(self, text: str) -> None:
        (self.home / "config").mkdir(exist_ok=True)
        (self.home / "config" / "config.toml").write_text(text)

    def leaks(self) -> list[str]:
        """Outputs and files that contain the key or the value."""
        leaks = [text for text in self.outputs if CANARY in text or VALUE in text]
        for path in files(self.home):
            content = path.read_bytes()
            leaks += [str(path)] * (CANARY.encode() in content or VALUE.encode() in content)
        return leaks


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def user(tmp_path: Path) -> AsyncIterator[User]:
    (tmp_path / "home").mkdir()
    (tmp_path / "job.env").write_text(f"DB_PASSWORD={VALUE}\n")
    with Forks(TALKATIVE, LOUD) as forks:
        yield User(tmp_path / "home", forks)


async def test_no_failure_of_a_trigger_shows_key_or_value(user: User) -> None:
    slots = asyncio.Semaphore(6)

    async def suffer(name: str, script: Script) -> int:
        async with slots, HostileServer() as server:
            server.always("trigger", script)
            env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
            code = await user.run(*TRIGGER, env=env)
            assert server.count("trigger") == 1, name
            assert any(VALUE.encode() in request.body for request in server.requests)
            return code

    codes = await asyncio.gather(*(suffer(*fault) for fault in FAULTS.items()))
    assert all(codes)
    assert any("DEBUG" in text for text in user.outputs)
    assert not user.leaks()


async def test_no_failure_to_connect_or_to_read_a_key_shows_it(user: User) -> None:
    def plain(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    no_tls = await asyncio.start_server(plain, "127.0.0.1", 0)
    tls = f"https://127.0.0.1:{no_tls.sockets[0].getsockname()[1]}/v1"
    async with no_tls, HostileServer() as server:
        wrong: list[dict[str, str]] = [
            *({"NODION_API_URL": server.url, "NODION_API_KEY": key} for key in BAD_KEYS),
            {"NODION_API_URL": tls, "NODION_API_KEY": CANARY},
            {"NODION_API_URL": "http://127.0.0.1:9/v1", "NODION_API_KEY": CANARY},
            {"NODION_API_URL": f"https://x:{CANARY}@127.0.0.1/v1", "NODION_API_KEY": CANARY},
            {"NODION_API_URL": "http://192.0.2.1/v1", "NODION_API_KEY": CANARY},
        ]
        codes = [await user.run("runners", env=env) for env in wrong]
        assert not [request for request in server.requests if CANARY in request.headers.values()]
    assert all(codes)
    assert not user.leaks()


async def test_no_key_source_leaks_the_key(user: User, tmp_path: Path) -> None:
    shell = f"echo {CANARY} >&2; printf '%s\\n' '{CANARY} spaced'; exit 3"
    open_file = tmp_path / "open.key"
    open_file.write_text(CANARY)
    open_file.chmod(0o644)
    script = tmp_path / "give.sh"
    script.write_text(shell)
    for setting in (
        f"key_command = {json.dumps(['sh', str(script)])}",
        f'key_file = "{open_file}"',
    ):
        user.configure(f'[profiles.p]\napi_url = "http://127.0.0.1:9/v1"\n{setting}\n')
        assert await user.run("runners", env={}) == 4
        await user.run("profiles", env={})
        await user.run("doctor", env={})
    assert not user.leaks()


async def test_the_key_does_not_follow_a_redirect(user: User) -> None:
    async with HostileServer() as other, HostileServer() as server:

        async def elsewhere(exchange: Exchange) -> None:
            status = 301 + exchange.server.count("runs") % 2 * 6
            await exchange.answer(status, {}, Location=f"{other.url}/runners/x/runs")

        for kind in ("runs", "trigger", "page", "stream", "run"):
            server.always(kind, elsewhere)
        env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
        for words in (("runs", RUNNER_ID), TRIGGER, ("logs", RUNNER_ID, RUN_ID)):
            assert await user.run(*words, env=env) != 0
        assert server.requests
        assert not other.requests
    assert not user.leaks()


async def test_no_process_shows_key_or_value_during_a_request(user: User) -> None:
    async with HostileServer() as server:
        requested = asyncio.Event()

        async def silence(exchange: Exchange) -> None:
            requested.set()
            await exchange.silence()

        server.always("trigger", silence)
        env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, *TRIGGER), env=user.env | env, cwd=user.home.parent
        )
        await asyncio.wait_for(requested.wait(), 20)
        command_lines = [line for line in _command_lines() if RUNNER_ID.encode() in line]
        assert command_lines
        assert not [
            line for line in command_lines if CANARY.encode() in line or VALUE.encode() in line
        ]
        process.kill()
        await process.wait()
    assert not user.leaks()


def _command_lines() -> Iterator[bytes]:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            yield (process / "cmdline").read_bytes()


KEEPING = """
import asyncio, os, sys
from pathlib import Path
os.umask(0)
from nodion_tui.config import Secret, save_key
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.engine_settings import EngineSettings

home = Path(sys.argv[1])
save_key(home / "a" / "config", "default", Secret("kept"))
save_key(home / "a" / "config", "default", Secret("kept"))

async def serve():
    async with EngineServer(EngineSettings(data_dir=home / "b" / "engine")):
        pass

asyncio.run(serve())
"""


async def test_files_are_private_for_any_umask(user: User) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KEEPING, str(user.home)), umask=0
    )
    assert await process.wait() == 0
    kept = list(files(user.home))
    assert {path.name for path in kept} > {"default.key"}
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        for folder in takewhile(lambda path: path != user.home, path.parents):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
