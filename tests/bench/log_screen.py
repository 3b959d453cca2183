"""P2, P5 and P6 of the log pane, in a real pseudo-terminal. `python -m tests.bench.log_screen`.

P2: lines a second from an SSE socket to the screen, against httpx-sse and msgspec alone.
P5: from a key to the changed screen while 10,000 lines a second arrive, against idle.
P6: bytes to the terminal in a second, flooded and idle.
"""

import argparse
import asyncio
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.bench.flood_server import flood_server
from tests.bench.log_read import sse_alone
from tests.bench.log_server import log_server
from tests.bench.table import Measure, show
from tests.support.terminal import Terminal

RATE = 10_000


@contextmanager
def pane(url: str, size: tuple[int, int]) -> Iterator[Terminal]:
    """The pane in a terminal, about to open its log."""
    argv = [sys.executable, "-m", "tests.bench.pane_app", url]
    with Terminal(argv, columns=size[0], rows=size[1]) as terminal:
        terminal.wait_for("No run selected")
        yield terminal


def lines_per_second(lines: int, size: tuple[int, int]) -> float:
    """From the key that opens the log to the mark of its end on the screen."""
    with log_server(lines, live=True) as url, pane(url, size) as terminal:
        began = time.perf_counter()
        terminal.press("s")
        terminal.wait_for(f"log complete, {lines:,} lines", 120)
        return lines / (time.perf_counter() - began)


def latencies(rate: int, keys: int, size: tuple[int, int]) -> list[float]:
    """Milliseconds from a key to the cursor's sign in another row."""
    with flood_server(rate) as url, pane(url, size) as terminal:
        terminal.press("s")
        terminal.wait_for("▼ following")
        time.sleep(1)
        terminal.press("k")
        terminal.wait_for("▌")
        taken = []
        for number in range(keys):
            row = _cursor(terminal.text)
            began = time.perf_counter()
            terminal.press("k" if number % 10 < 5 else "j")
            terminal.wait_for(_moved_from(row))
            taken.append((time.perf_counter() - began) * 1000)
            time.sleep(0.03 + 0.01 * (number % 7))
        return taken


def bytes_per_second(rate: int, seconds: float, size: tuple[int, int]) -> float:
    """What the terminal gets while nobody types."""
    with flood_server(rate) as url, pane(url, size) as terminal:
        terminal.press("s")
        terminal.wait_for("▼ following")
        time.sleep(1)
        before = len(terminal.raw)
        time.sleep(seconds)
        return (len(terminal.raw) - before) / seconds


def _cursor(screen: str) -> int:
    rows = screen.split("\n")
    return next((y for y, row in enumerate(rows) if row[1:2] == "▌"), -1)


def _moved_from(row: int) -> Callable[[str], bool]:
    return lambda screen: _cursor(screen) != row


def _worst(figures: list[float]) -> float:
    return statistics.quantiles(figures, n=100)[98]


def measure(lines: int, rounds: int, keys: int, size: tuple[int, int]) -> list[Measure]:
    """All rows, their rounds interleaved."""
    alone, ours, idle, flooded = [], [], [], []
    for _ in range(rounds):
        with log_server(lines, live=True) as url:
            count, took = asyncio.run(sse_alone(url))
        alone.append(count / took)
        ours.append(lines_per_second(lines, size))
        idle.append(_worst(latencies(0, keys, size)))
        flooded.append(_worst(latencies(RATE, keys, size)))
    sent = [bytes_per_second(RATE, 5, size) / 1000 for _ in range(rounds)]
    quiet = [bytes_per_second(0, 10, size) for _ in range(rounds)]
    at = f"at {size[0]}×{size[1]}"
    return [
        Measure("P2", f"lines/s from an SSE socket to the screen {at}", ours, alone, "", "≥ 0.5"),
        Measure(
            "P5", f"key to screen, 99th percentile, {RATE:,} lines/s", flooded, idle, "ms", "≤ 2"
        ),
        Measure("P5", "the same against the limit of 50 ms", flooded, [50], "ms", "≤ 1"),
        Measure("P6", f"bytes to the terminal, flooded {at}", sent, [150], "kB/s", "≤ 1"),
        Measure(
            "P6", f"bytes to the terminal, one quiet live log {at}", quiet, [200], "B/s", "≤ 1"
        ),
    ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--keys", type=int, default=100)
    parser.add_argument("--size", default="120x36")
    chosen = parser.parse_args()
    columns, rows = map(int, chosen.size.split("x"))
    show(measure(chosen.lines, chosen.rounds, chosen.keys, (columns, rows)))
