"""Answers, key commands and files that cost more than they may, through the installed program."""

import asyncio
import gzip
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.hostile import RUN_ID, RUNNER_ID, Exchange, HostileServer, Script

CliAt = Callable[..., Cli]
DEEP = b"[" * 20_000 + b"]" * 20_000
MEMORY_MIB = 160
"""Resident memory that a command may reach; it needs some 40 MiB for a small answer."""

MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], stderr=subprocess.STDOUT, check=False)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"\\n{usage.ru_maxrss} {done.returncode}", end="")
"""
"""Peak memory of a program as its parent sees it: it counts what the parent had at the fork, so a
small one starts it."""


@pytest.fixture
def cli_at(tmp_path: Path) -> CliAt:
    return lambda url="": Cli(tmp_path, url)


def packed(size: int) -> bytes:
    """Bytes that unpack to `size` zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(b"0" * (1 << 20)) for _ in range(size >> 20)]
    return b"".join(parts) + packer.flush()


def answering(
    body: bytes, coding: str, kind: str = "application/json", status: int = 200
) -> Script:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(status, body, kind, Content_Encoding=coding)

    return answer


async def peak_mib(cli: Cli, *words: str) -> tuple[float, int, str]:
    """Peak memory of a command, its exit code and what it printed."""

    def run() -> tuple[float, int, str]:
        done = subprocess.run(
            [sys.executable, "-c", MEASURE, PROGRAM, *words],
            env=cli.env,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        text, _, numbers = done.stdout.decode().rpartition("\n")
        kib, code = numbers.split()
        return int(kib) / 1024, int(code), text

    return await asyncio.to_thread(run)


BOMB = gzip.compress(gzip.compress(packed(1 << 30)))


@pytest.mark.parametrize(
    ("kind", "script", "words", "message"),
    [
        ("runs", answering(BOMB, "gzip, gzip, gzip"), ("runs",), "gzip, gzip, gzip was not asked"),
        ("runs", answering(BOMB, "br"), ("runs",), "Content-Encoding br was not asked for"),
        ("runs", answering(b"no gzip", "gzip"), ("runs",), "invalid compression"),
        ("runs", answering(gzip.compress(b"{}" * 99)[:-9], "gzip"), ("runs",), "is incomplete"),
        ("runs", answering(packed(64 << 20), "gzip", status=500), ("runs",), "500 Internal"),
    ],
    ids=["stacked", "unknown", "no gzip", "cut", "error body"],
)
async def test_a_packed_answer_is_bounded_as_it_is_unpacked(
    kind: str, script: Script, words: tuple[str, ...], message: str, cli_at: CliAt
) -> None:
    async with HostileServer() as server:
        server.always(kind, script)
        peak, code, text = await peak_mib(cli_at(server.url), *words, RUNNER_ID)
    assert code in {1, 3}
    assert message in text
    assert peak < MEMORY_MIB


async def test_a_packed_log_stream_is_refused(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.plan("stream", answering(BOMB, "gzip", "text/event-stream"))
        server.finish()
        peak, code, text = await peak_mib(cli_at(server.url), "logs", RUNNER_ID, RUN_ID, "-f")
    assert "Content-Encoding gzip was not asked for" in text
    assert (code, peak < MEMORY_MIB) == (0, True)


def deep(template: bytes) -> Script:
    async def answer(exchange: Exchange) -> None:
        await exchange.answer(200, template.replace(b"DEEP", DEEP))

    return answer


DEEP_ANSWERS: dict[str, tuple[str, Script]] = {
    "runners": ("runners", deep(b'{"runners":DEEP}')),
    "an unread field": ("runners", deep(b'{"runners":[{"id":"a","name":"ok","x":DEEP}]}')),
    "a run of the list": ("runs", deep(b'{"runs":[{"id":"r","status":"running","argv":DEEP}]}')),
    "a run": ("run", deep(b'{"run":DEEP}')),
    "a page": ("page", deep(b'{"logs":[{"id":"l","body":DEEP}]}')),
    "a trigger": ("trigger", deep(b'{"run":DEEP}')),
    "a stop": ("stop", deep(b'{"run":{"id":"r","x":DEEP}}')),
}
COMMANDS: dict[str, tuple[tuple[str, ...], ...]] = {
    "runners": (("runners",), ("runs",), ("runners", "--json")),
    "runs": (("runs", RUNNER_ID), ("runs", RUNNER_ID, "--json")),
    "run": (("run", RUNNER_ID, RUN_ID), ("run", RUNNER_ID, RUN_ID, "--json")),
    "page": (("logs", RUNNER_ID, RUN_ID), ("logs", RUNNER_ID, RUN_ID, "--json")),
    "trigger": (("trigger", RUNNER_ID), ("trigger", RUNNER_ID, "--json", "-f")),
    "stop": (("stop", RUNNER_ID, RUN_ID),),
}


@pytest.mark.parametrize("place", DEEP_ANSWERS)
async def test_deeply_nested_json_is_a_reported_fault(place: str, cli_at: CliAt) -> None:
    kind, script = DEEP_ANSWERS[place]
    async with HostileServer() as server:
        server.always(kind, script)
        cli = cli_at(server.url)
        for words in COMMANDS[kind]:
            done = await cli(*words)  # which checks that there is no traceback
            assert done.code in {1, 125}, words
            assert "nested too deeply" in done.err, words
            if kind in {"trigger", "stop"}:
                assert "Outcome unknown" in done.err


async def test_a_line_that_cannot_be_read_makes_the_log_not_complete(cli_at: CliAt) -> None:
    async def stream(exchange: Exchange) -> None:
        await exchange.head()
        await exchange.raw(b'event: log\ndata: {"id":"l9","body":%s}\n\n' % DEEP)
        await exchange.raw(b'event: state\ndata: {"status":"succeeded","exit_code":0}\n\n')

    async def page(exchange: Exchange) -> None:
        await exchange.answer(200, b'{"logs":[]}')

    async with HostileServer() as server:
        server.always("stream", stream)
        server.always("page", page)
        done = await cli_at(server.url)("logs", RUNNER_ID, RUN_ID, "-f")
    assert "unreadable line: nested too deeply" in done.err
    assert "log complete" not in done.err


async def test_many_bad_rows_are_one_line_with_a_count(cli_at: CliAt) -> None:
    rows = 50_000

    async def answer(exchange: Exchange) -> None:
        body = b'{"runs":[{"id":"good","status":"failed"}' + b",{}" * rows + b"]}"
        await exchange.answer(200, body)

    async with HostileServer() as server:
        server.always("runs", answer)
        done = await cli_at(server.url)("runs", RUNNER_ID)
    assert [row[0] for row in done.rows] == ["good"]
    assert done.err.startswith("50,000 rows are not as documented, the first: row 2: ")
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("script", "message"),
    [
        ("yes", "printed more than 8,192 bytes"),
        ("exit 3", "failed, exit 3"),
    ],
)
async def test_a_key_command_is_bounded(script: str, message: str, cli_at: CliAt) -> None:
    cli = cli_at()
    command = json.dumps(["sh", "-c", script])
    cli.configure(f'[profiles.p]\napi_url = "http://127.0.0.1:9/v1"\nkey_command = {command}\n')
    peak, code, text = await peak_mib(cli, "runners")
    assert (code, peak < MEMORY_MIB) == (4, True)
    assert message in text


@pytest.mark.parametrize("what", ["fifo", "device", "folder", "huge", "deep"])
async def test_what_is_no_configuration_file_is_told(what: str, cli_at: CliAt) -> None:
    cli = cli_at()
    cli.configure("")
    path = cli.folder / "config" / "config.toml"
    path.unlink()
    match what:
        case "fifo":
            os.mkfifo(path)
        case "device":
            path.symlink_to("/dev/zero")
        case "folder":
            path.mkdir()
        case "huge":
            with path.open("wb") as file:
                file.truncate(1 << 40)
        case "deep":
            path.write_text(f"theme = {'[' * 5000}{']' * 5000}")
    done = await cli("profiles")
    assert done.code == 2
    assert "config.toml: " in done.err


async def test_a_configuration_that_others_may_write_is_refused(cli_at: CliAt) -> None:
    cli = cli_at()
    cli.configure('theme = "nodion-light"\n')
    path = cli.folder / "config" / "config.toml"
    for mode, refused in ((0o644, False), (0o666, True), (0o646, True), (0o600, False)):
        path.chmod(mode)
        done = await cli("config", "show")
        assert (done.code == 2, "chmod go-w" in done.err) == (refused, refused), oct(mode)
    path.parent.chmod(0o777)
    assert "config: writable by other users; run: chmod go-w" in (await cli("profiles")).err
    path.parent.chmod(0o1777)
    assert (await cli("profiles")).code == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
async def test_a_file_of_another_user_is_refused(cli_at: CliAt) -> None:
    cli = cli_at()
    cli.configure('theme = "nodion-light"\n')
    os.chown(cli.folder / "config" / "config.toml", 12345, 12345)
    done = await cli("profiles")
    assert (done.code, "owned by user 12345" in done.err) == (2, True)
