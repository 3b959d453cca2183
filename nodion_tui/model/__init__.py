"""What is a run? Runs, runners, log lines, errors: frozen values and pure functions, no I/O."""
