"""local.toml: valid content, error messages, reload on change."""

import asyncio
import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from nodion_tui.local.engine_settings import EngineSettings
from nodion_tui.local.http.server import EngineServer
from nodion_tui.local.runners.local_toml import LocalConfig, read_local_toml
from nodion_tui.local.runners.reload import fingerprint, watch_local_toml
from nodion_tui.local.runners.starter_file import STARTER_FILE, write_starter_file
from nodion_tui.model.errors import ConfigError
from tests.support.wire import Wire, connect

FULL = """\
[container]
program = "podman"
engine_args = ["--runtime", "/usr/sbin/runc"]
pull = "missing"

[[registries]]
host = "127.0.0.1:5000"
username = "ci"
password_file = "secret"

[[runners]]
name = "Database Backup"
id = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
image_name = "mycompany/backup-tool"
argv = ["python", "backup.py"]
entrypoint = "/usr/bin/env"
timeout_seconds = 60
workdir = "jobs"
env = { BACKUP_TARGET = "s3://my-bucket" }
status = "disabled"
[runners.instance_type]
cpu = 0.5
mem = 256
[runners.region]
name = "Frankfurt, DE"
slug = "fra"

[[runners]]
name = "Other"
run_command = "true"
"""


def _problems(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "local.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read_local_toml(path)
    return [line.removeprefix(f"{tmp_path}/") for line in caught.value.detail.splitlines()]


def test_everything_it_may_hold(tmp_path: Path) -> None:
    (tmp_path / "local.toml").write_text(FULL)
    content = read_local_toml(tmp_path / "local.toml")
    backup, other = content.runners
    assert backup.api_id == "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
    assert backup.workdir == str(tmp_path / "jobs")
    assert (backup.instance_type.cpu, backup.instance_type.mem) == (0.5, 256)
    assert (backup.status, backup.region.slug) == ("disabled", "fra")
    assert other.workdir is None
    assert content.registries[0].password_file == str(tmp_path / "secret")
    assert content.container.pull == "missing"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            '[[runners]]\nname = "Ok one"\ntimeout = 5',
            "local.toml:3: runners[0].timeout: unknown setting; did you mean time",
        ),
        ('[[runners]]\nimage_name = "x"', "local.toml:1: runners[0].name: is missing"),
        ('[[runners]]\n\nname = "x"', "local.toml:3: runners[0].name: must be 3–50 characters"),
        (
            '[[runners]]\nname = "One"\ntimeout_seconds = "5"',
            "local.toml:3: runners[0].timeout_seconds: expected a whole number, got a string",
        ),
        (
            '[[runners]]\nname = "One"\ntimeout_seconds = 86401',
            "local.toml:3: runners[0].timeout_seconds: must be 1–86,400",
        ),
        (
            '[[runners]]\nname = "One"\n[runners.env]\nA = "1"\n"B C" = "2"',
            "local.toml:3: runners[0].env: invalid name 'B C'",
        ),
        (
            '[[runners]]\nname = "One"\n[runners.env]\nPORT = 80',
            "local.toml:4: runners[0].env.PORT: expected a string in quotes, got a whole number",
        ),
        (
            '[[runners]]\nname = "One"\nargv = ["a"]\nrun_command = "b"',
            "local.toml:3: runners[0].argv: argv and command are mutually exclusive",
        ),
        (
            '[[runners]]\nname = "One"\n\n[[runners]]\nname = "One"',
            "local.toml:5: runners[1].name: 'One' is already defined",
        ),
        ('[[runners]]\nname = "One"\nid = "5"', "local.toml:3: runners[0].id: must be a UUID"),
        ('[runners]\nname = "One"', "local.toml:1: runners: expected [[runners]]"),
        (
            '[[runners]]\nname = "One"\n[runners.instance_type]\ncpu = 0',
            "local.toml:4: runners[0].instance_type.cpu: must be 0.01–1,024 cores",
        ),
        (
            '[[runners]]\nname = "One"\ninstance_type = { mem = -1 }',
            "local.toml:3: runners[0].instance_type.mem: must be 6–16,777,216 MiB",
        ),
        (
            '[[runners]]\nname = "One"\n[runners.instance_type]\nprice_second = nan',
            "local.toml:4: runners[0].instance_type.price_second: must be 0 or more",
        ),
        ("[other]\n", "local.toml:1: other: unknown setting"),
        ('[container]\npull = "never"', "local.toml:2: container.pull: Invalid enum value"),
        ('[[registries]]\nhost = "h"', "local.toml:1: registries[0].username: is missing"),
        ('[[runners]]\nname = "One', "local.toml:2: "),
    ],
)
def test_mistake_names_file_line_and_key(tmp_path: Path, text: str, problem: str) -> None:
    (message,) = _problems(tmp_path, text)
    assert message.startswith(problem)


def test_all_mistakes_are_told_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = '[[runners]]\nname = "x"\n[[runners]]\nnam = "y"\n[container]\nfoo = 1\n'
    lines = [int(problem.split(":")[1]) for problem in _problems(tmp_path, text)]
    assert lines == [2, 3, 4, 6]


def test_starting_file_is_valid_also_with_its_comments_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    write_starter_file(path)
    assert [runner.name for runner in read_local_toml(path).runners] == ["Hello"]
    start = STARTER_FILE.index("# [[runners]]")
    lines = [line.removeprefix("# ") for line in STARTER_FILE[start:].splitlines()]
    path.write_text("\n".join(line for line in lines if not line.startswith("#")))
    assert [runner.name for runner in read_local_toml(path).runners] == ["Database backup"]
    with pytest.raises(ConfigError, match="already"):
        write_starter_file(path)


async def test_a_change_is_picked_up_and_a_mistake_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "nodion_tui.local.http.server.watch_local_toml",
        partial(watch_local_toml, poll_seconds=0.02),
    )
    path = tmp_path / "local.toml"
    path.write_text(FIRST)
    notices: asyncio.Queue[str] = asyncio.Queue()
    settings = EngineSettings(data_dir=tmp_path / "data", runners_file=path)
    async with (
        EngineServer(settings, notices.put_nowait) as server,
        connect(server.url, server.key) as http,
    ):
        (first,) = await _runners(http)
        run = await Wire(http, lambda _: first["id"]).trigger("First")
        path.write_text('[[runners]]\nname = "First"\nrun_command = 5\n')
        assert "local.toml:3: runners[0].run_command" in await notices.get()
        assert await _runners(http) == [first]
        path.write_text('[[runners]]\nname = "Second"\nrun_command = "echo two"\n')
        assert (await notices.get()).endswith(": 1 runner loaded")
        assert [row["name"] for row in await _runners(http)] == ["Second"]
        assert (await http.get(run["path"])).status_code == 404
        path.write_text(FIRST)
        await notices.get()
        assert (await http.get(run["path"])).status_code == 200
        assert await _runners(http) == [first]
        path.unlink()
        assert "no such file" in await notices.get()
        assert await _runners(http) == [first]


FIRST = '[[runners]]\nname = "First"\nrun_command = "echo first"\n'


async def _runners(http: httpx.AsyncClient) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await http.get("/runners")).json()["runners"]
    return rows


async def test_workdir_is_where_a_run_starts(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text('[[runners]]\nname = "Here"\nworkdir = "."\nrun_command = "cat note; pwd"\n')
    (tmp_path / "note").write_text("found\n")
    settings = EngineSettings(data_dir=tmp_path / "data", runners_file=path)
    async with EngineServer(settings) as server, connect(server.url, server.key) as http:
        runner = (await http.get("/runners")).json()["runners"][0]
        wire = Wire(http, lambda _: runner["id"])
        bodies = (await wire.follow(await wire.trigger("Here"))).bodies
    assert bodies[1:] == ["found", str(tmp_path)]


async def test_mistake_at_the_start_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "local.toml"
    path.write_text("[[runners]]\n")
    with pytest.raises(ConfigError, match="is missing"):
        async with EngineServer(EngineSettings(data_dir=tmp_path / "d", runners_file=path)):
            pytest.fail("it started")


def _deep(path: Path) -> None:
    path.write_text("x = " + "[" * 5000)


def _not_text(path: Path) -> None:
    path.write_bytes(b"\xff\xfe")


def _large(path: Path) -> None:
    path.touch()
    os.truncate(path, 1 << 30)


def _endless_link(path: Path) -> None:
    path.symlink_to(path)


def _long_number(path: Path) -> None:
    path.write_text("x = 1" + "0" * 5000)


def _unknown_home(path: Path) -> None:
    path.write_text(f'{FIRST}workdir = "~no-such-user/x"\n')


@pytest.mark.parametrize(
    "save",
    [os.mkfifo, Path.mkdir, _deep, _not_text, _large, _endless_link, _long_number, _unknown_home],
)
async def test_whatever_is_saved_is_told_and_the_next_state_is_read(
    tmp_path: Path, save: Callable[[Path], None]
) -> None:
    path = tmp_path / "local.toml"
    path.write_text(FIRST)
    applied: asyncio.Queue[LocalConfig] = asyncio.Queue()
    notices: asyncio.Queue[str] = asyncio.Queue()
    watching = asyncio.create_task(
        watch_local_toml(path, fingerprint(path), applied.put, notices.put_nowait, 0.01)
    )
    path.unlink()
    save(path)
    async with asyncio.timeout(5):
        assert (await notices.get()).endswith("runners unchanged")
        path.rename(tmp_path / "aside")
        path.write_text(FIRST)
        assert [runner.name for runner in (await applied.get()).runners] == ["First"]
    watching.cancel()
