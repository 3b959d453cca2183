"""Which line patterns were told of which runs, kept so that a restart tells none again.

Several dashboards on one machine share the file: who writes a pair first tells it. No line is kept,
and of a pattern a digest only.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from nodion_tui.model.run import RunKey
from nodion_tui.monitor.storage.locked_file import LockedFile

FILE_NAME = "told-lines.toml"
MAX_TOLD = 1000
"""Stored pairs of pattern and run; the oldest are dropped first."""


class ToldLines:
    """The file in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "told")

    def claim(self, pattern: str, key: RunKey, at: datetime) -> bool:
        """Note that a pattern is told of a run; False if it was noted before. Blocks.

        Args:
            pattern: digest of the pattern.
            key: the run.
            at: now.

        Raises:
            OSError: the file cannot be written, or belongs to someone else.
        """
        is_new = False

        def change(rows: list[Any]) -> list[Any]:
            nonlocal is_new
            is_new = not any(_pair(row) == (pattern, *key) for row in rows)
            row = {"pattern": pattern, "runner": key.runner_id, "run": key.run_id, "at": at}
            return [*rows, row][-MAX_TOLD:] if is_new else rows

        self._file.update(change)
        return is_new


def _pair(row: Any) -> tuple[Any, ...]:
    if not isinstance(row, dict):
        return ()
    return tuple(row.get(name) for name in ("pattern", "runner", "run"))
