"""Completion: the script in a real bash, and the replies to zsh and fish."""

import asyncio
import json
import shlex
from collections.abc import Callable, Sequence

import pytest

from tests.api.follow.faults import refuse
from tests.cli.conftest import PROGRAM, Cli, CommandResult, RunInProcess
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer

BASH = """
eval "$({program} completion bash)"
COMP_LINE={line}; COMP_POINT=${{#COMP_LINE}}
_nodion_tui_completion {program}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""


async def in_bash(cli: Cli, *words: str) -> list[str]:
    """Completions that bash offers after these words."""
    script = BASH.format(program=PROGRAM, line=shlex.quote(" ".join(words)))
    process = await asyncio.create_subprocess_exec(
        *("bash", "--norc", "-c", script),
        env=cli.env,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    done = await cli.end(process)
    assert done.err == ""
    return done.lines


async def completion_reply(cli: Cli, shell: str, words: Sequence[str], word: str) -> CommandResult:
    """Reply in the protocol of a shell's script."""
    position = word if shell == "fish" else str(len(words))
    env = {
        "_NODION_TUI_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": " ".join([*words, word]),
        "COMP_CWORD": position,
    }
    return await cli(env=env)


async def test_bash_completes_commands_runners_and_runs(
    cli: Cli, runner_id: Callable[[str], str]
) -> None:
    run = (await cli("trigger", "Hello", "-f", "--json")).objects[0]["id"]
    # Sequentially: replies slower than the time limit of a completion are dropped.
    assert await in_bash(cli, "nodion-tui", "ru") == ["runners", "runs", "run", "rules"]
    runners = await in_bash(cli, "nodion-tui", "runs", "")
    assert sorted(runners) == ["Chatty", "Environment", "Failing", "Hello", "Until\\ stopped"]
    assert await in_bash(cli, "nodion-tui", "logs", "unt") == ["Until\\ stopped"]
    assert await in_bash(cli, "nodion-tui", "logs", "Hello", run[:2]) == [run]
    levels = await in_bash(cli, "nodion-tui", "logs", "Hello", run, "--level", "f")
    assert levels == ["fatal"]
    start = runner_id("Hello")[:6]
    assert await in_bash(cli, "nodion-tui", "runs", start) == [runner_id("Hello")]


async def test_bash_completes_after_a_word_break(
    cli_at: Callable[..., Cli],
) -> None:
    async def runners(exchange: Exchange) -> None:
        named = [{"id": RUNNER_ID, "name": "team: nightly étl"}, {"id": "x", "name": "other"}]
        await exchange.answer(200, {"runners": named})

    async with HostileServer() as server:
        server.always("runners", runners)
        cli = cli_at(server.url)
        typed = ("--env", "A=1:2", "-e", "'B=x y'", "oth")
        assert await in_bash(cli, "nodion-tui", "trigger", *typed) == ["other"]
        assert await in_bash(cli, "nodion-tui", "runs", "team:") == ["\\ nightly\\ étl"]
        quoted = ("-e", "'é é'", '"TEAM: nightly é')
        assert await in_bash(cli, "nodion-tui", "trigger", *quoted) == ["team: nightly étl"]


async def test_a_tab_loads_only_what_its_request_needs(cli: Cli) -> None:
    env = {"PYTHONPROFILEIMPORTTIME": "1", "_NODION_TUI_COMPLETE": "bash_complete"}
    done = await cli(env=env | {"COMP_LINE": "nodion-tui logs Hel"})
    assert done.lines == ["plain,Hello"]
    loaded = {line.rpartition("|")[2].strip() for line in done.err.splitlines()}
    assert "httpx" in loaded
    assert loaded.isdisjoint(
        {
            *("rich", "textual", "regex", "starlette", "keyring"),
            *("nodion_tui.monitor.log.buffer", "nodion_tui.api.follow.follower"),
        }
    )


async def test_zsh_and_fish_get_names_and_descriptions(cli: Cli) -> None:
    zsh, fish = await asyncio.gather(
        completion_reply(cli, "zsh", ["nodion-tui", "runs"], "Unt"),
        completion_reply(cli, "fish", ["nodion-tui", "runs"], "Unt"),
    )
    kind, value, _ = zsh.lines
    assert (kind, value) == ("plain", "Until stopped")
    assert "Until stopped" in fish.out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_each_shell(run_in_process: RunInProcess, shell: str) -> None:
    done = run_in_process("completion", shell)
    assert done.code == 0
    assert f"_NODION_TUI_COMPLETE={shell}_complete" in done.out


async def test_completion_prints_no_errors(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer() as server:
        server.always("runners", refuse(500))
        answers = await asyncio.gather(
            in_bash(cli_at(server.url), "nodion-tui", "runs", "x"),
            in_bash(cli_at("http://127.0.0.1:9/v1"), "nodion-tui", "runs", "x"),
            in_bash(cli_at(), "nodion-tui", "runs", "x"),
        )
    assert list(answers) == [[""], [""], [""]]


async def test_completion_does_not_run_a_key_command(cli_at: Callable[..., Cli]) -> None:
    async with HostileServer() as server:
        cli = cli_at()
        asked = cli.folder / "asked"
        command = json.dumps(["sh", "-c", f"echo x >> {asked}; echo key"])
        cli.configure(f'[profiles.p]\napi_url = "{server.url}"\nkey_command = {command}\n')
        assert await in_bash(cli, "nodion-tui", "runs", "Data") == [""]
        assert not asked.exists()
        await cli("runners")
        assert await in_bash(cli, "nodion-tui", "runs", "Data") == ["Database\\ Backup"]
    assert asked.read_text().split() == ["x"]
    kept = cli.folder / "data" / "runners-p.json"
    assert kept.stat().st_mode & 0o777 == 0o600
    assert RUNNER_ID in kept.read_text()
