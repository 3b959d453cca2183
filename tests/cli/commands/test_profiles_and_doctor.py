"""`profiles` and `doctor`: configuration, checks, and no secrets in the output."""

import asyncio
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import pytest

from tests.api.follow.faults import refuse
from tests.cli.conftest import CANARY, PROGRAM, Cli, RunInProcess
from tests.support.hostile import RUNNER_ID, HostileServer
from tests.support.terminal import Terminal

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


async def test_profiles_shows_each_value_and_its_source(cli_at: CliAt) -> None:
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


async def test_doctor_reports_a_working_service(cli: Cli) -> None:
    plain, as_json = await asyncio.gather(cli("doctor"), cli("doctor", "--json"))
    assert plain.code == as_json.code == 0
    results = {name: (state, detail) for state, name, detail in plain.rows}
    assert results["key"] == ("ok", "variable NODION_API_KEY (NODION_API_KEY)")
    assert results["service"][1].startswith("5 runners, answered in ")
    assert {"nodion-tui", "python", "packages", "terminal", "locale", "clock"} <= set(results)
    assert [check["name"] for check in as_json.objects] == list(results)


@pytest.mark.parametrize(("value", "drawn_by"), [("0", "own"), ("1", "Textual's own")])
def test_doctor_tells_who_draws(
    run_in_process: RunInProcess, monkeypatch: pytest.MonkeyPatch, value: str, drawn_by: str
) -> None:
    monkeypatch.setenv("NODION_TUI_PLAIN_TEXTUAL", value)
    (detail,) = [row[2] for row in run_in_process("doctor").rows if row[1] == "drawing"]
    reason = f"(Textual {version('textual')}, NODION_TUI_PLAIN_TEXTUAL={value})"
    assert detail == f"{drawn_by} driver and compositor {reason}"


async def test_doctor_reports_failures(cli_at: CliAt) -> None:
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


async def test_doctor_checks_each_account_of_a_group(cli_at: CliAt) -> None:
    async with HostileServer() as server, HostileServer() as refusing:
        refusing.always("runners", refuse(401))
        cli = cli_at()
        accounts = "\n".join(
            f'[profiles.{name}]\napi_url = "{url}"\nkey_env = "KEY"'
            for name, url in (("good", server.url), ("bad", refusing.url))
        )
        cli.configure(f'profile = "all"\n[profiles.all]\ngroup = ["good", "bad"]\n{accounts}')
        done = await cli("doctor", env={"KEY": CANARY})
    states = {name: state for state, name, _ in done.rows}
    assert done.code == 4
    assert (states["good: service"], states["good: runs"]) == ("ok", "ok")
    assert (states["bad: key"], states["bad: service"]) == ("ok", "bad")
    assert [row[1] for row in done.rows if row[0] == "bad"] == ["bad: service"]


async def test_doctor_accepts_a_service_that_lists_no_runners(cli_at: CliAt) -> None:
    async with HostileServer() as server:
        server.always("runners", refuse(404))
        done = await cli_at(server.url)("doctor", env={"NODION_RUNNERS": RUNNER_ID})
    assert done.code == 0
    assert ["note", "runners", "not listed by the service (404)"] in done.rows
    assert ["ok", "runs", "readable, 1 of the first runner"] in done.rows


def test_doctor_runs_with_an_invalid_configuration(
    run_in_process: RunInProcess, tmp_path: Path
) -> None:
    Cli(tmp_path).configure(f'[profiles.a]\nkey = "{CANARY}"\nread_onyl = true')
    done = run_in_process("doctor")
    assert done.code == 2
    bad = [row[2].partition("config.toml:")[2] for row in done.rows if row[0] == "bad"]
    assert [line[:1] for line in bad] == ["2", "3"]
    assert "did you mean read_only?" in bad[1]


def test_a_failing_key_command_ends_the_program_before_the_screen_opens(
    run_in_process: RunInProcess, tmp_path: Path
) -> None:
    command = json.dumps(["sh", "-c", f"echo {CANARY} >&2; exit 3"])
    Cli(tmp_path).configure(f"[profiles.a]\nkey_command = {command}")
    done = run_in_process("--profile", "a", "runners")
    assert done.code == 4
    assert "config.toml:2: sh failed, exit 3; run it manually to see why" in done.err


RULES = """\
theme = "nodion-drak"

[[rules]]
name = "broken"
runner = "Hel*"
status = ["failed", "faild"]
tell = ["desktop", "bell"]

[[rules]]
runner = "Nobody"
command = ["no-such-program-here", "--now"]
"""


async def test_doctor_tells_mistakes_of_rules_and_what_is_sent_where(cli: Cli) -> None:
    cli.configure(RULES)
    tmux = cli.folder / "bin" / "tmux"
    tmux.parent.mkdir()
    tmux.write_text('#!/bin/sh\n[ "$*" = "show-options -Apv allow-passthrough" ] && echo off\n')
    tmux.chmod(0o755)
    path = f"{tmux.parent}:{cli.env['PATH']}"
    env = {"TMUX": "/tmp/tmux-0/default,1,0", "TERM": "foot", "PATH": path}
    done = await cli("doctor", env=env)
    bad = [row[1:] for row in done.rows if row[0] == "bad"]
    notes = {name: detail for state, name, detail in done.rows if state == "note"}
    assert done.code == 1
    assert [name for name, _ in bad] == [
        *["configuration"] * 3,
        "tmux",
        "configuration",
    ]
    for (_, detail), words in zip(
        bad,
        (
            "config.toml:1: theme: there is no theme 'nodion-drak'; did you mean nodion-dark?",
            "config.toml:6: rules[0].status: no run has the status 'faild'; did you mean failed?",
            "config.toml:11: rules[1].command: command not found: no-such-program-here",
            "set -g allow-passthrough on",
            "config.toml:10: rules[1].runner: no runner in profile default has a name or id like",
        ),
        strict=True,
    ):
        assert words in detail
    assert notes["rules[0]"] == "broken: faild, failed of Hel*: bell, desktop (OSC 777)"
    assert notes["rules[1]"] == "any end of Nobody: toast, command no-such-program-here"


async def test_doctor_sends_a_notification_of_each_kind(cli: Cli) -> None:
    piped = await cli("doctor", "--notify")
    assert (piped.code, "--notify needs a terminal" in piped.err) == (2, True)

    def on_a_terminal() -> bytes:
        with Terminal((PROGRAM, "doctor", "--notify"), env=cli.env) as terminal:
            assert terminal.wait_exit() == 0
            terminal.wait_for("sent: bell")
            return bytes(terminal.raw)

    raw = await asyncio.to_thread(on_a_terminal)
    for sequence in (b"\x1b]9;", b"\x1b]777;notify;", b":p=body;", b"\a"):
        assert sequence in raw


async def test_doctor_says_where_a_notification_would_be_lost(cli: Cli) -> None:
    cli.configure('tell = "desktop"')
    lost, selected = await asyncio.gather(
        cli("doctor", env={"TERM": "xterm-256color", "TERM_PROGRAM": "vscode"}),
        cli("doctor", env={"TERM": "screen-256color", "SSH_CONNECTION": "a 1 b 22"}),
    )
    assert lost.code == 1
    (bad,) = (row for row in lost.rows if row[0] == "bad")
    assert bad[1:] == [
        "lost notifications",
        (
            "the terminal of VS Code shows none: they would be lost; a bell or a command arrives "
            "everywhere"
        ),
    ]
    rows = [detail for _, name, detail in selected.rows if name == "desktop notifications"]
    assert rows == ["OSC 9 through screen, over SSH, shown where the terminal is"]


def test_config_show_has_a_row_for_each_problem(
    run_in_process: RunInProcess, tmp_path: Path
) -> None:
    Cli(tmp_path).configure(RULES.replace("nodion-drak", "nodion-dark"))
    rows = [row for row in run_in_process("config", "show").rows if row[0] == "problem"]
    assert [row[2] for row in rows] == ["config.toml:6", "config.toml:11"]
    assert rows[0][1] == "rules[0].status: no run has the status 'faild'; did you mean failed?"
