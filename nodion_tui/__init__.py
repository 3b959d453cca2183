"""nodion-tui: a terminal monitor for the Nodion Runner Runs API."""

__version__ = "0.1.0"
