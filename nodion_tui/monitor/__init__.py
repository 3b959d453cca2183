"""What is known now? The live state of one profile; no Textual, no httpx."""
