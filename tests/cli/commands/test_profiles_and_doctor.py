"""`profiles` and `doctor`: what is configured, what works, and no secret in either."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

from tests.api.follow.faults import refuse
from tests.cli.conftest import CANARY, Cli, Here
from tests.support.hostile import RUNNER_ID, HostileServer

CliAt = Callable[..., Cli]

TWO = """\
profile = "production"

[profiles.production]
key_command = ["/usr/bin/pass", "show", "canary-key-7f3a"]
project = "11111111-0000"
read_only = true

[profiles.local]
api_url = "http://127.0.0.1:1/v1"
key_file = "local.key"
runners = ["id-1", {id = "id-2", name = "Nightly"}]
"""


async def test_profiles_tells_each_value_and_where_it_came_from(cli_at: CliAt) -> None:
    cli = cli_at()
    cli.configure(TWO)
    plain, chosen, as_json = await asyncio.gather(
        cli("profiles", env={"NODION_PROJECT": "22222222-0000"}),
        cli("--profile", "local", "profiles"),
        cli("profiles", "--json"),
    )
    assert plain.rows == [
        ["production", "api_url", "https://api.nodion.com/v1", "default"],
        ["production", "key", "key_command (pass)", "config.toml:4"],
        ["production", "project", "22222222-0000", "NODION_PROJECT"],
        ["production", "read_only", "true", "config.toml:6"],
        ["local", "api_url", "http://127.0.0.1:1/v1", "config.toml:9"],
        ["local", "key", f"file {cli.folder}/config/local.key", "config.toml:10"],
        ["local", "project", "22222222-0000", "NODION_PROJECT"],
        ["local", "runners", "id-1, Nightly", "config.toml:11"],
    ]
    assert chosen.rows[0][:2] == ["local", "api_url"]
    first, second = as_json.objects
    assert (first["name"], first["in_use"], second["in_use"]) == ("production", True, False)
    assert second["runners"] == {"value": ["id-1", "id-2"], "source": "config.toml:11"}


async def test_the_doctor_finds_a_healthy_service(cli: Cli) -> None:
    plain, as_json = await asyncio.gather(cli("doctor"), cli("doctor", "--json"))
    assert plain.code == as_json.code == 0
    found = {name: (state, detail) for state, name, detail in plain.rows}
    assert found["key"] == ("ok", "variable NODION_API_KEY (NODION_API_KEY)")
    assert found["service"][1].startswith("5 runners, answered in ")
    assert {"nodion-tui", "python", "packages", "terminal", "locale", "clock"} <= set(found)
    assert [each["name"] for each in as_json.objects] == list(found)


async def test_the_doctor_names_what_is_wrong(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("runners", refuse(401))
        refused, no_key, nobody = await asyncio.gather(
            cli_at(server.url)("doctor"),
            cli_at()("doctor"),
            cli_at("http://127.0.0.1:9/v1")("doctor"),
        )
    assert (refused.code, no_key.code, nobody.code) == (4, 4, 3)
    assert [row[1] for row in refused.rows if row[0] == "bad"] == ["service"]
    assert [row[1] for row in no_key.rows if row[0] == "bad"] == ["key"]
    assert [row[1] for row in nobody.rows if row[0] == "bad"] == ["service"]


async def test_the_doctor_tells_of_a_service_that_lists_no_runners(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("runners", refuse(404))
        done = await cli_at(server.url)("doctor", env={"NODION_RUNNERS": RUNNER_ID})
    assert done.code == 0
    assert ["note", "runners", "not listed by the service (404)"] in done.rows
    assert ["ok", "runs", "can be read, 1 of the first runner"] in done.rows


def test_a_broken_configuration_does_not_keep_the_doctor_from_working(
    here: Here, tmp_path: Path
) -> None:
    Cli(tmp_path).configure(f'[profiles.a]\nkey = "{CANARY}"\nread_onyl = true')
    done = here("doctor")
    assert done.code == 2
    bad = [row[2].partition("config.toml:")[2] for row in done.rows if row[0] == "bad"]
    assert [line[:1] for line in bad] == ["2", "3"]
    assert "did you mean read_only?" in bad[1]


def test_a_key_command_that_fails_ends_the_program_before_there_is_a_screen(
    here: Here, tmp_path: Path
) -> None:
    command = json.dumps(["sh", "-c", f"echo {CANARY} >&2; exit 3"])
    Cli(tmp_path).configure(f"[profiles.a]\nkey_command = {command}")
    done = here("--profile", "a", "runners")
    assert done.code == 4
    assert "config.toml:2: sh failed, exit 3; run it by hand to see why" in done.err
