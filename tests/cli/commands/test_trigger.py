"""`trigger`: repeating a run, the report to GitHub, and mistakes before a key is asked for."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.model.trigger import TriggerRequest
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft
from nodion_tui.monitor.storage.presets import Preset
from nodion_tui.monitor.storage.shared_preset import write_shared_preset
from tests.cli.conftest import Cli

CANARY_VALUE = "s3cr3t-of-the-run"


async def test_a_run_is_repeated_with_changes(cli: Cli) -> None:
    script = 'echo "$MODE $API_TOKEN $1"'
    first = await cli(
        *("trigger", "Hello", "-f", "-e", "MODE=fast", "-e", f"API_TOKEN={CANARY_VALUE}"),
        *("--", "sh", "-c", script, "name", "a b"),
    )
    assert first.lines[-1] == f"fast {CANARY_VALUE} a b"
    again = ("trigger", "Hello", "-f", "--from", "latest")
    without = await cli(*again)
    assert (without.code, "the secret API_TOKEN was not stored" in without.err) == (125, True)
    changed = await cli(*again, "-e", "API_TOKEN=other", "-e", "MODE=slow")
    assert changed.lines[-1] == "slow other a b"
    replaced = await cli(*again, "-e", "API_TOKEN=x", "--", "sh", "-c", "echo $MODE")
    assert replaced.lines[-1] == "slow"


async def test_a_repeated_run_keeps_its_empty_entrypoint(
    cli: Cli, client: NodionClient, runner_id: Callable[[str], str]
) -> None:
    runner = runner_id("Hello")
    source = await client.trigger(runner, TriggerRequest(argv=("true",), entrypoint=""))
    done = await cli("trigger", "Hello", "--from", source.id)
    assert "is not known: it was not triggered from here" in done.err
    repeated = await client.get_run(runner, done.out.strip())
    assert (repeated.entrypoint, repeated.argv) == ("", ("true",))
    assert ["entrypoint", '""'] in (await cli("run", "Hello", repeated.id)).rows


async def test_github_gets_a_group_an_annotation_and_a_summary(cli: Cli, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    script = "echo ::error::not a command; printf '\\033[31m50%% done\\033[0m\\n'; exit 3"
    done = await cli(
        *("trigger", "Hello", "-f", "--ci", "github", "--", "sh", "-c", script),
        env={"GITHUB_STEP_SUMMARY": str(summary)},
    )
    assert done.code == 3
    begin, stop, *log, resume, end, error = done.lines
    assert begin.startswith("::group::Hello: run ")
    assert stop.startswith("::stop-commands::")
    assert resume == f"::{stop.removeprefix('::stop-commands::')}::"
    assert "::error::not a command" in log
    assert end == "::endgroup::"
    assert error.startswith("::error title=Hello%3A failed%2C exit 3::")
    assert error.endswith("%0A50%25 done")
    assert "`Hello`: failed, exit 3" in summary.read_text()
    alone = await cli("trigger", "Hello", "--ci", "github")
    assert (alone.code, "--ci requires --follow" in alone.err) == (2, True)


@pytest.mark.parametrize(
    "words",
    [
        ("trigger", "a", "--env", "NOT_SET_HERE"),
        ("trigger", "a", "--"),
        ("wait", "a", "b", "--timeout", "soon"),
        ("runs", "--filter", "longer:soon"),
    ],
)
async def test_a_mistake_is_told_before_a_key_command_runs(
    cli_at: Callable[..., Cli], words: tuple[str, ...]
) -> None:
    cli = cli_at()
    asked = cli.folder / "asked"
    command = json.dumps(["sh", "-c", f"echo x >> {asked}; echo key"])
    cli.configure(f'[profiles.p]\napi_url = "http://127.0.0.1:9/v1"\nkey_command = {command}\n')
    done = await cli(*words)
    assert done.code in {2, 125}
    assert not asked.exists()


async def test_a_preset_file_is_used_and_its_secret_must_be_given(cli: Cli) -> None:
    draft = TriggerDraft(
        mode=CommandMode.ARGV,
        argv_text="env",
        env=(EnvRow("TARGET", "shared"), EnvRow("API_TOKEN", "", hidden=True, needs_value=True)),
    )
    path = write_shared_preset(cli.folder / "nightly.toml", Preset("Nightly", draft))
    using = ("trigger", "Environment", "--from", str(path))
    missing, done, absent = await asyncio.gather(
        cli(*using),
        cli(*using, "-f", "-e", "API_TOKEN=given"),
        cli("trigger", "Environment", "--from", "absent.toml"),
    )
    assert (missing.code, absent.code) == (2, 2)
    assert "the secret API_TOKEN was not stored; give it with --env API_TOKEN=VALUE" in missing.err
    assert "absent.toml: No such file" in absent.err
    assert {"TARGET=shared", "API_TOKEN=given"} <= set(done.lines)
