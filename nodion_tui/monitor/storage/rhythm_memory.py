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
MAX_RHYTHMS = 2000
"""Maximum number of stored rhythms, of all runners together; the oldest are dropped first."""


class StoredRhythm(msgspec.Struct, frozen=True):
    """The rhythm of one execution; times in seconds."""

    runner: str
    execution: str
    """Digest of what is executed."""
    period: float
    p90: float
    of: int
    last: datetime
    regular_for: float


class RhythmMemory:
    """The file in the data folder. Both methods block: call them in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "rhythms")

    def load(self) -> tuple[StoredRhythm, ...]:
        """The stored rhythms; never raises: what cannot be read is learnt again."""
        entries = self._file.read(StoredRhythm).entries
        return tuple(entry for entry in entries if entry.last.tzinfo is not None)

    def save(self, runner_ids: Iterable[str], rhythms: Sequence[StoredRhythm]) -> None:
        """Replace the rhythms of these runners, and keep those of others.

        Raises:
            OSError: the file cannot be written, or belongs to someone else.
        """
        replaced = frozenset(runner_ids)
        rows = [msgspec.to_builtins(each, builtin_types=(datetime,)) for each in rhythms]

        def change(stored: list[Any]) -> list[Any]:
            others = [row for row in stored if _runner_of(row) not in replaced]
            return [*others, *rows][-MAX_RHYTHMS:]

        self._file.update(change)


def _runner_of(row: Any) -> Any:
    return row.get("runner") if isinstance(row, dict) else None
