"""Log lines and buffers for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer

START = datetime(2026, 1, 15, 13, 4, 49, tzinfo=UTC)


def log_lines(bodies: Iterable[str], first: int = 0) -> list[LogLine]:
    """Lines one second apart, with ids counted from `first`."""
    return [
        LogLine(f"line-{number:08}", body, created_at=START + timedelta(seconds=number))
        for number, body in enumerate(bodies, first)
    ]


def buffer_of(bodies: Iterable[str]) -> LogBuffer:
    """A buffer with these lines."""
    buffer = LogBuffer()
    buffer.extend(log_lines(bodies))
    return buffer
