"""Which runs are on the wall, and whose logs are streamed: a few, so that no service is flooded.

Pure: it holds no clock and reads nothing. New runs join by themselves, those that have ended leave
after a while, and a run that is streamed stays so until it ends or leaves the screen.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first

DEFAULT_STREAMS = 8
"""Logs that are streamed at once."""
DEFAULT_GRACE = 60.0
"""Seconds that a run stays after its end."""


class FeedMode(StrEnum):
    """Where the lines of a run on the wall come from."""

    STREAM = "stream"
    POLL = "poll"
    """Asked for now and then, as all streams are taken."""
    IDLE = "rest"
    """Nothing is asked: it is not on the screen, or has been read to its end."""


class WallMembership:
    """The runs on the wall, in the order in which they joined.

    Args:
        streams: logs that are streamed at once, at most.
        grace: seconds that a run stays after its end.
    """

    def __init__(self, *, streams: int = DEFAULT_STREAMS, grace: float = DEFAULT_GRACE) -> None:
        self._streams = max(0, streams)
        self._grace = grace
        self._ended: dict[RunKey, float | None] = {}
        self._read: set[RunKey] = set()
        self._on_screen: tuple[RunKey, ...] = ()
        self._held: RunKey | None = None
        self.feeds: Mapping[RunKey, FeedMode] = {}
        """How each run on the wall is read."""

    @property
    def runs(self) -> tuple[RunKey, ...]:
        """Every run on the wall."""
        return tuple(self._ended)

    @property
    def ended(self) -> tuple[RunKey, ...]:
        """Those of them that have ended."""
        return tuple(key for key, at in self._ended.items() if at is not None)

    def update(
        self, active: Iterable[Run], find: Callable[[RunKey], Run | None], now: float
    ) -> bool:
        """Take in how the runs stand now.

        Args:
            active: runs that have not ended; those that are still queued have no log and wait.
            find: a run by its key; None where the service lists it no more.
            now: the monotonic clock, in seconds.

        Returns:
            Whether another set of runs is on the wall.
        """
        before = self.runs
        for key in before:
            run = find(key)
            if run is None:
                del self._ended[key]
            elif run.is_final and self._ended[key] is None:
                self._ended[key] = now
        started = (run for run in active if run.status != RunStatus.PENDING)
        # Those that are new at the same time join with the oldest first.
        for run in sorted(started, key=newest_first, reverse=True):
            self._ended.setdefault(run.key, None)
        self._leave(now)
        self._assign()
        return before != self.runs

    def dismiss_ended(self) -> bool:
        """Take off all runs that have ended; whether there was one."""
        gone = self.ended
        for key in gone:
            del self._ended[key]
        self._assign()
        return bool(gone)

    def clear(self) -> None:
        """Take off every run."""
        self._ended.clear()
        self._assign()

    def set_visible(self, on_screen: Sequence[RunKey], zoomed: RunKey | None = None) -> None:
        """Say which runs are on the screen, and which one is zoomed: that one does not leave."""
        self._on_screen, self._held = tuple(on_screen), zoomed
        self._assign()

    def mark_read(self, key: RunKey) -> None:
        """A run's log has been read to its end, or cannot be read."""
        self._read.add(key)
        self._assign()

    def has_ended(self, key: RunKey) -> bool:
        """Whether a run on the wall has ended."""
        return self._ended.get(key) is not None

    def _leave(self, now: float) -> None:
        for key, at in list(self._ended.items()):
            if at is not None and now - at >= self._grace and key != self._held:
                del self._ended[key]

    def _assign(self) -> None:
        self._read &= self._ended.keys()
        wanted = [key for key in self._on_screen if key in self._ended and key not in self._read]
        # The zoomed one first, then those that are streamed already, then in their order.
        wanted.sort(key=lambda key: (key != self._held, self.feeds.get(key) is not FeedMode.STREAM))
        streamed = set(wanted[: self._streams])
        polled = set(wanted) - streamed
        self.feeds = {
            key: FeedMode.STREAM
            if key in streamed
            else FeedMode.POLL
            if key in polled
            else FeedMode.IDLE
            for key in self._ended
        }
