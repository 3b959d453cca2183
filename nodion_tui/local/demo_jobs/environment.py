"""Prints its environment variables; values of names that look like secrets are masked."""
# ruff: noqa: T201 - printing is what a job is for

import os
import re

SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)


def main() -> None:
    """Print one variable per line."""
    for name, value in sorted(os.environ.items()):
        print(f"{name}={'***' if SECRET.search(name) else value}", flush=True)


if __name__ == "__main__":
    main()
