"""Simulates an import that fails one time in three; `--fail` and `--pass` force the outcome."""
# ruff: noqa: T201 - printing is what a job is for

import secrets
import sys
import time


def main() -> int:
    """Import batches until one fails or all are done; returns the exit code."""
    fails = "--fail" in sys.argv or ("--pass" not in sys.argv and secrets.randbelow(3) == 0)
    for batch in range(1, 13):
        time.sleep(0.4)
        print(f"batch {batch:>2} of 12: 500 records imported", flush=True)
        if fails and batch == 8:
            print("Traceback (most recent call last):", file=sys.stderr)
            print('  File "import.py", line 88, in load', file=sys.stderr)
            print("ConnectionResetError: the source closed the connection", file=sys.stderr)
            return 1
    print("6,000 records imported", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
