"""The terminal's clipboard: how much may be sent to it, and what is said when that is too much."""

from typing import Any

from textual.app import App

LIMIT = 100 * 1024
"""Bytes that are sent by OSC 52 at most; terminals drop more, and say nothing."""


def size(text: str) -> int:
    """Bytes that a text takes there."""
    return len(text.encode("utf-8", "replace"))


def copy(app: App[Any], text: str) -> bool:
    """Send a text, or say that it is too much for a terminal; whether it was sent."""
    if (bytes_ := size(text)) > LIMIT:
        app.notify(
            f"{bytes_:,} bytes are too much for the clipboard of a terminal ({LIMIT // 1024} KB); "
            "nothing was sent",
            severity="warning",
            markup=False,
        )
        return False
    app.copy_to_clipboard(text)
    return True
