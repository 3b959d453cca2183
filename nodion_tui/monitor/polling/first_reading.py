"""The first reading: every list is read once at the start, as fast as the service answers.

It is not counted by the request budget, which holds from then on: who opens a dashboard wants to
see what there is. A service that minds says so (429), which ends the first reading.
"""

from collections.abc import Collection, Iterable


class FirstReading:
    """The lists that have not been read since the start.

    Args:
        targets: the lists that are known at the start.
    """

    def __init__(self, targets: Iterable[str] = ()) -> None:
        self._unread = set(targets)
        self._under_way: set[str] = set()
        self._met = set(self._unread)
        self._first: frozenset[str] = frozenset()

    @property
    def is_over(self) -> bool:
        """Whether every list was read, or could not be."""
        return not self._unread and not self._under_way

    @property
    def unread(self) -> Collection[str]:
        """The lists to request."""
        return self._unread

    def prefer(self, targets: Iterable[str]) -> None:
        """Read these lists before the others."""
        self._first = frozenset(targets)

    def meet(self, targets: Iterable[str]) -> None:
        """Read these lists as well, unless the first reading is over; others exist no more."""
        targets = frozenset(targets)
        if not self.is_over:
            self._unread |= targets - self._met
            self._met |= targets
        self._unread &= targets
        self._under_way &= targets

    def choose(self, ready: Collection[str]) -> str:
        """The next of some lists: a preferred one, else the first."""
        return next((target for target in ready if target in self._first), next(iter(ready)))

    def sent(self, target: str) -> bool:
        """Record a request; returns whether it belongs to the first reading."""
        if target not in self._unread:
            return False
        self._unread.discard(target)
        self._under_way.add(target)
        return True

    def answered(self, target: str) -> None:
        """Record that a list was read, or cannot be: it is not tried again here."""
        self._under_way.discard(target)
        self._unread.discard(target)

    def interrupted(self, target: str) -> None:
        """Record that the service did not answer: the list is still to be read."""
        if target in self._under_way:
            self._under_way.discard(target)
            self._unread.add(target)

    def end(self) -> None:
        """Read the rest within the budget."""
        self._unread.clear()
        self._under_way.clear()
