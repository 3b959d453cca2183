"""Changes of the run data by key, and the freshness of each list."""

from datetime import datetime

import msgspec

from nodion_tui.model.errors import NodionError
from nodion_tui.model.run import RunKey

RUNNER_LIST = "/runners"
"""Key of the runner list, where a runner's id is the key of its run list."""


def runner_list_key(account: str) -> str:
    """Key of the runner list of a further account; that of the first one is `RUNNER_LIST`."""
    return f"{RUNNER_LIST}@{account}"


class Changes(msgspec.Struct, frozen=True):
    """The difference between two states of the run data."""

    runs: frozenset[RunKey] = frozenset()
    """Runs that are new or changed."""
    removed: frozenset[RunKey] = frozenset()
    """Runs that the service no longer lists."""
    runners_changed: bool = False
    """Whether the runner list changed."""
    polled: frozenset[str] = frozenset()
    """Lists that were just fetched, successfully or not: runner ids, or a runner list."""
    freshness_only: bool = False
    """Whether only the age of a list changed."""

    def __or__(self, other: "Changes") -> "Changes":
        """Both changes combined, in order."""
        return Changes(
            runs=(self.runs - other.removed) | other.runs,
            removed=(self.removed - other.runs) | other.removed,
            runners_changed=self.runners_changed or other.runners_changed,
            polled=self.polled | other.polled,
            freshness_only=self.freshness_only and other.freshness_only,
        )


class Freshness(msgspec.Struct, frozen=True):
    """Age of a list, and the error that prevents a newer one."""

    fetched_at: float | None = None
    """When it was last fetched, on the monotonic clock; None: never."""
    error: NodionError | None = None
    """Error of the last attempt; None if it succeeded."""
    answered_at: datetime | None = None
    """When it was last fetched, on this machine's wall clock; None: never."""

    @property
    def is_good(self) -> bool:
        """Whether the list was fetched and the last attempt succeeded."""
        return self.fetched_at is not None and self.error is None

    def age(self, now: float) -> float | None:
        """Seconds since the last successful fetch, never negative; None if there was none."""
        return None if self.fetched_at is None else max(0.0, now - self.fetched_at)
