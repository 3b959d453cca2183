"""`grep` and `archive`: the installed program on a real engine, online and without it."""

import shlex
import sqlite3
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.api.follow.follower import LogFollower
from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.monitor.archive.log_archive import LogArchive
from tests.cli.conftest import Cli, RunInProcess
from tests.monitor.archive.test_log_archive import ended, finished, put

if TYPE_CHECKING:
    from pathlib import Path

Ended = Callable[[str, str], Awaitable[str]]


@pytest.fixture
def archiving(cli: Cli) -> Cli:
    """Its profile keeps finished logs."""
    url = cli.env.pop("NODION_API_URL")
    cli.configure(
        f'profile = "p"\n[profiles.p]\napi_url = "{url}"\nkey_env = "NODION_API_KEY"\n'
        'archive = "64 MiB, 90d"\n'
    )
    return cli


@pytest.fixture
def ended_run(client: NodionClient, runner_id: Callable[[str], str]) -> Ended:
    """Executes a shell script on a runner; returns the id of the run."""

    async def execute(runner: str, script: str) -> str:
        run = await client.trigger(runner_id(runner), TriggerRequest(command=script))
        async for _ in LogFollower(client, run.key).events():
            pass
        return run.id

    return execute


async def test_grep_finds_what_a_search_finds_and_answers_as_grep_does(
    cli: Cli, ended_run: Ended
) -> None:
    first = await ended_run("Hello", "echo one; echo Timed out; echo three; echo four")
    second = await ended_run("Failing", "echo '\x1b[31mtime out\x1b[0m here'; exit 3")
    result = await cli("grep", "timed? out")
    assert result.code == 0
    assert sorted(result.lines) == sorted([f"{first}:3:Timed out", f"{second}:2:time out here"])
    assert "searched 0 of 2 runs, 0 lines, 0 found · 2 to fetch, about 4 requests" in result.err
    assert "searched 2 of 2 runs, 7 lines, 2 found" in result.err
    around = await cli("grep", "Timed", "-C", "1", "status:succeeded")
    assert around.lines == [f"{first}-2-one", f"{first}:3:Timed out", f"{first}-4-three"]
    chosen = await cli("grep", "out", "--runs", "1", "--json", "run_id,line,body,match")
    line = {"run_id": second, "line": 2, "body": "\x1b[31mtime out\x1b[0m here", "match": True}
    assert chosen.objects == [line]
    nothing = await cli("grep", "no such line")
    assert (nothing.code, nothing.out) == (1, "")


def test_mistakes_of_grep_are_no_answers(run_in_process: RunInProcess) -> None:
    assert run_in_process("grep", "(").code == 2
    assert run_in_process("grep", "x", "log:y").code == 2
    assert run_in_process("grep", "x").code == 3  # nobody answers


def test_a_group_has_no_archive_of_its_own(run_in_process: RunInProcess, tmp_path: "Path") -> None:
    Cli(tmp_path).configure('profile = "all"\n[profiles.all]\ngroup = ["a"]\n[profiles.a]\n')
    done = run_in_process("archive", "--verify")
    assert (done.code, "is a group of a" in done.err) == (2, True)


async def test_without_the_service_logs_come_from_the_archive(
    archiving: Cli, engine: EngineServer, ended_run: Ended
) -> None:
    cli = archiving
    good = await ended_run("Hello", "echo same; echo fine")
    bad = await ended_run("Hello", "echo same; echo broken; exit 1")
    assert (await cli("grep", "broken")).lines == [f"{bad}:3:broken"]
    await engine.__aexit__(None, None, None)
    found = await cli("grep", "broken|fine")
    assert sorted(found.lines) == sorted([f"{bad}:3:broken", f"{good}:3:fine"])
    assert "only archived logs are searched" in found.err
    diff = await cli("diff", "Hello", "latest-failed")
    assert diff.code == 1
    assert {"-fine", "+broken"} <= set(diff.lines)
    printed = await cli("logs", "Hello", "latest")
    assert (printed.code, printed.lines[1:]) == (0, ["same", "broken"])
    words, pages = ["logs", "Hello", "latest", "--max-lines", "2"], []
    while words:
        page = await cli(*words)
        pages.append(page.lines)
        words = shlex.split(page.err.partition("to go on: ")[2])[1:]
    assert pages == [printed.lines[:2], printed.lines[2:]]
    saved = await cli("evidence", "Hello", bad, "-o", str(cli.folder / "evidence"))
    assert saved.code == 0
    assert "broken" in (cli.folder / "evidence").joinpath(saved.lines[0], "log.txt").read_text()


async def test_what_is_followed_to_its_end_is_archived(archiving: Cli) -> None:
    cli = archiving
    done = await cli("trigger", "Hello", "-f", "--shell", "seq 3; exit 4")
    (kept,) = (await cli("archive", "--json")).objects
    assert (done.code, kept["lines"]) == (4, len(done.lines))
    assert kept["status"] == "failed"
    assert (await cli("archive", "--verify")).code == 0
    assert (await cli("archive", "--purge", "--yes")).code == 0
    first, *_ = (await cli("logs", "Hello", "latest", "--json", "id")).objects
    await cli("logs", "Hello", "latest", "-f", "--after", first["id"])
    assert (await cli("archive", "--json")).objects == [], "its first lines are missing"
    await cli("logs", "Hello", "latest", "-f")
    assert len((await cli("archive", "--json")).objects) == 1


def test_the_archive_is_listed_verified_and_purged(
    run_in_process: RunInProcess, tmp_path: "Path"
) -> None:
    profile = Profile(api_url="http://127.0.0.1:9/v1", archive=ArchiveLimits(2**26))
    kept = LogArchive(tmp_path / "data", profile)
    assert run_in_process("archive").lines == []
    for number in (1, 2):
        put(kept, finished(ended(number), ["same", "broken"]))
    listed = run_in_process("archive")
    assert [row[0] for row in listed.rows] == ["run-2", "run-1"]
    assert "2 logs" in listed.err
    assert [row["lines"] for row in run_in_process("archive", "id:run-1", "--json").objects] == [2]
    assert run_in_process("archive", "--verify").code == 0
    content = kept.path.read_bytes()
    assert run_in_process("archive", "--purge").code == 2  # nobody can be asked
    assert kept.path.read_bytes() == content
    assert run_in_process("archive", "--purge", "id:run-1", "--yes").code == 0
    assert [log.run.id for log in kept.logs()] == ["run-2"]
    with sqlite3.connect(kept.path) as db:
        db.execute("UPDATE block SET text = x'00'")
    db.close()
    damaged = run_in_process("archive", "--verify")
    assert (damaged.code, len(damaged.lines)) == (1, 1)
    kept.path.write_text("mine")
    assert run_in_process("archive").code == 2
    assert kept.path.read_text() == "mine"


async def test_another_s_file_is_told_and_left(archiving: Cli, ended_run: Ended) -> None:
    path = archiving.folder / "data" / "archive.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    run = await ended_run("Hello", "echo here")
    found = await archiving("grep", "here")
    assert found.lines == [f"{run}:2:here"]
    assert "archive.sqlite3: not an archive of nodion-tui" in found.err
    assert path.read_text() == "mine"
    assert not path.with_name("archive.sqlite3-wal").exists()
