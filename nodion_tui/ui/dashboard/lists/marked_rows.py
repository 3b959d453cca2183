"""Marked rows: single ones, or a range from an anchor to the cursor, and keys that mark them."""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from nodion_tui.model.run import Run, RunKey
from nodion_tui.ui.dashboard.lists.list_cursor import ListCursor


class MarkedRows:
    """The marked runs, independent of their rows; its actions are for `delegate_actions`.

    Args:
        cursor: where runs are marked.
        move_by: moves the cursor down by some rows.
        changed: called after marks have changed.
    """

    def __init__(
        self,
        cursor: ListCursor[Run],
        move_by: Callable[[int], object],
        changed: Callable[[], object],
    ) -> None:
        self._cursor, self._move_by, self._changed = cursor, move_by, changed
        self.keys: set[RunKey] = set()
        """The marked runs, unordered."""
        self.anchor: RunKey | None = None
        """Start of a range that is still open."""

    def __len__(self) -> int:
        return len(self.keys)

    def __contains__(self, key: RunKey) -> bool:
        return key in self.keys

    def toggle(self, key: RunKey) -> None:
        """Mark or unmark a run."""
        self.anchor = None
        self.keys.symmetric_difference_update({key})

    def clear(self) -> bool:
        """Unmark all; whether anything was marked."""
        was_marked = bool(self.keys) or self.anchor is not None
        self.keys.clear()
        self.anchor = None
        if was_marked:
            self._changed()
        return was_marked

    def remove(self, keys: AbstractSet[RunKey]) -> None:
        """Unmark some runs."""
        if keys & self.keys:
            self.keys -= keys
            self.anchor = None
            self._changed()

    def action_mark(self) -> None:
        """Mark or unmark the run and go to the next one."""
        if (run := self._cursor.current) is not None:
            self.toggle(run.key)
            self._move_by(1)
            self._changed()

    def action_mark_range(self) -> None:
        """Start a range of marks at the run, or mark all rows from its start to the run."""
        if (run := self._cursor.current) is None:
            return
        keys = [row.key for row in self._cursor.items]
        if self.anchor in keys:
            first, last = sorted((keys.index(self.anchor), self._cursor.index))
            self.keys.update(keys[first : last + 1])
            self.anchor = None
        else:
            self.anchor = run.key
            self.keys.add(run.key)
        self._changed()
