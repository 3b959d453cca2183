"""Which runs are in a merged log, and how the log of each is read.

Pure: it has no clock and reads nothing. Runs that go on or begin, and match, join by themselves;
marked ones join whatever their state. None leaves when it ends: its lines stay until there are too
many runs.
"""

import itertools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

from nodion_tui.model.run import Run, RunKey, RunStatus, newest_first
from nodion_tui.monitor.runs.filter import RunFilter
from nodion_tui.monitor.runs.known_runs import KnownRuns
from nodion_tui.monitor.wall.membership import FeedMode, all_of

MAX_RUNS = 64
"""Runs in one merged log: each shares the memory for logs."""


class RunChoice(msgspec.Struct, frozen=True):
    """Which runs a person wants to see."""

    run_filter: RunFilter | None = None
    """None: all that go on."""
    marked: frozenset[RunKey] = frozenset()
    """These alone, if there are any."""


class Membership(NamedTuple):
    """How the runs of a merged log have changed."""

    joined: Sequence[RunKey]
    left: Sequence[RunKey]


class MergedRuns:
    """The runs of a merged log, in the order in which they joined.

    Args:
        choice: which runs.
        streams: maximum number of streamed logs.
        most: maximum number of runs.
        granted: returns which of these runs may be streamed, by the budget of all streams.
    """

    def __init__(
        self,
        choice: RunChoice,
        *,
        streams: int,
        most: int = MAX_RUNS,
        granted: Callable[[Sequence[RunKey]], Collection[RunKey]] = all_of,
    ) -> None:
        self._granted = granted
        self.choice = choice
        self._streams = max(0, streams)
        self._most = most
        self._ended: dict[RunKey, bool] = {}
        self._read: set[RunKey] = set()
        self._hidden: set[RunKey] = set()
        self._left: set[RunKey] = set()
        self.turned_away = 0
        """Runs that match, but for which there was no place."""
        self.feeds: Mapping[RunKey, FeedMode] = {}
        """Mode of each run."""

    @property
    def runs(self) -> tuple[RunKey, ...]:
        """Every run in the log."""
        return tuple(self._ended)

    def update(
        self,
        active: Iterable[Run],
        find: Callable[[RunKey], Run | None],
        select: Callable[[RunFilter, Iterable[Run]], list[Run]],
    ) -> Membership:
        """Apply the current state of the runs.

        Args:
            active: runs that have not ended, or began after the log was opened; queued ones have
                no log and do not join yet.
            find: a run by its key; None if the service no longer lists it.
            select: the runs that match a filter.
        """
        for key in self._ended:
            run = find(key)
            self._ended[key] = run is None or run.is_final
        wanted = sorted(self._wanted(active, find, select), key=newest_first, reverse=True)
        known = self._ended.keys() | self._left
        new = [run.key for run in wanted if run.key not in known]
        left = self._make_room(len(new))
        if left:
            self._left = {key for key in (*self._left, *left) if find(key) is not None}
        free = self._most - len(self._ended)
        joined, self.turned_away = new[:free], len(new[free:])
        for key in joined:
            run = find(key)
            self._ended[key] = run is None or run.is_final
        self.assign()
        return Membership(joined, left)

    def set_hidden(self, key: RunKey, *, hidden: bool) -> None:
        """Stop or resume reading the log of a run."""
        (self._hidden.add if hidden else self._hidden.discard)(key)
        self.assign()

    def mark_read(self, key: RunKey) -> None:
        """Record that a run's log was read to its end, or cannot be read."""
        self._read.add(key)
        self.assign()

    def has_ended(self, key: RunKey) -> bool:
        """Whether a run has ended."""
        return self._ended.get(key, False)

    def is_read(self, key: RunKey) -> bool:
        """Whether the log of a run was read to its end."""
        return key in self._read

    def _wanted(
        self,
        active: Iterable[Run],
        find: Callable[[RunKey], Run | None],
        select: Callable[[RunFilter, Iterable[Run]], list[Run]],
    ) -> Iterable[Run]:
        if self.choice.marked:
            runs: Iterable[Run] = filter(None, map(find, self.choice.marked))
        elif self.choice.run_filter:
            runs = select(self.choice.run_filter, active)
        else:
            runs = active
        return (run for run in runs if run.status != RunStatus.PENDING)

    def _make_room(self, new: int) -> list[RunKey]:
        """Remove the oldest runs that have ended and are read, as far as there is need."""
        excess = len(self._ended) + new - self._most
        done = [key for key, ended in self._ended.items() if ended and key in self._read]
        left = done[: max(excess, 0)]
        for key in left:
            del self._ended[key]
            self._hidden.discard(key)
        return left

    def assign(self) -> None:
        """Set how each log is read; to be called when the budget grants other streams."""
        self._read &= self._ended.keys()
        candidates = [key for key in self._ended if key not in self._read | self._hidden]
        # Ended ones first, as they are soon read; then those already streamed.
        candidates.sort(
            key=lambda key: (not self._ended[key], self.feeds.get(key) is not FeedMode.STREAM)
        )
        granted = self._granted(candidates[: self._streams])
        self.feeds = {
            **dict.fromkeys(self._ended, FeedMode.IDLE),
            **{key: FeedMode.STREAM if key in granted else FeedMode.POLL for key in candidates},
        }


def active_since(runs: KnownRuns, moment: datetime) -> list[Run]:
    """The runs that have not ended, and those that were created since a moment.

    Of these, some begin and end between two looks at their list.
    """
    active = [run for key in runs.active if (run := runs.run(key)) is not None]
    recent = itertools.takewhile(
        lambda run: run.created_at is None or run.created_at >= moment, runs.all_runs()
    )
    return [*active, *(run for run in recent if run.is_final and run.created_at is not None)]
