"""`serve`: the engine alone, by the installed program."""

import re
import signal
import stat
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nodion_tui.config import Secret
from tests.cli.conftest import CANARY, Cli, Here
from tests.support.wire import Wire, connect

CliAt = Callable[..., Cli]


@asynccontextmanager
async def serving(cli: Cli, *arguments: str) -> AsyncIterator[tuple[Process, str, Path]]:
    """The process, its address, and where it says that the key is."""
    process = await cli.start("serve", "--port", "0", *arguments)
    assert process.stdout is not None
    try:
        listening = (await process.stdout.readline()).decode()
        kept = (await process.stdout.readline()).decode()
        address = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+/v1)\n", listening)
        folder = re.fullmatch(r"the key is kept in (.+)\n", kept)
        assert address, listening
        assert folder, kept
        yield process, address[1], Path(folder[1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_newcomers_way_to_a_first_run(cli_at: CliAt, tmp_path: Path) -> None:
    data = tmp_path / "engine data"
    async with serving(cli_at(), "--data", str(data)) as (process, url, key_file):
        assert key_file.parent == data
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        cli = Cli(tmp_path, url, key_file.read_text())
        runners = await cli("runners")
        done = await cli("trigger", "Environment check", "-f", "-e", "VERBOSE=yes")
        refused = await Cli(tmp_path, url, CANARY)("runners")
        process.send_signal(signal.SIGTERM)
        ended = await cli.end(process)
    assert "Environment check" in runners.out
    assert (done.code, done.lines[-1]) == (0, "done by sh -c")
    assert refused.code == 4
    assert ended.code == 128 + signal.SIGTERM
    assert key_file.read_text().strip() not in ended.out + ended.err


async def test_it_keeps_its_runs_and_its_key_and_shows_it_only_when_told(
    cli_at: CliAt, tmp_path: Path
) -> None:
    cli = cli_at()
    async with serving(cli) as (process, url, key_file):
        key = key_file.read_text().strip()
        run = (
            await Cli(tmp_path, url, key)("trigger", "Environment check", "-f", "--json")
        ).objects[0]
        process.send_signal(signal.SIGINT)
        assert (await cli.end(process)).code == 130
    assert key_file.is_relative_to(tmp_path / "data")
    async with serving(cli, "--show-key") as (process, url, key_file):
        assert process.stdout is not None
        assert (await process.stdout.readline()).decode() == f"key: {key}\n"
        words = (await process.stdout.readline()).decode().split()
        assert words[:-1] == ["key", "that", "may", "only", "read:"]
        async with connect(url, Secret(words[-1])) as http:
            ids = {row["name"]: row["id"] for row in (await http.get("/runners")).json()["runners"]}
            runs = f"/runners/{ids['Environment check']}/runs"
            assert [row["id"] for row in (await http.get(runs)).json()["runs"]] == [run["id"]]
            assert (await http.post(runs)).status_code == 403


async def test_how_many_run_at_once_and_how_long_a_page_is_can_be_told(cli_at: CliAt) -> None:
    limits = ("--max-running", "1", "--page-size", "2", "--requests-per-minute", "10")
    async with serving(cli_at(), *limits) as (process, url, key_file):
        async with connect(url, Secret(key_file.read_text().strip())) as http:
            ids = {row["name"]: row["id"] for row in (await http.get("/runners")).json()["runners"]}
            wire = Wire(http, ids.__getitem__)
            first = await wire.trigger("Environment check")
            await wire.follow(first)
            assert len(await wire.logs(first)) == 2
            busy, waiting = [await wire.trigger("Queue worker") for _ in range(2)]
            async for _ in wire.events(busy):
                break
            assert (await wire.get(busy))["status"] == "running"
            assert (await wire.get(waiting))["status"] == "pending"
            assert (await http.get("/runners")).status_code == 200
            assert (await http.get("/runners")).status_code == 429
        process.send_signal(signal.SIGTERM)
        await process.wait()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--port", "70000"), "70000 is out of range: 0 to 65535"),
        (("--max-running", "0"), "0 is out of range: 1 to 1000"),
        (("--executor", "magic"), "'magic' is not one of"),
        (("--data", "/dev/null/x"), "Not a directory"),
    ],
)
def test_what_it_cannot_do_is_told(here: Here, arguments: tuple[str, ...], message: str) -> None:
    done = here("serve", "--port", "0", *arguments)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.splitlines()) == 1


async def test_a_first_file_of_ones_own_runners(cli_at: CliAt, tmp_path: Path) -> None:
    cli, file = cli_at(), tmp_path / "local.toml"
    written = await cli("serve", "--init", "--config", str(file))
    again = await cli("serve", "--init", "--config", str(file))
    assert (written.code, again.code) == (0, 2)
    assert f"nodion-tui serve --config {file}" in written.out
    assert "already exists, not overwritten" in again.err
    async with serving(cli, "--config", str(file)) as (_, url, key_file):
        runners = await Cli(tmp_path, url, key_file.read_text())("runners")
    assert [row[1] for row in runners.rows] == ["Hello"]


async def test_a_port_that_is_taken_is_told(cli_at: CliAt) -> None:
    cli = cli_at()
    async with serving(cli) as (_, url, _key_file):
        port = url.rpartition(":")[2].removesuffix("/v1")
        done = await cli("serve", "--port", port, "--data", str(cli.folder / "other"))
    assert done.code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.err
