"""How the reading of a log stands, and the words in which the log tells of it."""

import math
from datetime import timedelta
from enum import StrEnum

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState


class LogPhase(StrEnum):
    """Where the reading of a log is."""

    LOADING = "loading"
    """What has been written so far is being fetched, page by page."""
    LIVE = "live"
    RECONNECTING = "reconnecting"
    ENDED = "ended"
    """The run has ended, and its log with it."""
    FAILED = "failed"
    """It cannot be read: `error` says why."""


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """What the footer of a log says. A new value whenever something changes."""

    phase: LogPhase = LogPhase.LOADING
    lines: int = 0
    """Lines read so far; while loading, this is the progress."""
    dropped: int = 0
    """Lines of them that are not held any more."""
    reconnects: int = 0
    gaps: int = 0
    """Outages after which lines may be missing."""
    last_event_at: float | None = None
    """When the service was last heard, in seconds of the session's monotonic clock."""
    retry_at: float | None = None
    """When the next attempt to reconnect is made, on the same clock."""
    attempt: int = 0
    """How many attempts since the stream was lost."""
    reason: str = ""
    """Why it was lost."""
    complete: bool = False
    """A last page proved that no line is missing."""
    final: FinalState | None = None
    error: NodionError | None = None


def reconnecting_text(retry_in: float, reason: str) -> str:
    """The mark of a loss: `reconnecting in 4 s: the connection broke`."""
    when = f"reconnecting in {math.ceil(retry_in)} s" if retry_in > 0 else "reconnecting"
    return f"{when}: {reason}" if reason else when


def resumed_text(*, lossless: bool) -> str:
    """The mark of a return."""
    return "resumed, 0 lines lost" if lossless else "resumed, lines may be missing"


def ended_text(state: FinalState, lines: int, *, complete: bool) -> str:
    """The mark of a run's end: `succeeded, exit 0, 4:30, log complete, 48,213 lines`."""
    parts = [state.status]
    if state.exit_code is not None:
        parts.append(f"exit {state.exit_code}")
    if state.started_at and state.completed_at:
        parts.append(format_duration(state.completed_at - state.started_at))
    parts.append("log complete" if complete else "log may be incomplete")
    parts.append("1 line" if lines == 1 else f"{lines:,} lines")
    return ", ".join(parts)


def format_duration(duration: timedelta) -> str:
    """A duration as `4:30` or `1:04:30`, in whole seconds that have passed; never negative."""
    seconds = max(0, int(duration.total_seconds()))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
