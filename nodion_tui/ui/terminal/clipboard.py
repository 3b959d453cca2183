"""Copies text to the terminal's clipboard by OSC 52, up to a size limit."""

from typing import Any

from textual.app import App

from nodion_tui.model.text.format import data_size

MAX_BYTES = 100 * 1024
"""Maximum size for OSC 52; terminals drop larger texts silently."""


def byte_size(text: str) -> int:
    """Size of a text in the clipboard, in bytes."""
    return len(text.encode("utf-8", "replace"))


def copy(app: App[Any], text: str) -> bool:
    """Copy a text, or notify that it is too large; returns whether it was copied."""
    if (size := byte_size(text)) > MAX_BYTES:
        app.notify(
            f"{size:,} bytes exceed the terminal clipboard limit ({data_size(MAX_BYTES)}); "
            "nothing was copied",
            severity="warning",
            markup=False,
        )
        return False
    app.copy_to_clipboard(text)
    return True
