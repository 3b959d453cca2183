"""The fuzz tests of `tests/trust/test_fuzz.py`, with many more examples.

python -m tests.bench.fuzz [EXAMPLES [WORD …]]      default: 100,000 each

With words: only the tests whose names contain one of them.
"""

import sys
import time

from hypothesis import HealthCheck, settings

from tests.trust import test_fuzz


def main() -> None:
    """Run each fuzz test and print how long it took; a failure shows its minimal example."""
    examples = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    long = settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    words = sys.argv[2:] or [""]
    for name, test in vars(test_fuzz).items():
        if name.startswith("test_") and any(word in name for word in words):
            began = time.monotonic()
            long(test)()
            print(f"{name}: {examples:,} examples, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
