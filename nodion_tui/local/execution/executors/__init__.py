"""Ways to execute a run on this machine."""
