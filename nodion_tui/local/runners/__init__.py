"""Which runners does the engine serve? Demo runners, local.toml and its reload."""
