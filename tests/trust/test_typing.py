"""What is typed arrives: alone or broken; and nobody wakes up for what is not."""

import time
from pathlib import Path

import pytest

from tests.support.hostile import HostileServer
from tests.support.terminal import Terminal
from tests.trust.conftest import OpenTerminal, Serve

pytestmark = pytest.mark.pty


def test_an_escape_alone_and_bytes_that_are_no_text(serve: Serve, dashboard: OpenTerminal) -> None:
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


def test_nobody_wakes_up_for_keys_that_are_not_typed(serve: Serve, dashboard: OpenTerminal) -> None:
    server = HostileServer(3)
    with dashboard(serve(server)) as terminal:
        terminal.wait_for("log complete")
        began, before, asked = time.monotonic(), _woken(terminal), len(server.requests)
        terminal.wait_for(lambda _: len(server.requests) >= asked + 2)
        assert (_woken(terminal) - before) / (time.monotonic() - began) < 8


def _woken(terminal: Terminal) -> int:
    """How often the threads beside the main one have gone to sleep."""
    main = terminal.process.pid
    threads = Path(f"/proc/{main}/task").iterdir()
    stats = [(each / "status").read_text() for each in threads if each.name != str(main)]
    return sum(int(stat.split("\nvoluntary_ctxt_switches:")[1].split()[0]) for stat in stats)
