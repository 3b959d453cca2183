"""The dashboard and its terminal: signals, crashes, resizes, and a terminal that does not read."""

import asyncio
import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.support.hostile import Exchange, HostileServer
from tests.support.terminal import Terminal
from tests.trust.conftest import CANARY, PROGRAM, OpenTerminal, Serve

pytestmark = pytest.mark.pty

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
CRASHING = """
import sys
from nodion_tui.ui.dashboard.screen import DashboardScreen
from nodion_tui.cli import main

def crash(self):
    secret = "-".join(("canary", "in", "a", "local"))
    raise RuntimeError("meant to crash")

DashboardScreen.action_refresh_now = crash
sys.argv = ["nodion-tui"]
main()
"""


async def endless(exchange: Exchange) -> None:
    """Stream that stays open after all lines are sent."""
    await exchange.head()
    await exchange.lines(exchange.after)
    await exchange.silence()


def is_painted(terminal: Terminal, start: int) -> bool:
    """Whether every part of the screen was sent after this offset."""
    words = (b"Runners", b"Database Backup", b"line 29", b"palette")
    return all(word in terminal.raw[start:] for word in words)


def watched(lines: int = 30) -> HostileServer:
    """Server with an active run."""
    server = HostileServer(lines)
    server.always("stream", endless)
    return server


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_a_signal_ends_the_dashboard_cleanly(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals
) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("line 29")
        terminal.signal(number)
        assert terminal.wait_exit(5) == 128 + number
        assert terminal.is_restored()


@pytest.mark.parametrize("milliseconds", [0, 30, 60, 90, 120])
def test_a_signal_ends_it_while_a_form_is_opened(
    serve: Serve, dashboard: OpenTerminal, milliseconds: int
) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("line 29")
        end_after(terminal, milliseconds / 1000, "t")


def end_after(terminal: Terminal, seconds: float, *keys: str) -> None:
    """Press keys, and end the program a moment later."""
    terminal.press(*keys)
    time.sleep(seconds)
    terminal.signal(signal.SIGTERM)
    assert terminal.wait_exit(8) == 128 + signal.SIGTERM, terminal.text
    assert b"Traceback" not in terminal.raw
    assert terminal.is_restored()


@pytest.mark.usefixtures("either_textual")
def test_a_crash_restores_the_terminal_and_shows_no_local(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(watched()), argv=[sys.executable, "-c", CRASHING]) as terminal:
        terminal.wait_for("line 29")
        terminal.press("r")
        assert terminal.wait_exit(10) == 1
        screen = terminal.wait_for("meant to crash")
        assert terminal.is_restored()
        assert "canary-in-a-local" not in screen
        assert CANARY.encode() not in terminal.raw


@pytest.mark.usefixtures("either_textual")
def test_the_whole_screen_is_redrawn_after_stop_and_fg(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        terminal.signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        start = len(terminal.raw)
        terminal.signal(signal.SIGCONT)
        terminal.wait_for(lambda _: is_painted(terminal, start), 2)
        terminal.press("q")
        assert terminal.wait_exit(5) == 0


@pytest.mark.own_textual("Textual's driver leaves the cursor where it is")
@pytest.mark.parametrize("number", [None, signal.SIGTERM], ids=["quit", "signal"])
def test_without_an_alternate_screen_the_shell_goes_on_below(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals | None
) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("line 29")
        if number is None:
            terminal.press("ctrl+q")
        else:
            terminal.signal(number)
        terminal.wait_exit(5)
        screen = terminal.screen  # it has no alternate screen
        assert (screen.cursor.y, screen.cursor.x) == (screen.lines - 1, 0)
        assert "palette" not in terminal.text


@pytest.mark.own_textual("Textual's driver starts a second input thread")
def test_a_continue_signal_without_a_stop_changes_nothing(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for("up to date")
        terminal.signal(signal.SIGCONT)
        terminal.press("?")
        terminal.wait_for("Esc closes")
        started_at = time.monotonic()
        terminal.press("ctrl+q")
        assert terminal.wait_exit() == 0
        assert time.monotonic() - started_at < 5
        assert terminal.is_restored()


@pytest.mark.usefixtures("either_textual")
def test_the_whole_screen_is_redrawn_after_a_resize(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(watched())) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        start = len(terminal.raw)
        terminal.resize(120, 34)
        terminal.wait_for(lambda _: is_painted(terminal, start), 5)


def test_an_ignored_hang_up_still_ends_the_dashboard(
    serve: Serve, environment: dict[str, str], tmp_path: Path
) -> None:
    env = environment | {"NODION_API_URL": serve(watched())}
    argv = ["sh", "-c", f"trap '' HUP; exec {PROGRAM}"]
    with Terminal(argv, env=env, cwd=str(tmp_path)) as terminal:
        terminal.wait_for("line 29")
        terminal.hang_up()
        terminal.process.wait(2.5)
        assert terminal.process.returncode != 0


def left_unread(serve: Serve, dashboard: OpenTerminal, lines: int, width: int) -> None:
    """Stops reading the terminal while lines arrive, two thousand a second, then resumes."""

    async def trickle(exchange: Exchange) -> None:
        await exchange.head()
        for index in range(exchange.after, exchange.server.total):
            await exchange.lines(index, index + 1)
            if index % 40 == 39:
                await asyncio.sleep(0.02)
        await exchange.state()

    server = HostileServer(bodies=[f"line {index} {'x' * width}" for index in range(lines)])
    server.always("stream", trickle)
    with dashboard(serve(server)) as terminal:
        terminal.wait_for(lambda text: re.search(r"line \d{3}", text) is not None)
        terminal.pause_reading()
        terminal.press("j", "k", "2", "1")
        deadline = time.monotonic() + 30 + lines / 1000
        while not server.final:
            assert time.monotonic() < deadline, "the program is blocked by the terminal"
            time.sleep(0.05)
        terminal.resume_reading()
        screen = terminal.wait_for("log complete", 20)
        assert f"{lines:,} lines" in screen
        assert "no gaps" in screen
        assert not re.search("reconnect|disconnect|unreachable", screen)
        assert server.count("stream") == 1


@pytest.mark.own_textual("Textual waits for the terminal")
def test_an_unread_terminal_loses_no_line(serve: Serve, dashboard: OpenTerminal) -> None:
    """Exceeds the buffers in between; `tests/bench/unread.py` does so for a minute."""
    left_unread(serve, dashboard, 5000, width=4000)


def test_any_size_and_rapid_resizes_are_handled(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(watched()), columns=1, rows=1) as terminal:
        terminal.wait_for(lambda _: len(terminal.raw) > 200)
        terminal.press("j", "tab", "?", "escape")
        terminal.resize(500, 200)
        terminal.wait_for(lambda _: b"line 29" in terminal.raw)
        terminal.resize(10, 3)
        terminal.press("j", "?", "escape")
        for step in range(200):
            terminal.resize(1 + step * 37 % 220, 1 + step * 23 % 70)
        terminal.resize(110, 32)
        terminal.wait_for(lambda text: "line 29" in text and "trigger" in text, 5)
        terminal.press("ctrl+q")
        assert terminal.wait_exit(10) == 0
        assert terminal.is_restored()
