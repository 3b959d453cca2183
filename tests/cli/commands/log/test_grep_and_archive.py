"""`grep` and `archive`: the installed program on a real engine, online and without it."""

import os
import sqlite3

import pytest

from nodion_tui.local.http.server import EngineServer
from tests.cli.conftest import CANARY, Cli


@pytest.fixture
def archiving(cli: Cli) -> Cli:
    """Its profile keeps finished logs."""
    url = cli.env.pop("NODION_API_URL")
    cli.configure(
        f'profile = "p"\n[profiles.p]\napi_url = "{url}"\nkey_env = "NODION_API_KEY"\n'
        'archive = "64 MiB, 90d"\n'
    )
    return cli


async def trigger(cli: Cli, runner: str, script: str) -> str:
    """A finished run of a shell script; returns its id."""
    result = await cli("trigger", runner, "--shell", script, "--json")
    run_id = str(result.objects[0]["id"])
    await cli("wait", runner, run_id)
    return run_id


async def test_grep_finds_what_a_search_finds_and_answers_as_grep_does(cli: Cli) -> None:
    first = await trigger(cli, "Hello", "echo one; echo Timed out; echo three; echo four")
    second = await trigger(cli, "Failing", "echo '\x1b[31mtime out\x1b[0m here'; exit 3")
    result = await cli("grep", "timed? out")
    assert result.code == 0
    assert sorted(result.lines) == sorted([f"{first}:3:Timed out", f"{second}:2:time out here"])
    assert "searched 0 of 2 runs, 0 lines, 0 found · 2 to fetch, about 4 requests" in result.err
    assert "searched 2 of 2 runs, " in result.err
    around = await cli("grep", "Timed", "-C", "1")
    assert around.lines == [f"{first}-2-one", f"{first}:3:Timed out", f"{first}-4-three"]
    chosen = await cli("grep", "out", "status:failed", "--json", "run_id,line,body,match")
    line = {"run_id": second, "line": 2, "body": "\x1b[31mtime out\x1b[0m here", "match": True}
    assert chosen.objects == [line]
    assert (await cli("grep", "out", "--runs", "1")).lines == [f"{second}:2:time out here"]
    nothing = await cli("grep", "no such line")
    assert (nothing.code, nothing.out) == (1, "")
    wrong = await cli("grep", "(")
    assert (wrong.code, wrong.out) == (2, "")
    assert (await cli("grep", "x", "log:y")).code == 2


async def test_archived_logs_are_searched_shown_compared_and_saved_without_the_service(
    archiving: Cli, engine: EngineServer
) -> None:
    cli = archiving
    good = await trigger(cli, "Hello", "echo same; echo fine")
    bad = await trigger(cli, "Hello", "echo same; echo broken; exit 1")
    assert (await cli("grep", "broken")).lines == [f"{bad}:3:broken"]
    again = await cli("grep", "broken")
    assert "to fetch" not in again.err
    await engine.__aexit__(None, None, None)

    found = await cli("grep", "broken|fine")
    assert sorted(found.lines) == sorted([f"{bad}:3:broken", f"{good}:3:fine"])
    assert "only archived logs are searched" in found.err
    diff = await cli("diff", "Hello", "latest-failed")
    assert diff.code == 1
    assert {"-fine", "+broken"} <= set(diff.lines)
    saved = await cli("evidence", "Hello", bad, "-o", str(cli.folder / "evidence"))
    assert saved.code == 0
    assert "broken" in (cli.folder / "evidence").joinpath(saved.lines[0], "log.txt").read_text()

    listed = await cli("archive")
    assert [row[0] for row in listed.rows] == [bad, good]
    assert "2 logs" in listed.err
    assert "limit 64 MiB, 90d" in listed.err
    assert [row["run_id"] for row in (await cli("archive", "status:failed", "--json")).objects] == [
        bad
    ]
    assert (await cli("archive", "--verify")).code == 0
    path = cli.folder / "data" / "archive.sqlite3"
    content = path.read_bytes()
    assert CANARY.encode() not in content
    assert path.stat().st_mode & 0o777 == 0o600
    unconfirmed = await cli("archive", "--purge")
    assert (unconfirmed.code, path.read_bytes()) == (2, content)
    assert (await cli("archive", "--purge", "status:failed", "--yes")).code == 0
    assert [row[0] for row in (await cli("archive")).rows] == [good]
    assert (await cli("grep", "broken")).code == 1
    with sqlite3.connect(path) as db:
        db.execute("UPDATE block SET text = x'00'")
    db.close()
    damaged = await cli("archive", "--verify")
    assert (damaged.code, len(damaged.lines)) == (1, 1)
    assert (await cli("grep", "fine")).code == 2


async def test_another_s_file_is_told_and_left(archiving: Cli) -> None:
    path = archiving.folder / "data" / "archive.sqlite3"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    assert (await archiving("archive")).code == 2
    run = await trigger(archiving, "Hello", "echo here")
    found = await archiving("grep", "here")
    assert found.lines == [f"{run}:2:here"]
    assert "archive.sqlite3: not an archive of nodion-tui" in found.err
    assert path.read_text() == "mine"
    assert os.listdir(path.parent).count("archive.sqlite3-wal") == 0  # noqa: PTH208
