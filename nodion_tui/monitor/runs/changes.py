"""What became different, by key, and how old what we know is."""

from datetime import datetime

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey

RUNNER_LIST = "/runners"
"""Stands for the list of runners where a runner's id stands for its list of runs."""


class Changes(msgspec.Struct, frozen=True):
    """One step from what was known to what is known now."""

    runs: frozenset[RunKey] = frozenset()
    """Runs that are new or different."""
    removed: frozenset[RunKey] = frozenset()
    """Runs that the service lists no more."""
    runners_changed: bool = False
    """Whether the list of runners is different."""
    polled: frozenset[str] = frozenset()
    """Lists that were answered or failed just now: runner ids, or `RUNNERS`."""
    freshness_only: bool = False
    """Whether nothing is different but how old a list is."""

    def __or__(self, other: "Changes") -> "Changes":
        """Both steps as one."""
        return Changes(
            runs=(self.runs - other.removed) | other.runs,
            removed=(self.removed - other.runs) | other.removed,
            runners_changed=self.runners_changed or other.runners_changed,
            polled=self.polled | other.polled,
            freshness_only=self.freshness_only and other.freshness_only,
        )


class Freshness(msgspec.Struct, frozen=True):
    """How old one list is, and what stands in the way of a newer one."""

    fetched_at: float | None = None
    """When it was last answered, on the monotonic clock; None: never."""
    error: NodionError | None = None
    """Why the last try failed; None where it did not."""
    failing_since: datetime | None = None
    """When the first of the failures in a row happened."""

    @property
    def is_good(self) -> bool:
        """Whether there is an answer, and the last try did not fail."""
        return self.fetched_at is not None and self.error is None

    def age(self, now: float) -> float | None:
        """Seconds since the last answer, never negative; None where there was none."""
        return None if self.fetched_at is None else max(0.0, now - self.fetched_at)
