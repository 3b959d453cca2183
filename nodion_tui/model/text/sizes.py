"""Parses sizes such as `500 MB`, `2 GiB`, and writes them."""

import re
from collections.abc import Mapping

_UNITS: Mapping[str, int] = {
    "kb": 1000,
    "mb": 1000**2,
    "gb": 1000**3,
    "tb": 1000**4,
    "kib": 1024,
    "mib": 1024**2,
    "gib": 1024**3,
    "tib": 1024**4,
}
_SIZE = r"(\d{1,9}(?:\.\d{1,9})?)\s*([kmgt]i?b)"


def parse_size(text: str) -> int:
    """Parses a size such as `2 GiB`; returns bytes.

    Raises:
        ValueError: the text is not a size; the message contains examples.
    """
    match = re.fullmatch(_SIZE, text.strip().lower(), re.ASCII)
    if match is None:
        raise ValueError(f"{text.strip()!r} is not a size such as 500 MB, 2 GiB")
    return int(float(match[1]) * _UNITS[match[2]])


def size_text(size: int) -> str:
    """A size with a binary unit: `512 bytes`, `1.5 MiB`, `2 GiB`."""
    amount, unit = float(size), "bytes"
    for larger in ("KiB", "MiB", "GiB", "TiB"):
        if amount < 1024:
            break
        amount, unit = amount / 1024, larger
    return f"{amount:.4g} {unit}"
