"""A monitor on a screen, and which of its runners have changed since the last look."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.monitor.runs.changes import Changes

if TYPE_CHECKING:
    from nodion_tui.monitor.monitor import Monitor


class RunnerChanges(NamedTuple):
    """What has changed, by runner."""

    runner_ids: AbstractSet[str] = frozenset()
    """Runners whose runs have changed."""
    runner_list: bool = False
    """Whether the list of runners has changed."""


class MonitorLink:
    """A monitor that a screen shows, and what has changed since `take_changes` was called.

    It holds ids of runners, not of runs, because a screen may be inactive for weeks. Changes of
    freshness alone are ignored: ages on the screen are updated by their own timer.

    Args:
        monitor: what the screen shows.
        notify: called for the first change after each `take_changes`.
    """

    def __init__(self, monitor: "Monitor", notify: Callable[[], object]) -> None:
        self.monitor = monitor
        self._notify = notify
        self._runner_ids: set[str] = set()
        self._runner_list = False
        self.close = monitor.runs.subscribe(self._collect)
        """Unsubscribes from the monitor."""

    def take_changes(self) -> RunnerChanges:
        """All changes since the previous call."""
        changes = RunnerChanges(self._runner_ids, self._runner_list)
        self._runner_ids, self._runner_list = set(), False
        return changes

    def _collect(self, changes: Changes) -> None:
        is_first = not (self._runner_ids or self._runner_list)
        self._runner_ids.update(key.runner_id for key in chain(changes.runs, changes.removed))
        self._runner_list |= changes.runners_changed
        if is_first and (self._runner_ids or self._runner_list):
            self._notify()
