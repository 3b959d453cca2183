"""A log of 50,000 lines a second: key latency, and no dropped lines.

python -m tests.bench.burst [KEYS]      300 keys that move the log's cursor by default
"""

import re
import sys
import time

from tests.bench.fleet import Plan
from tests.bench.key_latency import at_place, latencies
from tests.bench.measure import worst_of_a_hundred
from tests.bench.program import Program

RATE = 50_000
LIMIT_MS = 100.0
_KEYS = "kkkjjj"
_SIZE = (120, 36)


def lines(program: Program) -> int:
    """The number of lines in the footer."""
    screen = program.wait_for(lambda text: re.search(r"[\d,]+ lines · no gaps", text) is not None)
    assert "dropped" not in screen
    found = re.search(r"([\d,]+) lines · no gaps", screen)
    assert found is not None
    return int(found[1].replace(",", ""))


def main() -> None:
    """Print the 99th percentile of the latency and the number of lines."""
    keys = int(sys.argv[1]) if len(sys.argv) > 1 else 300
    with at_place(Plan(running=1, rate=RATE), _SIZE, ("\t", "enter", "k")) as program:
        began, before = time.monotonic(), lines(program)
        took = latencies(program, _KEYS, keys)
        rate = (lines(program) - before) / (time.monotonic() - began)
    whole = worst_of_a_hundred([each.whole for each in took])
    own = worst_of_a_hundred([each.own for each in took])
    print(f"p99 {whole:.0f} ms ({own:.0f} ms with a core), {rate:,.0f} lines/s, 0 dropped")
    assert whole < LIMIT_MS


if __name__ == "__main__":
    main()
