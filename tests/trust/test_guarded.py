"""`--guard`: a process beside the dashboard, which gives the terminal back when that is killed."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.terminal import Terminal
from tests.trust.conftest import PROGRAM, OpenTerminal, Serve
from tests.trust.test_lifecycle import watched

pytestmark = pytest.mark.pty


def child_of(terminal: Terminal) -> int:
    """The process that paints."""
    guard = terminal.process.pid
    return int(Path(f"/proc/{guard}/task/{guard}/children").read_text().split()[0])


@contextmanager
def guarded(serve: Serve, dashboard: OpenTerminal) -> Iterator[tuple[Terminal, int]]:
    """The dashboard with its guard, and the child's id."""
    with dashboard(serve(watched()), argv=[PROGRAM, "--guard"]) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        yield terminal, child_of(terminal)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=lambda each: each.name)
def test_what_is_killed_leaves_the_terminal_as_it_was(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals
) -> None:
    with guarded(serve, dashboard) as (terminal, child):
        os.kill(child, number)
        assert terminal.wait_exit(5) == 128 + number
        terminal.wait_for(f"nodion-tui: ended by {number.name}; the terminal is as it was")
        assert terminal.is_restored()
        for mode in (1003, 1004, 1006, 2004):
            raw = bytes(terminal.raw)
            assert raw.rfind(b"\x1b[?%dl" % mode) > raw.rfind(b"\x1b[?%dh" % mode), mode
        assert terminal.raw.rfind(b"\x1b[<u") > terminal.raw.rfind(b"\x1b[>")


@pytest.mark.parametrize("number", [None, signal.SIGTERM], ids=["quit", "TERM"])
def test_signals_and_exit_codes_are_passed_on(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals | None
) -> None:
    with guarded(serve, dashboard) as (terminal, _):
        if number is None:
            terminal.press("q")
        else:
            terminal.signal(number)
        assert terminal.wait_exit(5) == (0 if number is None else 128 + number)
        assert terminal.is_restored()
        assert b"ended by" not in terminal.raw


def test_it_stops_goes_on_and_ends_with_its_guard(serve: Serve, dashboard: OpenTerminal) -> None:
    with guarded(serve, dashboard) as (terminal, child):
        terminal.signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        start = len(terminal.raw)
        terminal.signal(signal.SIGCONT)
        words = [b"Runners", b"line 29", b"palette"]
        terminal.wait_for(lambda _: all(word in terminal.raw[start:] for word in words), 5)
        terminal.process.kill()
        terminal.wait_for(lambda _: terminal.is_restored(), 5)
        terminal.wait_for(lambda _: not Path(f"/proc/{child}").exists() or _is_over(child), 5)


def _is_over(process: int) -> bool:
    """Whether it has ended, and only nobody has asked how."""
    return ") Z " in Path(f"/proc/{process}/stat").read_text()
