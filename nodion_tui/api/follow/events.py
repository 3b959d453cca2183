"""Events that a log follower yields. Imports no HTTP library."""

from collections.abc import Sequence

import msgspec

from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run


class NewLines(msgspec.Struct, frozen=True):
    """New lines in log order; no line is delivered twice."""

    lines: Sequence[LogLine]
    live: bool
    """Received from the stream, not from pages."""
    raw: Sequence[bytes] = ()
    """The original JSON of each line, if `keep_raw` is set."""


class HistoryRead(msgspec.Struct, frozen=True):
    """The history is complete; what follows is live. Sent once."""


class StreamOpened(msgspec.Struct, frozen=True):
    """The stream is open, or pages are polled instead of it."""

    resumed: bool
    """False for the first opening."""
    outage: float | None = None
    """Seconds without a stream; None for the first."""
    lossless: bool = True
    """False if the server no longer had the next lines: lines are missing before this event."""


class CaughtUp(msgspec.Struct, frozen=True):
    """After a resumed stream: the lines that were written meanwhile have all been delivered."""


class StreamLost(msgspec.Struct, frozen=True):
    """The connection was lost or could not be opened; the follower reconnects automatically."""

    reason: str
    """One sentence."""
    retry_in: float
    """Seconds until the next attempt."""
    attempt: int
    """1 for the first attempt since lines last arrived."""


class LogNotice(msgspec.Struct, frozen=True):
    """A message for the reader of the log."""

    text: str
    """May contain text from the server: sanitize it before display."""
    line_missing: bool = False
    """Whether the notice stands in place of a line that could not be read."""
    of_end: bool = False
    """Whether it tells that the end could not be verified, as `RunEnded.unproved` does as well."""


class Heartbeat(msgspec.Struct, frozen=True):
    """Bytes arrived without a complete event: a ping or a partial event."""


class RunUpdate(msgspec.Struct, frozen=True):
    """The current run, requested because the stream gave no state."""

    run: Run


class StateReceived(msgspec.Struct, frozen=True):
    """The stream told the run's final state. Lines may follow, and `RunEnded` does."""

    state: FinalState


class RunEnded(msgspec.Struct, frozen=True):
    """The run has ended and its log is finished. The last event."""

    state: FinalState
    complete: bool
    """A last page proved that no line is missing."""
    unproved: str = ""
    """Why that page could not be read, which may work later; empty if it was read, or is gone."""


FollowEvent = (
    NewLines
    | HistoryRead
    | StreamOpened
    | CaughtUp
    | StreamLost
    | LogNotice
    | Heartbeat
    | RunUpdate
    | StateReceived
    | RunEnded
)
