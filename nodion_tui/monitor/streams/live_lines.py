"""Live lines: every line that is written while its run is watched, once, whoever reads it."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from nodion_tui.model.log_line import LogLine, ids_of
from nodion_tui.model.run import RunKey
from nodion_tui.model.subscribers import Subscribers
from nodion_tui.monitor.streams.recent_ids import RecentIds

LineSubscriber = Callable[[RunKey, Sequence[LogLine]], None]

CLOCK_SLACK = timedelta(seconds=2)
"""A line that is this much older than the watch is live, too: the service's clock is known to the
second."""
MAX_IDS = 8_192
"""Ids that are remembered of each run, to tell a copy of a line: a quiet stream and a log overlap
for a moment when one follows the other."""
MAX_RUNS = 256
"""Runs of which ids are remembered, the last ones."""


class _Watched:
    """Since when a run is watched, and which of its lines were told."""

    __slots__ = ("_ids", "_newest", "_since")

    def __init__(self, since: datetime) -> None:
        self._since = self._newest = since - CLOCK_SLACK
        self._ids = RecentIds(MAX_IDS)

    def take_live(self, lines: Sequence[LogLine]) -> Sequence[LogLine]:
        """Those of the next lines of a reader that are live and were not taken before."""
        first = lines[0].created_at
        if first is None or first <= self._newest:
            lines = [line for line in lines if self._is_new(line)]
        # Else no line is a copy: the lines of a log are in the order of their times.
        if lines:
            self._newest = max(self._newest, lines[-1].created_at or self._newest)
            self._ids.add(ids_of(lines))
        return lines

    def _is_new(self, line: LogLine) -> bool:
        is_live = line.created_at is None or line.created_at >= self._since
        return is_live and line.id not in self._ids


class LiveLines:
    """Tells subscribers the live lines of all runs that are streamed or polled.

    A line is live if it was written since its run is watched, by the service's clock; one without a
    time is live. A run that is created later than the monitor is watched from its beginning.
    Whether a line came by a stream or a page does not matter: where a log is opened whose run had a
    quiet stream, the lines in between come by a page.

    Args:
        server_now: the clock of the service of a runner id.
    """

    def __init__(self, server_now: Callable[[str], datetime]) -> None:
        self._server_now = server_now
        self._subscribers = Subscribers[RunKey, Sequence[LogLine]]()
        self._runs: OrderedDict[RunKey, _Watched] = OrderedDict()

    def subscribe(self, subscriber: LineSubscriber) -> Callable[[], None]:
        """Call `subscriber` with the live lines of a run, in order, each line once.

        Returns:
            The function that unsubscribes.
        """
        return self._subscribers.subscribe(subscriber)

    def watch(self, key: RunKey, since: datetime | None = None) -> None:
        """A run is watched from a moment on, or from now on, unless it is already."""
        if key not in self._runs:
            self._runs[key] = _Watched(since or self._server_now(key.runner_id))
            if len(self._runs) > MAX_RUNS:
                self._runs.popitem(last=False)
        else:
            self._runs.move_to_end(key)

    def publish(self, key: RunKey, lines: Sequence[LogLine]) -> None:
        """Lines of a run have been read; those that are live and new are told."""
        if not (self._subscribers and lines):
            return
        self.watch(key)
        if live := self._runs[key].take_live(lines):
            self._subscribers.notify(key, live)
