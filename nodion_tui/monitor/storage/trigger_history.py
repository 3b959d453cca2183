"""History of runs triggered from this machine: their environments, which the API never returns.

A re-run uses them again, and the form offers what was triggered last. Secret-looking values are
not stored and must be entered again; nor is a command that seems to hold one.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.model.run import Run, RunKey
from nodion_tui.model.text.masking import mask_argv, mask_command
from nodion_tui.model.trigger_draft import CommandMode, EnvRow, TriggerDraft, draft_from_run
from nodion_tui.monitor.storage.env_rows import StoredEnvRow, decode_env_rows, encode_env_rows
from nodion_tui.monitor.storage.locked_file import FileEntries, LockedFile
from nodion_tui.monitor.storage.memory_rows import MemoryRows

FILE_NAME = "triggered.toml"
MAX_RUNS = 500
"""Maximum number of stored runs, of all runners together; the oldest are dropped first."""


MAX_RECENT = 5
"""Different triggers of a runner that the form offers."""


class _Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A run in the file."""

    runner: str
    run: str
    at: datetime | None = None
    env: tuple[StoredEnvRow, ...] = ()
    mode: CommandMode | None = None
    """None: what it executed was not stored."""
    argv: tuple[str, ...] | None = None
    command: str | None = None
    entrypoint: str | None = None


class RecentTrigger(msgspec.Struct, frozen=True):
    """What was triggered lately."""

    draft: TriggerDraft
    at: datetime | None
    """When it was last; None: not known."""


class RememberedEnv(msgspec.Struct, frozen=True):
    """The stored environment of a run."""

    rows: tuple[EnvRow, ...] | None = None
    """None if the run was not triggered from this machine."""
    notice: str = ""
    """What is wrong with the file, and what was done about it."""


class TriggerHistory:
    """Environments by run. Every method blocks: call it in a thread.

    Args:
        folder: the data folder; None: kept in memory.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file: LockedFile | MemoryRows = (
            MemoryRows()
            if folder is None
            else LockedFile(folder / FILE_NAME, "runs", rewrite=_rewritten)
        )

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
        entry |= _what(run)
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

    def recent(self, runner_id: str) -> tuple[RecentTrigger, ...]:
        """The last different triggers of a runner, newest first; never raises."""
        found: dict[TriggerDraft, RecentTrigger] = {}
        for entry in reversed(self._file.read(_Entry).entries):
            if entry.runner != runner_id or entry.mode is None:
                continue
            draft = _draft(entry)
            found.setdefault(draft, RecentTrigger(draft, entry.at))
            if len(found) == MAX_RECENT:
                break
        return tuple(found.values())


def _what(run: Run) -> dict[str, Any]:
    """What a run executes, unless it seems to hold a secret."""
    texts = [run.command or "", run.entrypoint or ""]
    if mask_argv(run.argv) != run.argv or any(mask_command(text) != text for text in texts):
        return {}
    draft = draft_from_run(run)
    values = {"argv": list(run.argv) or None, "command": run.command, "entrypoint": run.entrypoint}
    return {"mode": str(draft.mode)} | {
        name: value for name, value in values.items() if value is not None
    }


def _draft(entry: _Entry) -> TriggerDraft:
    run = Run(
        id=entry.run,
        runner_id=entry.runner,
        status="",
        argv=entry.argv or (),
        command=entry.command,
        entrypoint=entry.entrypoint,
    )
    return draft_from_run(run, decode_env_rows(entry.env))


def _is_run(row: Any, key: RunKey) -> bool:
    return isinstance(row, dict) and (row.get("runner"), row.get("run")) == key


def _rewritten(rows: list[Any]) -> list[dict[str, Any]]:
    """The rows as `remember` writes them."""
    return [_row(entry) for entry in msgspec.convert(rows, list[_Entry])]


def _row(entry: _Entry) -> dict[str, Any]:
    optional = {
        "mode": None if entry.mode is None else str(entry.mode),
        "argv": None if entry.argv is None else list(entry.argv),
        "command": entry.command,
        "entrypoint": entry.entrypoint,
        "at": entry.at,
    }
    return {
        "runner": entry.runner,
        "run": entry.run,
        "env": msgspec.to_builtins(entry.env),
    } | {name: value for name, value in optional.items() if value is not None}
