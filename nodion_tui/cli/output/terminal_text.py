"""JSON on a terminal."""

from nodion_tui.model.text.sanitize import sanitize_json


def terminal_json(raw: bytes) -> bytes:
    r"""JSON for a terminal: the same value, with hidden and control characters as `\uXXXX`."""
    return sanitize_json(raw.decode("utf-8", "backslashreplace")).encode()
