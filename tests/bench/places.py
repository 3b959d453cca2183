"""Where a benchmark keeps what it makes."""

from pathlib import Path

FOLDER = Path(__file__).with_name("results")
"""Git ignores it."""
