"""Folders that are not the program's are refused as data folder, and stay as they are."""

import asyncio
import os
from pathlib import Path

import pytest

from tests.support.foreign_folders import NEEDS_ROOT, REFUSED, Make, a_file, project
from tests.support.forks import Forks
from tests.support.terminal import Terminal
from tests.support.trees import read_tree
from tests.trust.conftest import PROGRAM

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
every_refused = pytest.mark.parametrize(
    "make",
    [pytest.param(make, marks=as_root if make in NEEDS_ROOT else ()) for make in REFUSED],
    ids=[make.__name__ for make in REFUSED],
)


async def refused(
    forks: Forks, arguments: list[str], env: dict[str, str], folder: Path | None = None
) -> str:
    """The only line on stderr of `serve`, which ends with 2."""
    async with asyncio.timeout(30):
        done = await forks.run(
            "serve", "--port", "0", *arguments, env=env, folder=folder or Path.cwd()
        )
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    return done.err


@every_refused
async def test_serve_refuses_it_and_changes_nothing(
    make: Make, home: Path, environment: dict[str, str], forks: Forks
) -> None:
    make(home / "data")
    before = read_tree(home)
    assert REFUSED[make] in await refused(forks, ["--data", str(home / "data")], environment)
    assert read_tree(home) == before


@every_refused
async def test_serve_refuses_it_in_the_folder_of_what_the_program_keeps(
    make: Make, home: Path, environment: dict[str, str], forks: Forks
) -> None:
    make(home / "engine")
    before = read_tree(home)
    error = await refused(forks, [], environment | {"NODION_TUI_DATA": str(home)})
    assert (REFUSED[make] if make is not a_file else "not a folder") in error
    assert read_tree(home) == before


@pytest.mark.pty
@every_refused
def test_the_dashboard_refuses_it_and_changes_nothing(
    make: Make, home: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    make(home / "data")
    before = read_tree(home)
    argv = [PROGRAM, "--local", "--data", str(home / "data")]
    with Terminal(argv, columns=300, env=environment, cwd=str(tmp_path)) as terminal:
        terminal.wait_for(REFUSED[make])
        assert terminal.wait_exit() == 2
    assert read_tree(home) == before


async def test_a_project_that_is_named_as_here_is_refused_and_unchanged(
    home: Path, environment: dict[str, str], forks: Forks
) -> None:
    project(home / "data")
    before = read_tree(home)
    assert "not empty" in await refused(forks, ["--data", "."], environment, home / "data")
    assert read_tree(home) == before
