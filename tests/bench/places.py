"""Output folder of the benchmarks."""

from pathlib import Path

FOLDER = Path(__file__).with_name("results")
"""Ignored by git."""
