"""What following a log brings, one event at a time. Imports no HTTP library."""

from collections.abc import Sequence
from dataclasses import dataclass

from nodion_tui.model.log_line import FinalState, LogLine
from nodion_tui.model.run import Run


@dataclass(frozen=True, slots=True)
class NewLines:
    """New lines, in order; no line comes twice."""

    lines: Sequence[LogLine]
    live: bool
    """From the stream, not from pages."""
    raw: Sequence[bytes] = ()
    """Each line's JSON as it was sent, if `keep_raw` was asked for."""


@dataclass(frozen=True, slots=True)
class HistoryRead:
    """The history is all in: what follows is live. Comes once."""


@dataclass(frozen=True, slots=True)
class StreamOpened:
    """The stream is open, or pages are read in its place; nothing is waited for any more."""

    resumed: bool
    """Not for the first time."""
    outage: float | None = None
    """Seconds without a stream; None for the first."""
    lossless: bool = True
    """False where the server had dropped what came next: lines are missing before this."""


@dataclass(frozen=True, slots=True)
class StreamLost:
    """The connection is gone or could not be made; it is tried again by itself."""

    reason: str
    """One sentence."""
    retry_in: float
    """Seconds until the next attempt."""
    attempt: int
    """1 for the first since lines last came."""


@dataclass(frozen=True, slots=True)
class LogNotice:
    """Something that a reader of the log should know."""

    text: str
    """Text from outside may be in it: clean it before it is shown."""


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The service was heard though it said nothing: a ping, or a part of something."""


@dataclass(frozen=True, slots=True)
class RunUpdate:
    """The run as the service has it now, asked for because the stream did not tell."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run is over and nothing more will come. The last event."""

    state: FinalState
    complete: bool
    """A last page of logs proved that no line is missing."""


FollowEvent = (
    NewLines
    | HistoryRead
    | StreamOpened
    | StreamLost
    | LogNotice
    | Heartbeat
    | RunUpdate
    | RunEnded
)
