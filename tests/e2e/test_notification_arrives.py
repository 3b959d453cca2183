"""A desktop notification arrives at the terminal outside of tmux and of screen."""

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nodion_tui.api.client import NodionClient
from nodion_tui.local.http.server import EngineServer
from nodion_tui.model.run import Run
from nodion_tui.model.trigger import TriggerRequest
from tests.cli.conftest import PROGRAM, Cli
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

RULES = """\
[[rules]]
name = "pager"
status = "failed"
tell = ["desktop", "bell"]
"""
RunnerId = Callable[[str], str]


def needs(program: str) -> str:
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def environment(engine: EngineServer, folder: Path) -> dict[str, str]:
    cli = Cli(folder, engine.url, engine.key.reveal())
    cli.configure(RULES)
    return cli.env | {"SHELL": "/bin/sh"}


async def received(terminal: Terminal, words: bytes) -> bytes:
    """What the terminal got, once it has these bytes."""
    async with asyncio.timeout(30):
        while words not in terminal.raw:  # noqa: ASYNC110 - a thread reads it
            await asyncio.sleep(0.02)
    return bytes(terminal.raw)


async def failed(client: NodionClient, runner: str) -> Run:
    """A run that has failed."""
    run = await client.trigger(runner, TriggerRequest())
    while not run.is_final:
        await asyncio.sleep(0.02)
        run = await client.get_run(*run.key)
    return run


async def in_terminal(argv: Sequence[str], env: dict[str, str]) -> Terminal:
    return await asyncio.to_thread(lambda: Terminal(argv, columns=100, rows=30, env=env))


async def test_the_dashboard_in_tmux_reaches_the_terminal_outside(
    engine: EngineServer, client: NodionClient, runner_id: RunnerId, tmp_path: Path
) -> None:
    tmux, env = needs("tmux"), environment(engine, tmp_path)
    settings = tmp_path / "tmux.conf"
    settings.write_text("set -g allow-passthrough on\nset -g update-environment ''\n")
    # No socket of the user's: a folder of its own, whose path may be long.
    folder = Path("/tmp") / f"nt-{os.getpid()}"
    folder.mkdir(mode=0o700)
    socket = str(folder / "s")
    argv = (tmux, "-S", socket, "-f", str(settings), "new-session", PROGRAM)
    try:
        with await in_terminal(argv, env) as terminal:
            await asyncio.to_thread(terminal.wait_for, "up to date")
            await failed(client, runner_id("Failing"))
            terminal.press("r")
            raw = await received(terminal, b"\x1b]9;Failing failed: exit 3")
            assert b"pager\x07" in raw
            assert b"\a" in raw.partition(b"pager\x07")[2] + raw.partition(b"\x1b]9;")[0]
    finally:
        ending = await asyncio.create_subprocess_exec(tmux, "-S", socket, "kill-server")
        await ending.wait()
        shutil.rmtree(folder)


async def test_what_a_rule_sends_in_screen_reaches_the_terminal_outside(
    engine: EngineServer, client: NodionClient, runner_id: RunnerId, tmp_path: Path
) -> None:
    screen, env = needs("screen"), environment(engine, tmp_path)
    run = await failed(client, runner_id("Failing"))
    settings = tmp_path / "screenrc"
    settings.write_text("startup_message off\nvbell off\n")
    folder = tmp_path / "screens"
    folder.mkdir(mode=0o700)
    command = f"{PROGRAM} rules test pager {run.id} --send; sleep 1"
    argv = (screen, "-c", str(settings), "/bin/sh", "-c", command)
    with await in_terminal(argv, env | {"SCREENDIR": str(folder)}) as terminal:
        raw = await received(terminal, b"\x1b]9;Failing failed: exit 3")
        await asyncio.to_thread(terminal.wait_exit)
        raw = bytes(terminal.raw)
    assert b"pager\x07" in raw
    assert b"P\x1b]9" not in raw
