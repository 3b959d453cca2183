"""A million hostile strings in a log, paged through in a real terminal: what arrives there is ours.

python -m tests.bench.fuzz_terminal [COUNT [SEED]]      1,000,000 and a new seed unless told
"""

import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence

from tests.bench.fuzz_strings import string
from tests.bench.program import DASHBOARD
from tests.support.besides import besides
from tests.support.hostile import HostileServer
from tests.support.terminal import Terminal
from tests.trust.hostiles import obeyed

_LINES = 50_000
"""Of one log."""
_COLUMNS, _ROWS = 160, 130
_PAGE = _ROWS - 5
"""Lines from the top of one page to that of the next."""
_PLACE = re.compile(r"^╰ line ([\d,]+) ", re.MULTILINE)
_END = 0


def _page_through(bodies: Sequence[str]) -> None:
    """Show each line.

    Raises:
        AssertionError: something arrived that a terminal obeys and that is not ours.
    """
    server = HostileServer(len(bodies), bodies=bodies)
    with besides(server) as url, tempfile.TemporaryDirectory() as home:
        env = {"HOME": home, "NODION_API_URL": url, "NODION_API_KEY": "nobody"}
        with Terminal(DASHBOARD, columns=_COLUMNS, rows=_ROWS, env=env) as terminal:
            terminal.wait_for("log complete", 120)
            terminal.press("tab", "tab", "tab", "z", "g")
            line, checked = 1, 0
            terminal.wait_for(_shows(line))
            while True:
                assert not (found := obeyed(bytes(terminal.raw[checked:]))), found[:3]
                checked = terminal.raw.rfind(b"\x1b")
                if _place(terminal.text) == _END:
                    return
                line += _PAGE
                terminal.press("pagedown")
                terminal.wait_for(_shows(line, _END))


def _shows(*places: int) -> Callable[[str], bool]:
    """Whether a screen stands at one of these places."""
    return lambda text: _place(text) in places


def _place(text: str) -> int:
    """The number of the line at the top; 0 where the log has come to its end."""
    found = _PLACE.search(text)
    return int(found[1].replace(",", "")) if found else _END


def main() -> None:
    """Page through log after log."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else random.SystemRandom().randrange(2**32)
    print(f"{count:,} strings of seed {seed}", flush=True)
    chance, began = random.Random(seed), time.monotonic()  # noqa: S311 - no secret
    for start in range(0, count, _LINES):
        lines = min(_LINES, count - start)
        _page_through([f"{index}:{string(chance)}" for index in range(lines)])
        print(f"{start + lines:>9,} shown, {time.monotonic() - began:5.0f} s: inert", flush=True)


if __name__ == "__main__":
    main()
