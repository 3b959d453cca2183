"""Writes many lines (the first argument, default 100,000), as fast as they are read."""

import sys

CHUNK = 500


def main() -> None:
    """Export rows."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for start in range(1, total + 1, CHUNK):
        for row in range(start, min(start + CHUNK, total + 1)):
            customer = row * 7919 % 99_991
            sys.stdout.write(f"exported row {row:>7} of {total}: customer-{customer:05}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
