"""The setting `archive`: how much of a profile's finished logs is kept on disk, and how long."""

from datetime import timedelta

import msgspec

from nodion_tui.model.text.durations import parse_duration
from nodion_tui.model.text.sizes import parse_size, size_text

MIN_BYTES = 1024**2
"""A smaller archive would keep hardly a log."""


class ArchiveLimits(msgspec.Struct, frozen=True):
    """What an archive may take; the oldest logs go first."""

    max_bytes: int
    """On disk, compressed."""
    max_age: timedelta | None = None
    """Since the end of a run; None: no limit."""

    def __str__(self) -> str:
        return size_text(self.max_bytes) + (f", {_age(self.max_age)}" if self.max_age else "")


def parse_archive_limits(text: str) -> ArchiveLimits:
    """Parses a size and an age, such as `2 GiB, 90d`, or a size alone.

    Raises:
        ValueError: it is neither; the message says what is expected.
    """
    size, *ages = (part.strip() for part in text.split(","))
    if len(ages) > 1:
        raise ValueError('expected a size and an age, such as "2 GiB, 90d"')
    max_bytes = parse_size(size)
    if max_bytes < MIN_BYTES:
        raise ValueError(f"must be at least {size_text(MIN_BYTES)}")
    age = parse_duration(ages[0]) if ages else None
    if age is not None and not age:
        raise ValueError("an age of 0 keeps nothing: leave the setting out instead")
    return ArchiveLimits(max_bytes, age)


def _age(age: timedelta) -> str:
    hours, rest = divmod(int(age.total_seconds()), 3600)
    if rest:
        return f"{int(age.total_seconds())}s"
    return f"{hours}h" if hours % 24 else f"{hours // 24}d"
