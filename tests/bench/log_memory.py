"""P3: the memory that a log takes, over its UTF-8 size. `python -m tests.bench.log_memory`."""

import argparse
import gc
import subprocess
import sys
from pathlib import Path

from nodion_tui.model.idset import IdSet
from nodion_tui.monitor.logbuffer import LogBuffer
from tests.bench.loglike import pages
from tests.bench.table import Measure, show


def resident() -> int:
    """Bytes of memory that this process has."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def fill(lines: int, max_bytes: int) -> tuple[float, float]:
    """Resident megabytes that so many lines add, and the megabytes of their text."""
    buffer, seen, size = LogBuffer(max_bytes), IdSet(), 0
    for page in pages(2000):
        LogBuffer().extend(page)
    gc.collect()
    before = resident()
    for page in pages(lines):
        seen.add_each(line.id for line in page)
        buffer.extend(page)
        buffer.reserve(seen.bytes_held)
        size += sum(len(line.body) for line in page)
    gc.collect()
    return (resident() - before) / 1e6, size / 1e6


def measure(lines: int, rounds: int) -> list[Measure]:
    """Each round in a fresh process, for a heap keeps what it had."""
    free = [_in_a_process(lines, 2**34) for _ in range(rounds)]
    limit = 64
    bounded = [_in_a_process(lines, limit * 2**20)[0] for _ in range(rounds)]
    return [
        Measure(
            "P3",
            f"resident memory that {lines:,} lines add, ids included",
            [added for added, _ in free],
            [text for _, text in free],
            "MB",
            "≤ 1.3",
        ),
        Measure(
            "P3",
            f"the same with max_log_bytes of {limit} MiB",
            bounded,
            [limit * 1.048576],
            "MB",
            "≤ 1.0",
        ),
    ]


def _in_a_process(lines: int, max_bytes: int) -> tuple[float, float]:
    argv = [sys.executable, "-m", "tests.bench.log_memory", "--fill", str(lines), str(max_bytes)]
    answer = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
    return float(answer[0]), float(answer[1])


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--fill", nargs=2, type=int)
    chosen = parser.parse_args()
    if chosen.fill:
        print(*fill(*chosen.fill))
    else:
        show(measure(chosen.lines, chosen.rounds))
