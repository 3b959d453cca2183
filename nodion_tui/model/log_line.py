"""Log lines of log pages and stream events, and the final state of a run."""

from datetime import datetime

import msgspec


class LogLine(msgspec.Struct, frozen=True, gc=False):
    """One captured line of a run's output."""

    id: str
    body: str
    """Raw text with control characters and escape sequences: sanitize it before display."""
    log_level: str = "log_public"
    created_at: datetime | None = None


class FinalState(msgspec.Struct, frozen=True, kw_only=True):
    """The `state` event: how a run ended. Sent once, before the stream closes."""

    status: str
    exit_code: int | None = None
    started_at: datetime | None = None
    completed_at: datetime | None = None
