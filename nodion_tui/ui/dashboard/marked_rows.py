"""Marked rows: single ones, or a range from an anchor to the cursor, and keys that mark them."""

from collections.abc import Callable, Collection, Sequence

from nodion_tui.model.run import Run, RunKey
from nodion_tui.ui.dashboard.list_cursor import ListCursor


class MarkedRows:
    """The marked runs, independent of their rows."""

    def __init__(self) -> None:
        self._keys: set[RunKey] = set()
        self.anchor: RunKey | None = None
        """Start of a range that is still open."""

    def __len__(self) -> int:
        return len(self._keys)

    def __contains__(self, key: RunKey) -> bool:
        return key in self._keys

    @property
    def keys(self) -> Collection[RunKey]:
        """The marked runs, unordered."""
        return self._keys

    def toggle(self, key: RunKey) -> None:
        """Mark or unmark a run."""
        self.anchor = None
        self._keys.symmetric_difference_update({key})

    def mark_range(self, keys: Sequence[RunKey], key: RunKey) -> None:
        """Start a range, or mark all rows from its start to this one.

        Args:
            keys: of all rows, in their order.
            key: of the row under the cursor.
        """
        if self.anchor is None or self.anchor not in keys:
            self.anchor = key
            self._keys.add(key)
            return
        first, last = sorted((keys.index(self.anchor), keys.index(key)))
        self._keys.update(keys[first : last + 1])
        self.anchor = None

    def clear(self) -> bool:
        """Unmark all; whether anything was marked."""
        was_marked = bool(self._keys) or self.anchor is not None
        self._keys.clear()
        self.anchor = None
        return was_marked


class MarkKeys:
    """Actions that mark the run under a cursor; for `delegate_actions`.

    Args:
        marks: the marked runs.
        cursor: where runs are marked.
        move_by: moves the cursor down by some rows.
        changed: called after marks have changed.
    """

    def __init__(
        self,
        marks: MarkedRows,
        cursor: ListCursor[Run],
        move_by: Callable[[int], object],
        changed: Callable[[], object],
    ) -> None:
        self._marks, self._cursor, self._move_by, self._changed = marks, cursor, move_by, changed

    def action_mark(self) -> None:
        """Mark or unmark the run and go to the next one."""
        if (run := self._cursor.current) is not None:
            self._marks.toggle(run.key)
            self._move_by(1)
            self._changed()

    def action_mark_range(self) -> None:
        """Start or end a range of marks."""
        if (run := self._cursor.current) is not None:
            self._marks.mark_range([row.key for row in self._cursor.items], run.key)
            self._changed()
