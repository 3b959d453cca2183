"""Timeline of runs: a time axis, and bars in lanes."""
