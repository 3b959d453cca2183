"""Which lines match? Queries, background scan, error jumps, and which rows are shown."""
