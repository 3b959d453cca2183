"""Simulates a queue worker that runs until SIGTERM and then exits cleanly."""
# ruff: noqa: T201 - printing is what a job is for

import itertools
import signal
import sys
import time
from types import FrameType


def stop(_: int, __: FrameType | None) -> None:
    """Finish the current job and exit with 0."""
    print("SIGTERM: finishing the current job", flush=True)
    time.sleep(0.3)
    print("bye", flush=True)
    sys.exit(0)


def main() -> None:
    """Process jobs of an endless queue."""
    signal.signal(signal.SIGTERM, stop)
    for job in itertools.count(1):
        print(f"job {job} done in {job * 37 % 400 + 20} ms", flush=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
