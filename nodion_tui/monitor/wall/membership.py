"""Which runs are on the wall, and which logs are streamed: a few, to limit the load.

Pure: it has no clock and reads nothing. New runs join automatically, runs that have ended leave
after a grace period, and a streamed run stays streamed until it ends or is scrolled off the screen.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first

DEFAULT_STREAMS = 8
"""Logs streamed at once."""
DEFAULT_GRACE = 60.0
"""Seconds that a run stays after its end."""


class FeedMode(StrEnum):
    """How the log of a run on the wall is read."""

    STREAM = "stream"
    POLL = "poll"
    """Polled, as all streams are in use."""
    IDLE = "rest"
    """Not read: off the screen, or read to its end."""


def all_of(keys: Sequence[RunKey]) -> Collection[RunKey]:
    """Grants every stream."""
    return keys


class WallMembership:
    """The runs on the wall, in the order in which they joined.

    Args:
        streams: maximum number of streamed logs.
        grace: seconds that a run stays after its end.
        granted: returns which of these runs may be streamed, by the budget of all streams.
    """

    def __init__(
        self,
        *,
        streams: int = DEFAULT_STREAMS,
        grace: float = DEFAULT_GRACE,
        granted: Callable[[Sequence[RunKey]], Collection[RunKey]] = all_of,
    ) -> None:
        self._granted = granted
        self._streams = max(0, streams)
        self._grace = grace
        self._ended: dict[RunKey, float | None] = {}
        self._read: set[RunKey] = set()
        self._on_screen: tuple[RunKey, ...] = ()
        self._zoomed: RunKey | None = None
        self.feeds: Mapping[RunKey, FeedMode] = {}
        """Mode of each run on the wall."""

    @property
    def runs(self) -> tuple[RunKey, ...]:
        """Every run on the wall."""
        return tuple(self._ended)

    @property
    def ended(self) -> tuple[RunKey, ...]:
        """The runs on the wall that have ended."""
        return tuple(key for key, ended_at in self._ended.items() if ended_at is not None)

    def update(
        self, active: Iterable[Run], find: Callable[[RunKey], Run | None], now: float
    ) -> bool:
        """Apply the current state of the runs.

        Args:
            active: runs that have not ended; queued ones have no log and are not added yet.
            find: a run by its key; None if the service no longer lists it.
            now: the monotonic clock, in seconds.

        Returns:
            Whether the set of runs on the wall changed.
        """
        previous = self.runs
        for key in previous:
            run = find(key)
            if run is None:
                del self._ended[key]
            elif run.is_final and self._ended[key] is None:
                self._ended[key] = now
        started = (run for run in active if run.status != RunStatus.PENDING)
        # Runs that are new at the same time join oldest first.
        for run in sorted(started, key=newest_first, reverse=True):
            self._ended.setdefault(run.key, None)
        self._remove_expired(now)
        self.assign()
        return previous != self.runs

    def dismiss_ended(self) -> bool:
        """Remove all runs that have ended; returns whether there was one."""
        removed = self.ended
        for key in removed:
            del self._ended[key]
        self.assign()
        return bool(removed)

    def clear(self) -> None:
        """Remove every run."""
        self._ended.clear()
        self.assign()

    def set_visible(self, on_screen: Sequence[RunKey], zoomed: RunKey | None = None) -> None:
        """Set the runs on the screen, and the zoomed one, which does not leave."""
        self._on_screen, self._zoomed = tuple(on_screen), zoomed
        self.assign()

    def mark_read(self, key: RunKey) -> None:
        """Record that a run's log was read to its end, or cannot be read."""
        self._read.add(key)
        self.assign()

    def has_ended(self, key: RunKey) -> bool:
        """Whether a run on the wall has ended."""
        return self._ended.get(key) is not None

    def _remove_expired(self, now: float) -> None:
        for key, ended_at in list(self._ended.items()):
            if ended_at is not None and now - ended_at >= self._grace and key != self._zoomed:
                del self._ended[key]

    def assign(self) -> None:
        """Set how each log is read; to be called when the budget grants other streams."""
        self._read &= self._ended.keys()
        candidates = [
            key for key in self._on_screen if key in self._ended and key not in self._read
        ]
        # The zoomed one first, then those already streamed, then in screen order.
        candidates.sort(
            key=lambda key: (key != self._zoomed, self.feeds.get(key) is not FeedMode.STREAM)
        )
        granted = self._granted(candidates[: self._streams])
        self.feeds = {
            **dict.fromkeys(self._ended, FeedMode.IDLE),
            **dict.fromkeys(candidates, FeedMode.POLL),
            **dict.fromkeys((key for key in candidates if key in granted), FeedMode.STREAM),
        }
