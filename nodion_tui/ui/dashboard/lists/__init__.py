"""The lists of runners and runs."""
