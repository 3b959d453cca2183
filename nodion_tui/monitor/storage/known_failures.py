"""Known failures: acknowledged causes, in a file that the program owns.

A cause is kept as shapes of lines, with secrets masked, never as lines of a log. Two dashboards
share the file: each entry is of one profile, and an update replaces its own entry only.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

import msgspec

from nodion_tui.model.run import Run
from nodion_tui.monitor.storage.locked_file import FileEntries, LockedFile

FILE_NAME = "known-failures.toml"
MAX_KNOWN = 500
"""Maximum number of stored causes, of all profiles together; the oldest are dropped first."""
MAX_NOTE = 200
"""Characters of a note."""
WEEK = timedelta(days=7)
MAX_SUCCESSES = 200
"""Runners of which the success that ends an acknowledgement is stored."""


class Lasting(StrEnum):
    """How long a cause stays acknowledged."""

    SUCCESS = "success"
    """Of each runner, until it next succeeds."""
    WEEK = "7d"
    FOREVER = "forever"


class RunnerSuccess(msgspec.Struct, frozen=True):
    """The first success of a runner after the acknowledgement."""

    runner: str
    at: datetime


class KnownFailure(msgspec.Struct, frozen=True, kw_only=True):
    """An acknowledged cause."""

    profile: str
    exit_code: int | None = None
    shapes: tuple[str, ...] = ()
    """Of the lines that tell the cause."""
    runner: str = ""
    """Id of the runner; empty if the shapes are known, as they count across runners."""
    at: datetime
    """When it was acknowledged, on the service's clock."""
    lasts: Lasting = Lasting.SUCCESS
    note: str = ""
    succeeded: tuple[RunnerSuccess, ...] = ()
    """Kept here, as a service may list the successful run no more."""

    @property
    def cause(self) -> tuple[int | None, tuple[str, ...], str]:
        """Exit code, shapes and runner."""
        return self.exit_code, self.shapes, self.runner

    def with_ids(self, convert: Callable[[str], str]) -> Self:
        """The same with other ids of runners."""
        return msgspec.structs.replace(
            self,
            runner=convert(self.runner) if self.runner else "",
            succeeded=tuple(
                RunnerSuccess(convert(each.runner), each.at) for each in self.succeeded
            ),
        )

    def covers(self, run: Run, success: datetime | None) -> bool:
        """Whether a failure of this cause is acknowledged.

        Args:
            run: the failure.
            success: the first success of its runner since, if it is known.
        """
        failed_at = run.completed_at or run.updated_at or run.created_at
        if self.lasts is Lasting.FOREVER or failed_at is None:
            return True
        if self.lasts is Lasting.WEEK:
            return failed_at < self.at + WEEK
        stored = next((each.at for each in self.succeeded if each.runner == run.runner_id), None)
        ends = [moment for moment in (success, stored) if moment is not None]
        return not ends or failed_at <= min(ends)


class KnownFailureFile:
    """The file in the data folder. Every method blocks: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._file = LockedFile(folder / FILE_NAME, "causes")

    def version(self) -> tuple[int, int] | None:
        """Another value after each change by any program; None: there is no file."""
        try:
            status = self._file.path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_ino

    def load(self) -> FileEntries[KnownFailure]:
        """The acknowledged causes of all profiles, oldest first; never raises."""
        contents = self._file.read(KnownFailure)
        aware = tuple(each for each in contents.entries if _is_aware(each))
        return FileEntries(aware, contents.notice)

    def save(self, known: KnownFailure) -> str:
        """Store an acknowledged cause in place of an earlier entry of it.

        Returns:
            What was wrong with the previous file; empty if nothing was.

        Raises:
            OSError: the file cannot be written.
        """
        row = _encode(known)
        return self._file.update(
            lambda rows: [*(each for each in rows if not _is_of(each, known)), row][-MAX_KNOWN:]
        )

    def add_successes(self, known: KnownFailure, successes: Iterable[RunnerSuccess]) -> None:
        """Store of an acknowledged cause which runners have succeeded, if it is still there.

        Raises:
            OSError: the file cannot be written.
        """
        more = tuple(successes)

        def change(rows: list[Any]) -> list[Any]:
            return [_with_successes(row, known, more) for row in rows]

        self._file.update(change)

    def remove(self, known: KnownFailure) -> str:
        """Withdraw an acknowledgement; a missing one is no error.

        Returns:
            As for `save`.

        Raises:
            OSError: the file cannot be written.
        """
        return self._file.update(lambda rows: [each for each in rows if not _is_of(each, known)])


def _is_aware(known: KnownFailure) -> bool:
    return all(moment.tzinfo for moment in (known.at, *(each.at for each in known.succeeded)))


def _is_of(row: Any, known: KnownFailure) -> bool:
    """Whether a row of the file is about the same cause in the same profile."""
    return (
        isinstance(row, dict)
        and (row.get("profile"), row.get("exit_code"), row.get("runner", ""))
        == (known.profile, known.exit_code, known.runner)
        and row.get("shapes", []) == list(known.shapes)
    )


def _with_successes(row: Any, known: KnownFailure, more: tuple[RunnerSuccess, ...]) -> Any:
    if not _is_of(row, known) or row.get("at") != known.at:
        return row
    stored = row.get("succeeded", [])
    names = {each.get("runner") for each in stored if isinstance(each, dict)}
    new = [
        {"runner": each.runner, "at": _utc(each.at)} for each in more if each.runner not in names
    ]
    return row | {"succeeded": [*stored, *new][-MAX_SUCCESSES:]}


def _encode(known: KnownFailure) -> dict[str, Any]:
    row: dict[str, Any] = {
        "profile": known.profile,
        "shapes": list(known.shapes),
        "runner": known.runner,
        "at": _utc(known.at),
        "lasts": known.lasts.value,
        "note": known.note[:MAX_NOTE],
    }
    if known.exit_code is not None:
        row["exit_code"] = known.exit_code
    return row


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
