"""Rhythms of runners, kept between two starts: a service may have forgotten the runs meanwhile.

Commands are stored as digests only, as they may contain secrets.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.monitor.storage.locked_file import LockedFile

FILE_NAME = "rhythms.toml"
MAX_RUNNERS = 2000
"""Maximum number of stored runners; those that were not seen for longest are dropped first."""


class StoredRhythm(msgspec.Struct, frozen=True):
    """The rhythm of one execution; times in seconds."""

    execution: str
    """Digest of what is executed."""
    period: float
    p90: float
    of: int
    last: datetime
    regular_for: float


class StoredRunner(msgspec.Struct, frozen=True):
    """What was learnt of a runner."""

    runner: str
    was_running: bool = False
    """Whether a run of it had not ended."""
    rhythms: tuple[StoredRhythm, ...] = ()


class RhythmMemory:
    """The file in the data folder. Both methods block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "runners")

    def load(self) -> tuple[StoredRunner, ...]:
        """The stored runners; never raises: what cannot be read is learnt again."""
        return self._file.read(StoredRunner).entries

    def save(self, runner_ids: Iterable[str], runners: Sequence[StoredRunner]) -> None:
        """Replace what is stored of these runners, and keep that of others.

        Raises:
            OSError: the file cannot be written, or belongs to someone else.
        """
        replaced = frozenset(runner_ids)
        rows = [msgspec.to_builtins(each, builtin_types=(datetime,)) for each in runners]

        def change(stored: list[Any]) -> list[Any]:
            others = [row for row in stored if _runner_of(row) not in replaced]
            return [*others, *rows][-MAX_RUNNERS:]

        self._file.update(change)


def _runner_of(row: Any) -> Any:
    return row.get("runner") if isinstance(row, dict) else None
