"""A key and a value of an environment go through many failures, and are seen nowhere."""

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
"""All that the libraries can be made to tell goes to stderr."""


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
    "html": refuse(500, b"<html>no</html>"),
    "vanish": vanish,
    "half": half,
    "reset": reset,
    "garbage": garbage,
}


@dataclass
class Person:
    """Somebody with an open umask who uses the program."""

    home: Path
    forks: Forks
    said: list[str] = field(default_factory=list)

    async def does(self, *words: str, env: Mapping[str, str]) -> int:
        """Run a command line; what it says is kept."""
        done = await self.forks.run(
            *words, env=self.env | dict(env), folder=self.home.parent, umask=0
        )
        self.said.append(f"{words}: {done.out}{done.err}")
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
        """Where the key or the value was seen: in words, or in a file of the program."""
        seen = [text for text in self.said if CANARY in text or VALUE in text]
        for path in files(self.home):
            content = path.read_bytes()
            seen += [str(path)] * (CANARY.encode() in content or VALUE.encode() in content)
        return seen


def files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


@pytest.fixture
async def person(tmp_path: Path) -> AsyncIterator[Person]:
    (tmp_path / "home").mkdir()
    (tmp_path / "job.env").write_text(f"DB_PASSWORD={VALUE}\n")
    async with Forks(TALKATIVE, LOUD) as forks:
        yield Person(tmp_path / "home", forks)


async def test_no_failure_of_a_trigger_shows_key_or_value(person: Person) -> None:
    slots = asyncio.Semaphore(6)

    async def suffer(name: str, script: Script) -> int:
        async with slots, HostileServer() as server:
            server.always("trigger", script)
            env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
            code = await person.does(*TRIGGER, env=env)
            assert server.count("trigger") == 1, name
            assert any(VALUE.encode() in each.body for each in server.requests)
            return code

    codes = await asyncio.gather(*(suffer(*each) for each in FAULTS.items()))
    assert all(codes)
    assert any("DEBUG" in text for text in person.said)
    assert not person.leaks()


async def test_no_failure_to_connect_or_to_read_a_key_shows_it(person: Person) -> None:
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
        codes = [await person.does("runners", env=env) for env in wrong]
        assert not [each for each in server.requests if CANARY in each.headers.values()]
    assert all(codes)
    assert not person.leaks()


async def test_no_source_of_a_key_shows_what_it_gave(person: Person, tmp_path: Path) -> None:
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
        person.configure(f'[profiles.p]\napi_url = "http://127.0.0.1:9/v1"\n{setting}\n')
        assert await person.does("runners", env={}) == 4
        await person.does("profiles", env={})
        await person.does("doctor", env={})
    assert not person.leaks()


async def test_a_redirect_takes_the_key_nowhere(person: Person) -> None:
    async with HostileServer() as other, HostileServer() as server:

        async def elsewhere(exchange: Exchange) -> None:
            status = 301 + exchange.server.count("runs") % 2 * 6
            await exchange.answer(status, {}, Location=f"{other.url}/runners/x/runs")

        for kind in ("runs", "trigger", "page", "stream", "run"):
            server.always(kind, elsewhere)
        env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
        for words in (("runs", RUNNER_ID), TRIGGER, ("logs", RUNNER_ID, RUN_ID)):
            assert await person.does(*words, env=env) != 0
        assert server.requests
        assert not other.requests
    assert not person.leaks()


async def test_while_it_works_no_process_shows_key_or_value(person: Person) -> None:
    async with HostileServer() as server:
        asked = asyncio.Event()

        async def silence(exchange: Exchange) -> None:
            asked.set()
            await exchange.silence()

        server.always("trigger", silence)
        env = {"NODION_API_URL": server.url, "NODION_API_KEY": CANARY}
        process = await asyncio.create_subprocess_exec(
            *(PROGRAM, *TRIGGER), env=person.env | env, cwd=person.home.parent
        )
        await asyncio.wait_for(asked.wait(), 20)
        mine = [line for line in _command_lines() if RUNNER_ID.encode() in line]
        assert mine
        assert not [line for line in mine if CANARY.encode() in line or VALUE.encode() in line]
        process.kill()
        await process.wait()
    assert not person.leaks()


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


async def test_what_is_kept_is_its_owners_alone_whatever_the_umask(person: Person) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", KEEPING, str(person.home)), umask=0
    )
    assert await process.wait() == 0
    kept = list(files(person.home))
    assert {path.name for path in kept} > {"default.key"}
    for path in kept:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
        for folder in takewhile(lambda each: each != person.home, path.parents):
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
