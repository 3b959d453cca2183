"""How does the process end? Exit codes, signals, the debug log, and the terminal it started in."""
