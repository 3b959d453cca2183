"""A log that grows inside of tmux and GNU screen, as the terminal around them shows it."""

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
LINES = 80
JOB = f"\x1bOQ\x1bOQ for i in $(seq {LINES}); do echo line $i of a log; sleep 0.01; done\n"
"""The keys that enter a shell command into the form, and send it."""
_ROW = re.compile(r"^│.*line (\d+) of a log *[│┃]$")
MULTIPLEXERS = {
    "tmux": ("-f", "/dev/null", "-S", "{sockets}/socket", "new-session"),
    "screen": ("-c", "/dev/null", "-S", "nodion"),
}


@pytest.fixture
def sockets() -> Iterator[Path]:
    """A folder for sockets, for which the paths of tests are too long."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def in_multiplexer(name: str, folder: Path, sockets: Path) -> Terminal:
    """The dashboard in a multiplexer of its own."""
    options = [word.format(sockets=sockets) for word in MULTIPLEXERS[name]]
    environ = {
        "TERM": "linux",  # pyte lacks "scroll up" (SU), which tmux uses elsewhere
        "HOME": str(folder),
        "NODION_TUI_DATA": str(folder / "data"),
        "LANG": "C.UTF-8",
        "SCREENDIR": str(sockets),
        "PATH": os.environ["PATH"],
    }
    return Terminal([name, *options, PROGRAM, "--local"], columns=100, rows=30, env=environ)


def shown_numbers(screen: str) -> list[int]:
    """The numbers of the log lines on the screen, each in a row with both borders."""
    return [int(row[1]) for line in screen.split("\n") if (row := _ROW.match(line.rstrip()))]


def are_the_last(numbers: list[int]) -> bool:
    """Whether they are the last lines of the log, one after the other."""
    return len(numbers) > 5 and numbers == list(range(LINES + 1 - len(numbers), LINES + 1))


@pytest.mark.parametrize("name", MULTIPLEXERS)
def test_a_log_that_has_scrolled_shows_every_row_once(
    name: str, tmp_path: Path, sockets: Path
) -> None:
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    with in_multiplexer(name, tmp_path, sockets) as terminal:
        terminal.wait_for("up to date")
        terminal.type(f"]t{JOB}")
        terminal.wait_for("started here")
        terminal.press("backspace")  # what is told hides the end of the log
        terminal.wait_for(lambda screen: are_the_last(shown_numbers(screen)))
        terminal.press("ctrl+l")
        terminal.type("?")
        terminal.wait_for("Esc closes")
        terminal.press("escape")
        terminal.wait_for(lambda screen: are_the_last(shown_numbers(screen)))
        terminal.type("q")
