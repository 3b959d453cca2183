"""Runs whose end is told without a rule: started from here, or asked about by a person."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from nodion_tui.model.run import Run, RunKey
from nodion_tui.monitor.runs.changes import Changes
from nodion_tui.monitor.runs.known_runs import KnownRuns


class AwaitedKeys(NamedTuple):
    """Awaited runs, to go on with later."""

    asked: frozenset[RunKey] = frozenset()
    started: frozenset[RunKey] = frozenset()


class AwaitedRuns:
    """The runs of one profile that are awaited; each is told once.

    Args:
        runs: the known runs, whose subscribers are told of a run that is awaited now.
        started: the runs that were triggered from here; runs are taken from it and added to it.
    """

    def __init__(self, runs: KnownRuns, started: set[RunKey]) -> None:
        self._runs = runs
        self._started = started
        self._asked: set[RunKey] = set()

    def __contains__(self, key: RunKey) -> bool:
        return key in self._asked or key in self._started

    def __bool__(self) -> bool:
        """Whether any run is awaited."""
        return bool(self._asked or self._started)

    def was_asked(self, key: RunKey) -> bool:
        """Whether a person asked for the end of this run, rather than starting it from here."""
        return key in self._asked

    def toggle(self, keys: Collection[RunKey]) -> bool:
        """Await these runs, or no longer if all of them are awaited; whether they are now."""
        is_on = not all(key in self for key in keys)
        if is_on:
            self._asked.update(key for key in keys if key not in self)
        else:
            self._forget(keys)
        self._runs.publish(Changes(runs=frozenset(keys)))
        return is_on

    @property
    def keys(self) -> AwaitedKeys:
        """The awaited runs as they are now."""
        return AwaitedKeys(frozenset(self._asked), frozenset(self._started))

    def take_over(self, keys: AwaitedKeys) -> None:
        """Await the runs that were awaited before the same account was connected again."""
        self._asked |= keys.asked
        self._started |= keys.started

    def take_ended(self, runs: Iterable[Run]) -> list[tuple[Run, bool]]:
        """The awaited ones of these runs that have ended, and whether a person asked for them."""
        ended = [run for run in runs if run.is_final and run.key in self]
        found = [(run, self.was_asked(run.key)) for run in ended]
        self._forget(run.key for run in ended)
        return found

    def take_removed(self, keys: Iterable[RunKey]) -> list[RunKey]:
        """The awaited ones of these runs, which the service no longer lists."""
        removed = [key for key in keys if key in self]
        self._forget(removed)
        return removed

    def _forget(self, keys: Iterable[RunKey]) -> None:
        gone = set(keys)
        self._asked -= gone
        self._started -= gone
