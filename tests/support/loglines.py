"""Log lines and buffers for the tests of what shows them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from nodion_tui.model.log_line import LogLine
from nodion_tui.monitor.log.buffer import LogBuffer

START = datetime(2026, 1, 15, 13, 4, 49, tzinfo=UTC)


def log_lines(bodies: Iterable[str], first: int = 0) -> list[LogLine]:
    """Lines a second apart, with ids that go on from `first`."""
    return [
        LogLine(f"line-{number:08}", body, created_at=START + timedelta(seconds=number))
        for number, body in enumerate(bodies, first)
    ]


def buffer_of(bodies: Iterable[str]) -> LogBuffer:
    """A buffer that holds these bodies."""
    buffer = LogBuffer()
    buffer.extend(log_lines(bodies))
    return buffer
