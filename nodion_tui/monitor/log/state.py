"""State of reading a log, and the texts of its markers."""

import math
from enum import StrEnum

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.log_line import FinalState
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.format import count, duration, time_out_words


class LogPhase(StrEnum):
    """Phase of reading a log."""

    LOADING = "loading"
    """The log written so far is being fetched, page by page."""
    LIVE = "live"
    RECONNECTING = "reconnecting"
    CATCHING_UP = "catching up"
    """The stream is open again; lines that were written meanwhile are still being fetched."""
    ENDED = "ended"
    """The run and its log have ended."""
    FAILED = "failed"
    """The log cannot be read: see `error`."""


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """State shown in a log's footer. Replaced by a new value for every change."""

    phase: LogPhase = LogPhase.LOADING
    lines: int = 0
    """Lines read so far; while loading, this is the progress."""
    dropped: int = 0
    """Lines that are no longer in memory."""
    reconnects: int = 0
    gaps: int = 0
    """Disconnects after which lines may be missing."""
    last_event_at: float | None = None
    """Time of the last event of the service, in seconds of the session's monotonic clock."""
    retry_at: float | None = None
    """Time of the next reconnect, on the same clock."""
    attempt: int = 0
    """Reconnects attempted since the stream was lost."""
    reason: str = ""
    """Why the stream was lost."""
    unreadable: int = 0
    """Lines that could not be read: the log is not complete."""
    complete: bool = False
    """A last page confirmed that no line is missing, and every line could be read."""
    unproved: bool = False
    """The run has ended, and the last page could not be read; that may work later."""
    final: FinalState | None = None
    from_archive: bool = False
    """Read from the archive on disk, without a request."""
    error: NodionError | None = None


def reconnecting_text(retry_in: float, reason: str) -> str:
    """Notice of a lost stream: `reconnecting in 4 s: the connection broke`."""
    text = f"reconnecting in {math.ceil(retry_in)} s" if retry_in > 0 else "reconnecting"
    return f"{text}: {reason}" if reason else text


def interrupted_text(reason: str) -> str:
    """Marker of a lost stream, which stays true when it is back: `interrupted: too many requests`.

    When the next attempt is made is told where it is counted down.
    """
    return f"interrupted: {reason}" if reason else "interrupted"


def resumed_text(missed: int, *, lossless: bool) -> str:
    """Marker of a resumed stream that has caught up: `resumed, 12 lines caught up, 0 lines lost`.

    Args:
        missed: number of lines that were written while there was no stream.
        lossless: whether there is certainly no other.
    """
    caught_up = f"{count(missed, 'line')} caught up, " if missed else ""
    return f"resumed, {caught_up}{'0 lines lost' if lossless else 'lines may be missing'}"


def ended_text(
    state: FinalState,
    lines: int,
    *,
    complete: bool,
    unproved: str = "",
    runner: Runner | None = None,
) -> str:
    """Marker of a run's end: `succeeded, exit 0, 04:30, log complete, 48,213 lines`.

    Args:
        state: how it ended.
        lines: number of lines.
        complete: whether there is certainly no other line.
        unproved: why that could not be verified, so that it is tried again; empty if it was.
        runner: whose run it is, which tells whether it `timed out after 1 h`.
    """
    details = [state.status]
    if time_out := time_out_words(state, runner):
        details.append(time_out)
    if state.exit_code is not None:
        details.append(f"exit {state.exit_code}")
    if state.started_at and state.completed_at:
        details.append(duration(state.completed_at - state.started_at))
    if unproved and not complete:
        details.append(f"end of the log not verified yet: {unproved}")
    else:
        details.append("log complete" if complete else "log may be incomplete")
    details.append("1 line" if lines == 1 else f"{lines:,} lines")
    return ", ".join(details)
