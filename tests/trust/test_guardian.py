"""`--guard`: a guardian process restores the terminal when the dashboard is killed."""

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


def child_of(process: int) -> int:
    """Id of the first child of a process."""
    return int(Path(f"/proc/{process}/task/{process}/children").read_text().split()[0])


@contextmanager
def guarded(serve: Serve, dashboard: OpenTerminal) -> Iterator[tuple[Terminal, int]]:
    """Opens the dashboard with its guardian; yields the terminal and the child's id."""
    with dashboard(serve(watched()), argv=[PROGRAM, "--guard"]) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        yield terminal, child_of(terminal.process.pid)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV], ids=lambda number: number.name)
def test_the_guardian_restores_the_terminal_of_a_killed_dashboard(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals
) -> None:
    with guarded(serve, dashboard) as (terminal, child):
        os.kill(child, number)
        assert terminal.wait_exit(5) == 128 + number
        terminal.wait_for(f"nodion-tui: killed by {number.name}; terminal restored")
        assert terminal.is_restored()
        for mode in (1003, 1004, 1006, 2004):
            raw = bytes(terminal.raw)
            assert raw.rfind(b"\x1b[?%dl" % mode) > raw.rfind(b"\x1b[?%dh" % mode), mode
        assert terminal.raw.rfind(b"\x1b[<u") > terminal.raw.rfind(b"\x1b[>")


@pytest.mark.parametrize("number", [None, signal.SIGTERM], ids=["quit", "TERM"])
def test_signals_and_exit_codes_are_forwarded(
    serve: Serve, dashboard: OpenTerminal, number: signal.Signals | None
) -> None:
    with guarded(serve, dashboard) as (terminal, _):
        if number is None:
            terminal.press("q")
        else:
            terminal.signal(number)
        assert terminal.wait_exit(5) == (0 if number is None else 128 + number)
        assert terminal.is_restored()
        assert b"killed by" not in terminal.raw


def test_stop_and_fg_apply_to_both_processes(serve: Serve, dashboard: OpenTerminal) -> None:
    with guarded(serve, dashboard) as (terminal, _):
        terminal.signal(signal.SIGTSTP)
        os.waitid(os.P_PID, terminal.process.pid, os.WSTOPPED | os.WNOWAIT)
        start = len(terminal.raw)
        terminal.signal(signal.SIGCONT)
        words = [b"Runners", b"line 29", b"palette"]
        terminal.wait_for(lambda _: all(word in terminal.raw[start:] for word in words), 5)


def test_the_dashboard_ends_when_its_guardian_is_killed(
    serve: Serve, dashboard: OpenTerminal
) -> None:
    """The shell leads the session, so the kernel sends no signal when the guardian ends."""
    shell = ["sh", "-c", f"{PROGRAM} --guard; echo killed; exec sleep 60"]
    with dashboard(serve(watched()), argv=shell) as terminal:
        terminal.wait_for(lambda text: "line 29" in text and "palette" in text)
        os.kill(child_of(terminal.process.pid), signal.SIGKILL)
        terminal.wait_for(lambda _: b"killed" in terminal.raw and terminal.is_restored(), 5)
