"""What do we know now? Live state; no Textual, no httpx."""
