"""Every command in every odd environment: a sentence and the documented code, no traceback.

`python -m tests.cli.process.test_conditions` prints the whole table; here each condition meets the
commands in turn.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest

from tests.cli.conftest import PROGRAM

ALWAYS = (("--help",), ("--version",), ("help", "runs"), ("completion", "bash"))
"""Commands that need nothing."""
LOCAL = (("profiles",), ("config", "show"), ("config", "schema"), ("keys",), ("doctor",))
ONLINE = (
    ("runners",),
    ("runs",),
    ("run", "x", "latest"),
    ("logs", "x", "latest"),
    ("logs", "x", "latest", "-f"),
    ("trigger", "x"),
    ("stop", "x", "y"),
    ("wait", "x", "y"),
    ("status",),
    ("diff", "x", "latest"),
    ("evidence", "x", "latest"),
    ("export", "runs"),
    ("rules", "test", "0", "latest"),
)
"""Commands that need the service, which does not answer here."""
SCREEN = ((), ("--local",), ("--demo",))
"""Commands that need a terminal, which is missing here."""
COMMANDS = (*ALWAYS, *LOCAL, *ONLINE, *SCREEN)
CODES = {0, 1, 2, 3, 4, 125, 141}
"""Documented exit codes that can occur here."""


@dataclass(frozen=True)
class Condition:
    """An environment; `{}` in a value is a folder of the test."""

    env: dict[str, str | None] = field(default_factory=dict)
    streams: str = ""
    """Redirections of the shell."""
    before: str = ""
    """A line of shell before the program."""
    works: bool = False
    """Whether every command works as usual."""


CONDITIONS = {
    "no HOME": Condition({"HOME": None}),
    "HOME is a file": Condition({"HOME": "/etc/passwd"}),
    "HOME cannot be written": Condition({"HOME": "/proc"}),
    "no such user, config": Condition({"NODION_TUI_CONFIG": "~nosuchuser/x"}),
    "no such user, data": Condition({"NODION_TUI_DATA": "~nosuchuser/x"}),
    "no such user, log": Condition({"NODION_TUI_LOG": "~nosuchuser/x"}),
    "folders cannot be made": Condition({"XDG_CONFIG_HOME": "/proc/x", "XDG_DATA_HOME": "/proc/x"}),
    "ASCII": Condition({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, works=True),
    "no TERM": Condition({"TERM": None}, works=True),
    "folder deleted": Condition(before="mkdir gone; cd gone; rmdir ../gone", works=True),
    "stdin closed": Condition(streams="<&-", works=True),
    "stdout closed": Condition(streams=">&-"),
    "stdout full": Condition(streams=">/dev/full"),
    "stdout a broken pipe": Condition(streams="| true; exit ${PIPESTATUS[0]}"),
    "stderr closed": Condition(streams="2>&-", works=True),
    "stderr full": Condition(streams="2>/dev/full", works=True),
    "all closed": Condition(streams="<&- >&- 2>&-"),
}


def outcome(command: tuple[str, ...], condition: Condition, folder: Path) -> tuple[int, str]:
    """Exit code, and what was printed."""
    base = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TERM": "xterm",
        "NODION_API_URL": "http://127.0.0.1:9/v1",
        "NODION_API_KEY": "k",
    }
    env = {name: value for name, value in (base | condition.env).items() if value is not None}
    line = f'{condition.before}\n"{PROGRAM}" {" ".join(command)} {condition.streams}'
    done = subprocess.run(
        ["/bin/bash", "-c", line],
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, (done.stdout + done.stderr).decode(errors="replace")


def expected_codes(command: tuple[str, ...], condition: Condition) -> set[int]:
    if not condition.works:
        return CODES
    if command in ALWAYS:
        return {0}
    if command in SCREEN:
        return {2}
    if command[0] == "rules":
        return {2}  # there is no rule
    if command in ONLINE:
        return {125} if command[0] == "wait" or "-f" in command else {3}
    return {3} if command == ("doctor",) else {0}


def pairs() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each condition with two commands; all commands occur."""
    commands = cycle(COMMANDS)
    for name in CONDITIONS:
        for _ in range(2):
            yield name, next(commands)


@pytest.mark.parametrize(("name", "command"), list(pairs()))
def test_a_command_in_an_odd_environment(
    name: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    condition = CONDITIONS[name]
    code, text = outcome(command, condition, tmp_path)
    assert "Traceback" not in text
    assert code in expected_codes(command, condition), text
    if code and not condition.streams:
        assert text.strip(), "ended without a sentence"


@pytest.mark.parametrize("name", ["no HOME", "HOME cannot be written", "folders cannot be made"])
def test_both_folders_named_is_enough(name: str, tmp_path: Path) -> None:
    named: dict[str, str | None] = {
        "NODION_TUI_CONFIG": str(tmp_path / "c"),
        "NODION_TUI_DATA": str(tmp_path / "d"),
    }
    condition = Condition(CONDITIONS[name].env | named)
    assert outcome(("config", "show"), condition, tmp_path)[0] == 0


def main(folder: Callable[[], Path] = Path.cwd) -> None:
    """Print the exit codes of all commands in all conditions, and mark what is wrong."""
    for name, condition in CONDITIONS.items():
        cells = []
        for command in COMMANDS:
            code, text = outcome(command, condition, folder())
            bad = "Traceback" in text or code not in expected_codes(command, condition)
            cells.append(f"{' '.join(command) or 'dashboard'} {code}{' WRONG' if bad else ''}")
        sys.stdout.write(f"{name}: {', '.join(cells)}\n")


if __name__ == "__main__":
    main()
