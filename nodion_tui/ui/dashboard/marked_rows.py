"""Marked rows: single ones, or a range from an anchor to the cursor."""

from collections.abc import Collection, Sequence

from nodion_tui.model.run import RunKey


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
