"""A log line, as the API sends it in a page of logs and in a `log` event of the stream."""

from datetime import datetime

import msgspec


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """One captured line of a run's output."""

    id: str
    body: str
    """As sent: control characters and escape sequences included. Clean it before a terminal."""
    log_level: str = "log_public"
    created_at: datetime | None = None


class FinalState(msgspec.Struct, frozen=True, kw_only=True):
    """The `state` event: how a run ended. Sent once, just before the stream closes."""

    status: str
    exit_code: int | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
