"""How complete a merged log is: how each source is read, and what may be missing."""

from collections.abc import Sequence

import msgspec

from nodion_tui.model.text.format import count
from nodion_tui.monitor.log.state import LogPhase, LogState
from nodion_tui.monitor.wall.membership import FeedMode


class SourceReading(msgspec.Struct, frozen=True, kw_only=True):
    """How one source is read."""

    state: LogState
    feed: FeedMode
    seconds: float = 0.0
    """Seconds between two pages, where it is polled."""
    is_hidden: bool = False
    problem: str = ""
    """Why it cannot be read now; sanitized."""

    @property
    def gaps(self) -> int:
        """Places where lines are, or may be, missing."""
        state = self.state
        unproven = state.phase is LogPhase.ENDED and not state.complete and not state.gaps
        return state.gaps + state.unreadable + unproven

    def words(self) -> str:
        """`live, no gaps`, `by pages ≤ 15 s late, 1 gap`, `ended, complete`."""
        state = self.state
        gaps = count(self.gaps, "gap") if self.gaps else "no gaps"
        if self.is_hidden and state.phase is not LogPhase.ENDED:
            # What it has written meanwhile is not known, nor whether it can be read.
            return f"not read, {gaps} before" if self.gaps else "not read"
        if self.problem:
            return f"{self.problem}, {gaps}"
        if state.error is not None:
            return f"cannot be read: {state.error.title}"
        if state.phase is LogPhase.ENDED:
            return "ended, complete" if state.complete else "ended, may be incomplete"
        if state.phase in {LogPhase.RECONNECTING, LogPhase.CATCHING_UP}:
            return f"{state.phase.value}, {gaps}"
        return f"{self._feed_words()}, {gaps}"

    def _feed_words(self) -> str:
        if self.feed is FeedMode.POLL:
            return _by_pages(self.seconds)
        return "live" if self.feed is FeedMode.STREAM else "read"


def summary(readings: Sequence[SourceReading], turned_away: int = 0) -> str:
    """All sources in one line: `3 live, 2 by pages ≤ 15 s late, no gaps`.

    Args:
        readings: one for each source.
        turned_away: runs that match, but for which there is no place.
    """
    shown = [reading for reading in readings if not reading.is_hidden]
    hidden = len(readings) - len(shown)
    failed = [reading for reading in shown if reading.state.error or reading.problem]
    working = [reading for reading in shown if reading not in failed]
    lost = [
        reading
        for reading in working
        if reading.state.phase in {LogPhase.RECONNECTING, LogPhase.CATCHING_UP}
    ]
    ended = [reading for reading in working if reading.state.phase is LogPhase.ENDED]
    going_on = [reading for reading in working if reading not in lost and reading not in ended]
    polled = [reading for reading in going_on if reading.feed is FeedMode.POLL]
    seconds = max((reading.seconds for reading in polled), default=0.0)
    gaps = sum(reading.gaps for reading in shown)
    parts = (
        (len(failed), f"{len(failed)} cannot be read"),
        (turned_away, f"{turned_away} more runs match"),
        (len(lost), f"{len(lost)} reconnecting"),
        (len(going_on) - len(polled), f"{len(going_on) - len(polled)} live"),
        (len(polled), polled_words(len(polled), seconds)),
        (len(ended), f"{len(ended)} ended"),
        (hidden, f"{hidden} hidden"),
    )
    words = [text for number, text in parts if number]
    return ", ".join([*words, count(gaps, "gap") if gaps else "no gaps"])


def polled_words(polled: int, seconds: float) -> str:
    """`2 by pages ≤ 15 s late`."""
    return f"{polled} {_by_pages(seconds)}"


def _by_pages(seconds: float) -> str:
    return f"by pages ≤ {seconds:.0f} s late"
