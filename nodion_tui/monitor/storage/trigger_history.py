"""What was triggered from here: the environments, which the API never returns.

A re-run offers them again. Values of secret-looking keys are not kept, and are asked for instead.
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
"""So many runs are remembered, of all runners together; the oldest go first."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A run in the file."""

    runner: str
    run: str
    at: datetime | None = None
    env: tuple[StoredEnvRow, ...] = ()


@dataclass(frozen=True, slots=True)
class RememberedEnv:
    """What is remembered of a run's environment."""

    rows: tuple[EnvRow, ...] | None = None
    """None where the run was not triggered from here."""
    notice: str = ""
    """What went wrong with the file, and what became of it."""


class TriggerHistory:
    """Environments by run. Every method blocks: call it in a thread.

    Args:
        folder: the data folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "runs", rewrite=_rewritten)

    def remember(self, run: Run, env: Iterable[EnvRow]) -> str:
        """Keep the environment that a run was triggered with.

        Args:
            run: the run, as the answer to the trigger showed it.
            env: the rows of the form; what was off or blank is left out.

        Returns:
            What went wrong with the file before; empty where all was well.

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
            lambda rows: [*[row for row in rows if not _is(row, run.key)][1 - MAX_RUNS :], entry]
        )

    def env_for(self, key: RunKey) -> RememberedEnv:
        """The environment that a run was triggered with; never raises."""
        held: FileEntries[_Entry] = self._file.read(_Entry)
        for entry in held.entries:
            if (entry.runner, entry.run) == key:
                return RememberedEnv(decode_env_rows(entry.env), held.notice)
        return RememberedEnv(notice=held.notice)


def _is(row: Any, key: RunKey) -> bool:
    return isinstance(row, dict) and (row.get("runner"), row.get("run")) == key


def _rewritten(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows as `remember` writes what is understood of them."""
    return [
        {"runner": each.runner, "run": each.run, "env": msgspec.to_builtins(each.env)}
        | ({} if each.at is None else {"at": each.at})
        for each in msgspec.convert(rows, list[_Entry])
    ]
