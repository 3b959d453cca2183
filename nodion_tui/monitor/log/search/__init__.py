"""Search in a log: queries, matching lines, error jumps, and which rows are shown."""
