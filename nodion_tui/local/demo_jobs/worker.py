"""A worker that goes on until it is stopped, and says so when it is."""
# ruff: noqa: T201 - printing is what a job is for

import itertools
import signal
import sys
import time
from types import FrameType


def stop(_: int, __: FrameType | None) -> None:
    """Finish in an orderly way."""
    print("SIGTERM: finishing the current job", flush=True)
    time.sleep(0.3)
    print("bye", flush=True)
    sys.exit(0)


def main() -> None:
    """Work through a queue that never ends."""
    signal.signal(signal.SIGTERM, stop)
    for job in itertools.count(1):
        print(f"job {job} done in {job * 37 % 400 + 20} ms", flush=True)
        time.sleep(1)


if __name__ == "__main__":
    main()
