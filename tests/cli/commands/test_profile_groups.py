"""`runners`, `runs` and `status` of several profiles: one list, whose rows have their profile."""

import asyncio
from pathlib import Path

import pytest

from nodion_tui.local.http.server import EngineServer
from tests.cli.conftest import CANARY, PROGRAM, Cli
from tests.support.forks import Forks
from tests.support.terminal import Terminal

PROFILE = """
[profiles.{name}]
api_url = "{url}"
key_command = ["echo", "{key}"]
"""


@pytest.fixture
async def group(forks: Forks, engine: EngineServer, tmp_path: Path) -> Cli:
    """Two profiles of the engine, in a group, and one that cannot be reached."""
    cli = Cli(tmp_path, forks=forks)
    away = PROFILE.format(name="away", url="http://127.0.0.1:9/v1", key="k" * 20)
    each = [PROFILE.format(name=name, url=engine.url, key=CANARY) for name in ("one", "two")]
    cli.configure("".join(each) + away + '[profiles.both]\ngroup = ["one", "two"]\n')
    for name in ("one", "two"):
        done = await cli("--profile", name, "trigger", "Hello", "-f")
        assert done.code == 0, done.err
    return cli


async def test_runs_of_several_profiles_are_one_list_newest_first(group: Cli) -> None:
    runs, objects, few, status = await asyncio.gather(
        group("--profile", "both", "runs"),
        group("--profiles", "one,two", "runs", "--json"),
        group("--profiles", "one,two", "runs", "-n", "3"),
        group("--profiles", "one,two", "status", "Hello", "--json", "profile,runner"),
    )
    assert [row[0] for row in runs.rows] == ["one", "two", "one", "two"]
    created = [row[4] for row in runs.rows]
    assert created == sorted(created, reverse=True)
    assert {tuple(each) for each in objects.objects} == {("profile", "runner_id", "runner", "run")}
    assert (len(few.rows), "1 older runs not shown" in few.err) == (3, True)
    assert status.objects == [
        {"profile": "one", "runner": "Hello"},
        {"profile": "two", "runner": "Hello"},
    ]


async def test_a_profile_that_cannot_be_read_is_told_beside_the_others(group: Cli) -> None:
    runners, status, none, lost = await asyncio.gather(
        group("--profiles", "one,away", "runners"),
        group("--profiles", "one,away", "status"),
        group("--profiles", "one,two", "runs", "Nobody"),
        group("--profiles", "away", "runs"),
    )
    assert {row[0] for row in runners.rows} == {"one"}
    assert runners.code == 1
    assert "nodion-tui: away: " in runners.err
    assert status.code == 2
    assert (none.code, "no runner has the name 'Nobody'" in none.err) == (1, True)
    assert lost.code == 3


async def test_a_terminal_has_a_column_of_the_profile(group: Cli) -> None:
    def shown() -> str:
        words = (PROGRAM, "--profile", "both", "runners")
        with Terminal(words, env=group.env | {"NO_COLOR": "1"}) as terminal:
            assert terminal.wait_exit() == 0
            return bytes(terminal.raw).decode()

    lines = (await asyncio.to_thread(shown)).splitlines()
    assert lines[0].split()[:2] == ["PROFILE", "ID"]
    assert lines[1].split()[0] == "one"
