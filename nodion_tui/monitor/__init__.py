"""Live state of one profile: runs, logs, polling, notifications. No Textual, no httpx."""
