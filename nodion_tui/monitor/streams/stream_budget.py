"""The budget of streams: which runs have one, of all that are wanted.

Pure: it opens nothing. Who streams (the open log, the wall, the merged view, the quiet streams)
says with a share what it wants, and streams what it is granted.
"""

from collections.abc import Callable, Iterable, Mapping
from enum import IntEnum

from nodion_tui.model.run import RunKey

DEFAULT_STREAMS = 24
"""Streams at once (`streams`)."""


class StreamPriority(IntEnum):
    """What a stream is for; the lowest number comes first."""

    OPEN_LOG = 0
    """A log that a person reads: granted whatever the budget, and counted."""
    ON_SCREEN = 1
    """A run whose row is on the screen."""
    WALL = 2
    MERGED = 3
    REST = 4


class StreamShare:
    """What one consumer wants and has. Made by `StreamBudget.share`."""

    def __init__(self, on_change: Callable[[], None], assign: Callable[[], None]) -> None:
        self._on_change = on_change
        self._assign = assign
        self.wanted: Mapping[RunKey, StreamPriority] = {}
        """The runs that it wants to stream; of one priority, the first comes first."""
        self.granted: frozenset[RunKey] = frozenset()
        """The runs that it may stream now."""

    def want(self, wanted: Mapping[RunKey, StreamPriority]) -> None:
        """Replace what is wanted; `granted` is right when this returns."""
        if dict(wanted) != self.wanted or list(wanted) != list(self.wanted):
            self.wanted = dict(wanted)
            self._assign()

    def acquire(self, key: RunKey, priority: StreamPriority) -> bool:
        """Want one more run; returns whether it may be streamed now."""
        self.want({**self.wanted, key: priority})
        return key in self.granted

    def release(self, key: RunKey) -> None:
        """Want a run no more."""
        self.want({wanted: priority for wanted, priority in self.wanted.items() if wanted != key})

    def close(self) -> None:
        """Want nothing."""
        self.want({})

    def grant(self, keys: frozenset[RunKey]) -> bool:
        """For the budget: set what is granted; returns whether that changed."""
        changed, self.granted = keys != self.granted, keys
        return changed

    def announce(self) -> None:
        """For the budget: tell the consumer that `granted` has changed."""
        self._on_change()


class StreamBudget:
    """Grants each run that is wanted a stream, by priority, within a number of streams.

    A run that several consumers want takes one stream: a log is read once for all of them. What is
    streamed keeps its stream against others of the same priority, until it is wanted no more.

    Args:
        streams: streams at once; open logs may exceed it.
    """

    def __init__(self, streams: int = DEFAULT_STREAMS) -> None:
        self.streams = streams
        self._shares: list[StreamShare] = []
        self._granted: dict[RunKey, StreamPriority] = {}

    @property
    def in_use(self) -> int:
        """Number of runs that may be streamed now."""
        return len(self._granted)

    @property
    def is_full(self) -> bool:
        """Whether a run is wanted that has no stream."""
        return len(self._wanted()) > len(self._granted)

    def share(self, on_change: Callable[[], None]) -> StreamShare:
        """A share for one consumer.

        Args:
            on_change: called when `granted` has changed, also because of what others want. A stream
                that is not granted any more is to be closed.
        """
        share = StreamShare(on_change, self._assign)
        self._shares.append(share)
        return share

    def _wanted(self) -> dict[RunKey, StreamPriority]:
        """Every run that is wanted, with its highest priority."""
        wanted: dict[RunKey, StreamPriority] = {}
        for share in self._shares:
            for key, priority in share.wanted.items():
                wanted[key] = min(priority, wanted.get(key, priority))
        return wanted

    def _assign(self) -> None:
        """Grant anew, and tell who is concerned; what they want then is granted in turn."""
        wanted = self._wanted()
        order = sorted(wanted, key=lambda key: (wanted[key], key not in self._granted))
        self._granted = {key: wanted[key] for key in self._fitting(order, wanted)}
        granted = self._granted.keys()
        changed = [
            share
            for share in self._shares
            if share.grant(frozenset(key for key in share.wanted if key in granted))
        ]
        for share in changed:
            share.announce()

    def _fitting(
        self, order: list[RunKey], wanted: Mapping[RunKey, StreamPriority]
    ) -> Iterable[RunKey]:
        return (
            key
            for number, key in enumerate(order)
            if number < self.streams or wanted[key] is StreamPriority.OPEN_LOG
        )
