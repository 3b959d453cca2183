"""Tab in a real bash, zsh and fish: what is in the command line afterwards, read by the shell."""

import asyncio
import os
import shutil
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM, Cli
from tests.support.hostile import RUNNER_ID, Exchange, HostileServer
from tests.support.terminal import Terminal

NAMES = ("Backup, EU", "sla\\sh: $HOME", "Plain")
RULE = '[[rules]]\nname = "pager"\n'
RUNS = (("aaaa-1", "failed"), ("bbbb-2", "running"), ("cccc-3", "succeeded"))
SHELLS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "bash": (("--norc", "-i"), 'eval "$(nodion-tui completion bash)"'),
    "zsh": (
        ("-f", "-i"),
        'autoload -Uz compinit; compinit -u -D; eval "$(nodion-tui completion zsh)"',
    ),
    "fish": (("--no-config", "-i"), "nodion-tui completion fish | source"),
}
"""Shell → its arguments, and the line that README has for it."""
CASES = (
    ("nodion-tui evid", "evidence"),
    ("nodion-tui runs Back", "Backup, EU"),
    ("nodion-tui logs sla", "sla\\sh: $HOME"),
    ("nodion-tui runs 'Backup, E", "Backup, EU"),
    ("nodion-tui --profile=st", "--profile=staging"),
    ("nodion-tui logs Plain latest-", "latest-failed"),
    ("nodion-tui trigger Plain --env ONLY_ONE_", "ONLY_ONE_HERE"),
    ("nodion-tui stop Plain ", "bbbb-2"),
    ("nodion-tui rules test pag", "pager"),
    ("nodion-tui rules test pager ccc", "cccc-3"),
)
"""What is typed before Tab → the last word of the command line after it."""


@pytest.mark.parametrize("shell", SHELLS)
async def test_tab_completes_a_word_exactly(shell: str, cli_at: Callable[..., Cli]) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not installed")
    async with HostileServer() as server:
        server.always("runners", _runners)
        server.always("runs", _runs)
        cli = cli_at(server.url)
        cli.configure(f'[profiles.staging]\napi_url = "{server.url}"\n{RULE}')
        env = cli.env | {"PATH": f"{Path(PROGRAM).parent}{os.pathsep}{os.environ['PATH']}"}
        env |= {"ONLY_ONE_HERE": "x", "PS1": "$ ", "NODION_PROFILE": "staging"}
        words, setup = SHELLS[shell]
        await asyncio.to_thread(_type_all, (path, *words), env, setup)


def _type_all(argv: tuple[str, ...], env: Mapping[str, str], setup: str) -> None:
    with Terminal(argv, env=env, columns=160) as terminal:
        terminal.type(f"{setup}; echo rea''dy\r")
        terminal.wait_for("ready")
        for number, (typed, word) in enumerate(CASES):
            # The shell itself prints the words that it would give to the program.
            terminal.type(f"{typed}\t\x01printf '<%s>\\n' case{number} \r")
            shown = terminal.wait_for(partial(_is_printed, number))
            assert _words(shown, number)[-1] == f"<{word}>", shown


def _is_printed(number: int, text: str) -> bool:
    """Whether the words of a case are printed, and the prompt is back."""
    return f"<case{number}>" in text and not text.rstrip().endswith(">")


def _words(text: str, number: int) -> list[str]:
    lines = text[text.index(f"<case{number}>") :].splitlines()
    return [line for line in lines if line.startswith("<")]


async def _runners(exchange: Exchange) -> None:
    rows = [{"id": f"{n}{RUNNER_ID[1:]}", "name": name} for n, name in enumerate(NAMES)]
    await exchange.answer(200, {"runners": rows})


async def _runs(exchange: Exchange) -> None:
    rows = [{"id": run, "status": status} for run, status in RUNS]
    await exchange.answer(200, {"runs": rows})
