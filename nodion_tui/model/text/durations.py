"""Parses durations such as `90s`, `2h`, `1h30m`, `1d12h`, `2w`."""

import re
from collections.abc import Mapping
from datetime import timedelta

_UNITS: Mapping[str, timedelta] = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_PART = r"(\d{1,9}(?:\.\d{1,9})?)([smhdw])"


def parse_duration(text: str) -> timedelta:
    """Parses a duration such as `1h30m`.

    Raises:
        ValueError: the text is not a duration; the message contains examples.
    """
    typed = text.strip().lower()
    if not re.fullmatch(f"(?:{_PART})+", typed, re.ASCII):
        raise ValueError(f"{text!r} is not a duration such as 90s, 30m, 2h, 1d12h")
    try:
        return sum(
            (float(number) * _UNITS[unit] for number, unit in re.findall(_PART, typed, re.ASCII)),
            timedelta(),
        )
    except OverflowError:
        raise ValueError(f"{text!r} is too long a duration") from None
