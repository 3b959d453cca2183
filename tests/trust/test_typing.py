"""Keyboard input: a lone Escape, invalid bytes, and no wake-ups while idle."""

import time
from pathlib import Path

import pytest

from tests.support.hostile import HostileServer
from tests.support.terminal import Terminal
from tests.trust.conftest import OpenTerminal, Serve

pytestmark = pytest.mark.pty


@pytest.mark.own_textual("Textual ends at invalid UTF-8 (its issue 6456)")
def test_a_lone_escape_and_invalid_bytes(serve: Serve, dashboard: OpenTerminal) -> None:
    with dashboard(serve(HostileServer(3))) as terminal:
        terminal.wait_for("line 2")
        for broken in (b"", b"\xff\xfe", "é".encode()[:1]):
            terminal.write(broken)
            terminal.press("?")
            terminal.wait_for("Esc closes")
            terminal.write(b"\x1b")
            terminal.wait_for(lambda text: "Esc closes" not in text)
        terminal.press("q")
        assert terminal.wait_exit(5) == 0
        assert terminal.is_restored()


@pytest.mark.own_textual("Textual looks for the end ten times a second")
def test_no_thread_polls_the_keyboard(serve: Serve, dashboard: OpenTerminal) -> None:
    server = HostileServer(3)
    with dashboard(serve(server)) as terminal:
        terminal.wait_for("log complete")
        # What is opened next is imported by a thread meanwhile; a thread that polls does so always.
        assert any(_switches_a_second(terminal, server) < 8 for _ in range(4))


def _switches_a_second(terminal: Terminal, server: HostileServer) -> float:
    """Context switches of the threads until two more requests were sent."""
    start, before, requests = time.monotonic(), _context_switches(terminal), len(server.requests)
    terminal.wait_for(lambda _: len(server.requests) >= requests + 2)
    return (_context_switches(terminal) - before) / (time.monotonic() - start)


def _context_switches(terminal: Terminal) -> int:
    """Voluntary context switches of all threads but the main one."""
    main = terminal.process.pid
    threads = Path(f"/proc/{main}/task").iterdir()
    stats = [(thread / "status").read_text() for thread in threads if thread.name != str(main)]
    return sum(int(stat.split("\nvoluntary_ctxt_switches:")[1].split()[0]) for stat in stats)
