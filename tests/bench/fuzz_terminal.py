"""A million hostile strings in a log, in a real terminal: no foreign control sequence arrives.

python -m tests.bench.fuzz_terminal [COUNT [SEED]]      default: 1,000,000 and a new seed
"""

import re
import tempfile
import time
from collections.abc import Callable, Sequence

from tests.bench.fuzz_strings import asked, string
from tests.bench.program import DASHBOARD
from tests.support.hostile import HostileServer
from tests.support.server_thread import serve_in_thread
from tests.support.terminal import Terminal
from tests.trust.hostile_text import obeyed_sequences

_LINES = 50_000
"""Lines per log."""
_COLUMNS, _ROWS = 160, 130
_PAGE = _ROWS - 5
"""Lines between the tops of two pages."""
_PLACE = re.compile(r"^╰ line ([\d,]+) ", re.MULTILINE)


def _page_through(bodies: Sequence[str]) -> None:
    """Show every line of a log.

    Raises:
        AssertionError: a foreign control sequence arrived at the terminal.
    """
    server = HostileServer(len(bodies), bodies=bodies)
    with serve_in_thread(server) as url, tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "NODION_API_URL": url, "NODION_API_KEY": "nobody"}
        with Terminal(DASHBOARD, columns=_COLUMNS, rows=_ROWS, env=env) as terminal:
            terminal.wait_for("log complete", 120)
            terminal.press("tab", "tab", "tab", "z", "g")
            line, checked = 1, 0
            last = max(line, len(bodies) + 1 - _PAGE)  # with the mark at the end
            terminal.wait_for(_shows(line))
            while True:
                assert not (found := obeyed_sequences(bytes(terminal.raw[checked:]))), found[:3]
                checked = terminal.raw.rfind(b"\x1b")
                if line == last:
                    return
                line = min(line + _PAGE, last)
                terminal.press("pagedown")
                terminal.wait_for(_shows(line))


def _shows(line: int) -> Callable[[str], bool]:
    """Whether a line is at the top of the screen."""
    return lambda text: _PLACE.findall(text) == [f"{line:,}"]


def main() -> None:
    """Page through the logs."""
    count, chance = asked()
    began = time.monotonic()
    for start in range(0, count, _LINES):
        lines = min(_LINES, count - start)
        _page_through([f"{index}:{string(chance)}" for index in range(lines)])
        print(f"{start + lines:>9,} shown, {time.monotonic() - began:5.0f} s: inert", flush=True)


if __name__ == "__main__":
    main()
