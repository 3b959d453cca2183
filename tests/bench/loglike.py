"""Typical log lines, deterministic."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import LogLine

NEEDLE = "needle_in_Haystack"
START = datetime(2026, 1, 15, 10, 1, tzinfo=UTC)


def bodies(count: int) -> Iterator[str]:
    """Lines of about 122 characters; one of them, at five sixths, contains the needle."""
    for n in range(count):
        at = START + timedelta(milliseconds=n)
        found = f" {NEEDLE}" if n == count * 5 // 6 else ""
        yield (
            f"{at:%Y-%m-%dT%H:%M:%S}.{n % 1000:03}Z INFO worker-{n % 7} processing item {n} of the"
            f" batch, a line as long as many are in real life {n * 7919 % 100_000}{found}"
        )


def pages(count: int, size: int = 1000, start: datetime = START) -> Iterator[list[LogLine]]:
    """The same as lines of the API, page by page; ids have the length of UUIDs."""
    page: list[LogLine] = []
    for n, body in enumerate(bodies(count)):
        created = start + timedelta(milliseconds=n)
        page.append(LogLine(f"{n:08x}-0000-4000-8000-{n:012x}", body, created_at=created))
        if len(page) == size:
            yield page
            page = []
    if page:
        yield page


def utf8_size(count: int) -> int:
    """UTF-8 size of a number of bodies."""
    return sum(len(body) for body in bodies(count))
