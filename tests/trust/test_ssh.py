"""The dashboard over SSH, as it is used most: a real server, a login by key, a slow link."""

import base64
import os
import re
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from nodion_tui.ui.terminal.plain_textual import plain_textual
from tests.support.processes import processes_in
from tests.support.server_thread import serve_in_thread
from tests.support.slow_link import SlowLink
from tests.support.ssh import SshServer, missing_program, refused_terminal, ssh_server
from tests.support.terminal import Terminal

pytestmark = pytest.mark.pty

PROGRAM = str(Path(sys.executable).with_name("nodion-tui"))
HANG_UP_SECONDS = 3.0 if plain_textual() else 2.0
"""Textual's own driver starts a second input thread then, which ends with the time of grace."""
FLOOD = "\x1bOQ\x1bOQ while :; do seq 200; sleep 0.02; done\n"
"""The keys that enter a shell command of some 10,000 lines a second into the form, and send it."""
KEY_SECONDS = 3.0
"""A key and its effect over a link of 200 ms, beside a log that would fill it."""
CLIENT_ENV = {"COLORTERM": "truecolor"}
"""What the terminal of a user has, and `sshd` does not pass."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """A server, or the reason why there is none."""
    skip_or_fail = pytest.fail if os.environ.get("REQUIRE_SSH") else pytest.skip
    if reason := missing_program(os.environ):
        skip_or_fail(reason)
    with ssh_server(tmp_path_factory.mktemp("ssh")) as running:
        if reason := refused_terminal(running):
            skip_or_fail(f"no terminal over SSH: {reason}")
        yield running


def dashboard(folder: Path) -> str:
    """The command of a shell that opens the dashboard in a folder of its own."""
    variables = {
        "HOME": folder,
        "NODION_TUI_CONFIG": folder / "config",
        "NODION_TUI_DATA": folder / "data",
        "LANG": "C.UTF-8",
    }
    words = [f"{name}={value}" for name, value in variables.items()]
    return f"cd {shlex.quote(str(folder))} && exec env {shlex.join([*words, PROGRAM, '--local'])}"


def test_colours_keys_sizes_clipboard_and_hang_up(server: SshServer, tmp_path: Path) -> None:
    with Terminal(server.argv(dashboard(tmp_path)), env=CLIENT_ENV) as terminal:
        terminal.wait_for("up to date")
        painted = terminal.raw.partition(b"\x1b[?1049h")[2]
        assert b"48;5;235m" in painted
        assert b"48;2;" not in painted

        terminal.resize(80, 24)
        terminal.wait_for(lambda screen: "╭─ Run ─" not in screen and "Runs · All" in screen)
        terminal.type("]c")
        terminal.wait_for("id to the clipboard:")
        copied = re.search(rb"\x1b\]52;c;([^\a\x1b]+)", terminal.raw)
        assert copied is not None
        assert re.fullmatch(rb"[0-9a-f-]{36}", base64.b64decode(copied[1]))

        assert processes_in(tmp_path)
        terminal.process.kill()
        assert seconds_until_ended(tmp_path) < HANG_UP_SECONDS


@pytest.mark.own_textual("it does not ask for colours")
def test_keys_stay_responsive_on_a_slow_link_with_true_colours(
    server: SshServer, tmp_path: Path
) -> None:
    link = SlowLink(server.port, bytes_per_second=64_000, delay=0.1)
    with serve_in_thread(link) as address:
        argv = server.argv(dashboard(tmp_path), port=urlsplit(address).port)
        with Terminal(argv, env=CLIENT_ENV, true_colors=True) as terminal:
            terminal.wait_for("up to date")
            assert b"48;2;29;36;48m" in terminal.raw
            terminal.type(f"]t{FLOOD}")
            terminal.wait_for("▼ following")
            delays = [key_delay(terminal, "?", "Esc closes")]
            delays.append(key_delay(terminal, "q", lambda screen: "Esc closes" not in screen))
            assert max(delays) < KEY_SECONDS
        seconds_until_ended(tmp_path)


def key_delay(terminal: Terminal, key: str, effect: str | Callable[[str], bool]) -> float:
    """Seconds from a key to its effect on the screen."""
    start = time.monotonic()
    terminal.press(key)
    terminal.wait_for(effect)
    return time.monotonic() - start


def seconds_until_ended(folder: Path) -> float:
    """Seconds until no process has a folder as its working directory; at most 10."""
    start = time.monotonic()
    while processes_in(folder) and time.monotonic() < start + 10:
        time.sleep(0.02)
    return time.monotonic() - start


def test_a_command_of_ones_own_has_the_terminal_and_gives_it_back(
    server: SshServer, tmp_path: Path
) -> None:
    (tmp_path / "config").mkdir(mode=0o700)
    config = tmp_path / "config" / "config.toml"
    script = "printf 'over %s: ' $(tty | cut -c2-8); read answer; echo got $answer; kill -9 $$"
    config.write_text(
        f"[[commands]]\ntitle = 'Ask'\nkey = '#'\ncommand = ['sh', '-c', {script!r}]\n"
        "on = 'runner'\ngive = 'nothing'\ntake = 'screen'\n"
    )
    config.chmod(0o600)
    with Terminal(server.argv(dashboard(tmp_path)), env=CLIENT_ENV) as terminal:
        terminal.wait_for("up to date")
        terminal.type("]#")
        terminal.wait_for("over dev/pts:")
        terminal.type("yes\n")
        terminal.wait_for("got yes")
        terminal.type("\n")
        terminal.wait_for("up to date")
        terminal.type("?")
        terminal.wait_for("Esc closes")
    seconds_until_ended(tmp_path)
