"""Parses the times of filters: `2h` (ago), `14:05`, `today`, `2026-01-15`, `2026-01-15T14:05`."""

from collections.abc import Callable
from datetime import datetime, tzinfo

from nodion_tui.model.text.typed_time import parse_typed_time

FilterTime = Callable[[datetime, tzinfo | None], datetime]
"""Resolves a typed time: (current time, zone or None for local time) → aware datetime."""


def parse_filter_time(text: str) -> FilterTime:
    """Parse a typed time into a function that resolves it against the current time.

    Raises:
        ValueError: it is not a time; the message names valid examples.
    """
    try:
        return parse_typed_time(text).at
    except ValueError:
        examples = "2h, 1d12h, 14:05, today or 2026-01-15"
        raise ValueError(f"{text!r} is not a time: use {examples}") from None
