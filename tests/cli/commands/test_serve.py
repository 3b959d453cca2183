"""`serve`: the embedded engine of the installed program."""

import asyncio
import re
import signal
import stat
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from nodion_tui.cli.local_engine import KeptEngine
from nodion_tui.config import Profile, Secret
from tests.cli.conftest import CANARY, Cli, RunInProcess
from tests.support.wire import Wire, connect

CliAt = Callable[..., Cli]


@asynccontextmanager
async def serving(cli: Cli, *arguments: str) -> AsyncIterator[tuple[Process, str, Path]]:
    """Starts the engine; yields process, URL and key file."""
    process = await cli.start("serve", "--port", "0", *arguments)
    assert process.stdout is not None
    try:
        listening = (await process.stdout.readline()).decode()
        key_line = (await process.stdout.readline()).decode()
        address = re.fullmatch(r"listening on (http://127\.0\.0\.1:\d+/v1)\n", listening)
        key_file = re.fullmatch(r"key file: (.+)\n", key_line)
        assert address, listening
        assert key_file, key_line
        yield process, address[1], Path(key_file[1])
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_first_run_on_a_new_engine_until_its_log_is_deleted(
    cli_at: CliAt, tmp_path: Path
) -> None:
    data = tmp_path / "engine data"
    options = ("--data", str(data), "--keep-logs", "2s")
    async with serving(cli_at(), *options) as (process, url, key_file):
        assert key_file.parent == data
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        cli = Cli(tmp_path, url, key_file.read_text())
        runners = await cli("runners")
        done = await cli("trigger", "Environment check", "-f", "-e", "VERBOSE=yes")
        refused = await Cli(tmp_path, url, CANARY)("runners")
        async with asyncio.timeout(20):
            while (printed := await cli("logs", "Environment check", "latest")).code == 0:
                pass
        process.send_signal(signal.SIGTERM)
        ended = await cli.end(process)
    assert "Environment check" in runners.out
    assert (done.code, done.lines[-1]) == (0, "done by sh -c")
    assert refused.code == 4
    assert (printed.code, "Log no longer kept: " in printed.err) == (1, True)
    assert ended.code == 128 + signal.SIGTERM
    assert key_file.read_text().strip() not in ended.out + ended.err


async def test_runs_and_key_survive_a_restart_and_the_key_is_shown_on_request(
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
        assert words[:-1] == ["read-only", "key:"]
        async with connect(url, Secret(words[-1])) as http:
            ids = {row["name"]: row["id"] for row in (await http.get("/runners")).json()["runners"]}
            runs = f"/runners/{ids['Environment check']}/runs"
            assert [row["id"] for row in (await http.get(runs)).json()["runs"]] == [run["id"]]
            assert (await http.post(runs)).status_code == 403


async def test_the_engine_of_a_folder_is_joined_by_local_and_stays(
    cli_at: CliAt, tmp_path: Path
) -> None:
    data = tmp_path / "engine"
    async with serving(cli_at(), "--data", str(data)) as (process, url, _):
        joined = await cli_at()("--local", "--data", str(data), "runners")
        assert (joined.code, "Environment check" in joined.out) == (0, True), joined.err
        async with KeptEngine(Profile(), data).connect() as profile:
            assert (profile.api_url, profile.engine) == (url, "served")
        assert process.returncode is None
        process.send_signal(signal.SIGTERM)
        await process.wait()
    gone = await cli_at()("--local", "--data", str(data), "runners")
    assert (gone.code, "no local engine is running" in gone.err) == (2, True)


async def test_options_limit_concurrency_page_size_and_requests(cli_at: CliAt) -> None:
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
        (("--keep-logs", "soon"), "'soon' is not a duration such as 90s, 30m, 2h, 1d12h, or never"),
        (("--keep-logs", "0.5s"), "'0.5s' is too short: 1s or more, or never"),
    ],
)
def test_invalid_options_are_reported(
    run_in_process: RunInProcess, arguments: tuple[str, ...], message: str
) -> None:
    done = run_in_process("serve", "--port", "0", *arguments)
    assert done.code == 2
    assert message in done.err
    assert len(done.err.splitlines()) == 1


async def test_init_writes_a_starter_file(cli_at: CliAt, tmp_path: Path) -> None:
    cli, file = cli_at(), tmp_path / "local.toml"
    written = await cli("serve", "--init", "--config", str(file))
    again = await cli("serve", "--init", "--config", str(file))
    assert (written.code, again.code) == (0, 2)
    assert f"nodion-tui serve --config {file}" in written.out
    assert "already exists, not overwritten" in again.err
    async with serving(cli, "--config", str(file)) as (_, url, key_file):
        runners = await Cli(tmp_path, url, key_file.read_text())("runners")
    assert [row[1] for row in runners.rows] == ["Hello"]


async def test_an_occupied_port_is_reported(cli_at: CliAt) -> None:
    cli = cli_at()
    async with serving(cli) as (_, url, _key_file):
        port = url.rpartition(":")[2].removesuffix("/v1")
        done = await cli("serve", "--port", port, "--data", str(cli.folder / "other"))
    assert done.code == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.err
