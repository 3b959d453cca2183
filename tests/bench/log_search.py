"""P4: finding a rare string, against lnav in the same rounds. `python -m tests.bench.log_search`.

lnav runs in a pseudo-terminal, and is timed from Enter to its count of hits on the screen; ours is
timed from the making of the search to its first hit, and to its end, with an event loop beside it.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from nodion_tui.monitor.logerrors import next_error
from nodion_tui.monitor.logquery import Query
from nodion_tui.monitor.logsearch import LogSearch
from tests.bench.loglike import NEEDLE, bodies, pages
from tests.bench.table import Measure, show
from tests.support.logfill import FilledSession
from tests.support.terminal import Terminal

PATTERNS = (NEEDLE.lower(), NEEDLE, r"needle_\w+stack", r"worker-\d .* needle|_haystack$")


async def to_error(session: FilledSession) -> float:
    """Milliseconds to learn that there is no error in the log."""
    began = time.perf_counter()
    assert await next_error(session.buffer, -1) is None
    return (time.perf_counter() - began) * 1000


async def ours(session: FilledSession, query: Query) -> tuple[float, float, float]:
    """Milliseconds to the first hit, to the end, and of the longest stall of the loop."""
    began = last = time.perf_counter()
    first = longest = 0.0
    search = LogSearch(session, [query])
    task = asyncio.create_task(search.run())
    while not search.state.done:
        await asyncio.sleep(0.0005)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
        if search.hits and not first:
            first = now - began
    done = time.perf_counter() - began
    task.cancel()
    await asyncio.wait((task,))
    assert len(search.hits) == 1, search.state
    return first * 1000, done * 1000, longest * 1000


def lnav(file: Path, home: str, pattern: str) -> float:
    """Milliseconds from Enter to the hits."""
    argv = ["lnav", "-N", str(file)]
    with Terminal(argv, env={"HOME": home, "TMPDIR": home}) as terminal:
        terminal.wait_for("100%", 120)
        terminal.type("g")
        terminal.wait_for("L0 ", 60)
        terminal.type(f"/{pattern}")
        terminal.wait_for(pattern[-12:], 60)
        began = time.perf_counter()
        written = len(terminal.raw)
        terminal.type("\r")
        while terminal.raw.find(b"hits for", written) < 0:
            time.sleep(0.0005)
        took = time.perf_counter() - began
        terminal.type("q")
        return took * 1000


def measure(lines: int, rounds: int) -> list[Measure]:
    """Ours and lnav's rounds, one after the other."""
    session = FilledSession(max_bytes=2**34)
    for page in pages(lines):
        session.buffer.extend(page)
    figures: dict[str, list[tuple[float, float, float]]] = {pattern: [] for pattern in PATTERNS}
    peers: dict[str, list[float]] = {pattern: [] for pattern in PATTERNS}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "run.log")
        file.write_text("\n".join(bodies(lines)) + "\n")
        for _ in range(rounds):
            for pattern in PATTERNS:
                peers[pattern].append(lnav(file, folder, pattern))
                figures[pattern].append(asyncio.run(ours(session, Query(pattern))))
    errors = asyncio.run(to_error(session))
    return [
        Measure("P4", f"{name} of {pattern!r}", [f[place] for f in found], peer, "ms", "≤ 1.0")
        for pattern, found in figures.items()
        for place, name, peer in (
            (0, "first hit", peers[pattern]),
            (1, "whole search", peers[pattern]),
            (2, "longest stall of the loop", [50.0]),
        )
    ] + [Measure("P4", "next error where there is none", [errors], [1000.0], "ms", "none")]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    show(measure(chosen.lines, chosen.rounds))
