"""History of runs triggered from this machine: their environments, which the API never returns.

A re-run uses them again. Secret-looking values are not stored and must be entered again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.trigger_draft import EnvRow
from nodion_tui.monitor.storage.env_rows import StoredEnvRow, decode_env_rows, encode_env_rows
from nodion_tui.monitor.storage.locked_file import FileEntries, LockedFile

FILE_NAME = "triggered.toml"
MAX_RUNS = 500
"""Maximum number of stored runs, of all runners together; the oldest are dropped first."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A run in the file."""

    runner: str
    run: str
    at: datetime | None = None
    env: tuple[StoredEnvRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RememberedEnv:
    """The stored environment of a run."""

    rows: tuple[EnvRow, ...] | None = None
    """None if the run was not triggered from this machine."""
    notice: str = ""
    """What is wrong with the file, and what was done about it."""


class TriggerHistory:
    """Environments by run, in the data folder. Every method blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "runs", rewrite=_rewritten)

    def remember(self, run: Run, env: Iterable[EnvRow]) -> str:
        """Store the environment that a run was triggered with, except disabled and blank rows.

        Returns:
            What was wrong with the previous file; empty if nothing was.

        Raises:
            OSError: the file cannot be written.
        """
        entry: dict[str, Any] = {
            "runner": run.runner_id,
            "run": run.id,
            "env": encode_env_rows(row for row in env if row.is_sent),
        }
        if run.created_at is not None:
            entry["at"] = run.created_at.astimezone(UTC)
        return self._file.update(
            lambda rows: [
                *[row for row in rows if not _is_run(row, run.key)][1 - MAX_RUNS :],
                entry,
            ]
        )

    def env_for(self, key: RunKey) -> RememberedEnv:
        """The environment that a run was triggered with; never raises."""
        contents: FileEntries[_Entry] = self._file.read(_Entry)
        for entry in contents.entries:
            if (entry.runner, entry.run) == key:
                return RememberedEnv(decode_env_rows(entry.env), contents.notice)
        return RememberedEnv(notice=contents.notice)


def _is_run(row: Any, key: RunKey) -> bool:
    return isinstance(row, dict) and (row.get("runner"), row.get("run")) == key


def _rewritten(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows as `remember` writes them."""
    return [
        {"runner": entry.runner, "run": entry.run, "env": msgspec.to_builtins(entry.env)}
        | ({} if entry.at is None else {"at": entry.at})
        for entry in msgspec.convert(rows, list[_Entry])
    ]
