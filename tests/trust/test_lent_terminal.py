"""Commands of one's own that have the terminal: it comes back whole, whatever they do with it."""

import os
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.terminal import Terminal
from tests.trust.conftest import PROGRAM, OpenTerminal, Serve
from tests.trust.test_guardian import child_of
from tests.trust.test_lifecycle import is_painted, watched

pytestmark = pytest.mark.pty

CRASH = (
    r"import os,signal,sys,tty; tty.setraw(0); os.set_blocking(0, False);"
    r"sys.stdout.write('\x1b[?1049h\x1b[?1000h\x1b[?2004h\x1b[31mdying'); sys.stdout.flush();"
    r"os.kill(os.getpid(), signal.SIGKILL)"
)
CONFIG = """
[[commands]]
title = "Answer"
key = "#"
command = ["sh", "-c", "printf 'what? '; read word; echo got $word > answer"]
take = "screen"

[[commands]]
title = "Crash"
key = "%"
command = ["python3", "-c", '''{crash}''']
take = "screen"

[[commands]]
title = "Fail"
key = "H"
command = ["sh", "-c", "echo its last words; exit 7"]
take = "screen"

[[commands]]
title = "Wait"
key = "&"
command = ["sh", "-c", "echo waiting; exec sleep 300"]
take = "screen"
"""


@contextmanager
def opened(
    serve: Serve, dashboard: OpenTerminal, folder: Path, *options: str
) -> Iterator[Terminal]:
    """The dashboard with these commands, and a run with its log."""
    config = folder / "config"
    config.mkdir(mode=0o700)
    path = config / "config.toml"
    path.write_text(CONFIG.replace("{crash}", CRASH))
    path.chmod(0o600)
    with dashboard(serve(watched()), argv=[PROGRAM, *options]) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        yield terminal


def lend(terminal: Terminal, key: str, said: str) -> int:
    """Press the key of a command, and wait until it writes; returns where its output begins."""
    start = len(terminal.raw)
    terminal.press(key)
    terminal.wait_for(lambda _: said.encode() in terminal.raw[start:])
    return len(terminal.raw)


def comes_back(terminal: Terminal, start: int, *words: str) -> None:
    """Wait until every part of the screen was painted since."""
    terminal.wait_for(lambda _: is_painted(terminal, start))
    for word in words:
        terminal.wait_for(word)


def leave(terminal: Terminal) -> None:
    """Quit, and look at what is left of the terminal."""
    terminal.press("q")
    assert terminal.wait_exit(5) == 0
    assert terminal.is_restored()


@pytest.mark.usefixtures("either_textual")
@pytest.mark.parametrize("options", [(), ("--guard",)], ids=["alone", "guard"])
def test_a_command_has_the_terminal_and_the_dashboard_comes_back(
    serve: Serve, dashboard: OpenTerminal, tmp_path: Path, options: tuple[str]
) -> None:
    with opened(serve, dashboard, tmp_path, *options) as terminal:
        start = lend(terminal, "#", "what? ")
        terminal.type("blue\n")
        comes_back(terminal, start)
        assert (tmp_path / "answer").read_text() == "got blue\n"
        comes_back(terminal, lend(terminal, "%", "dying"), "failed: signal 9")
        start = lend(terminal, "H", "Enter returns")
        terminal.press("enter")
        comes_back(terminal, start, "sh failed: exit 7")
        start = lend(terminal, "&", "waiting")
        terminal.press("ctrl+c")
        comes_back(terminal, start)
        leave(terminal)


@pytest.mark.usefixtures("either_textual")
def test_a_signal_ends_the_command_too(
    serve: Serve, dashboard: OpenTerminal, tmp_path: Path
) -> None:
    with opened(serve, dashboard, tmp_path) as terminal:
        lend(terminal, "&", "waiting")
        child = child_of(terminal.process.pid)
        terminal.signal(signal.SIGTERM)
        assert terminal.wait_exit(5) == 128 + signal.SIGTERM
        assert terminal.is_restored()
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_log_in_a_pager_is_there_from_the_start(
    serve: Serve, dashboard: OpenTerminal, tmp_path: Path, environment: dict[str, str]
) -> None:
    pages = tmp_path / "pages"
    script = tmp_path / "pager"
    script.write_text(
        f"#!/bin/sh\ncat > {shlex.quote(str(pages))}\nprintf 'a page'\nread key < /dev/tty\n"
    )
    script.chmod(0o755)
    environment["PAGER"] = f"{script} --some-option"
    with opened(serve, dashboard, tmp_path) as terminal:
        start = lend(terminal, "|", "a page")
        assert pages.read_text().splitlines()[-1] == "line 29"
        terminal.press("enter")
        comes_back(terminal, start)
        leave(terminal)
