"""Sorts runs by any column, ascending or descending; missing values come last."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from nodion_tui.model.run import CREATED, STARTED, Run, RunStatus, newest_first
from nodion_tui.model.run_cause import CauseOf, no_cause
from nodion_tui.monitor.runs.filter_terms import command_line

_STATUS_ORDER: Mapping[str, int] = {
    RunStatus.RUNNING: 0,
    RunStatus.PENDING: 1,
    RunStatus.FAILED: 3,
    RunStatus.CANCELED: 4,
    RunStatus.SUCCEEDED: 5,
}
_UNKNOWN_STATUS_ORDER = 2


def _unnamed(_runner_id: str) -> str:
    return ""


class SortColumn(StrEnum):
    """Columns that a run list can be sorted by."""

    STATUS = "status"
    """Running, pending, unknown ones, failed, canceled, succeeded."""
    RUNNER = "runner"
    CREATED = "created"
    STARTED = "started"
    QUEUE = "queue"
    TIME = "time"
    """Duration, so far if it is running."""
    EXIT = "exit"
    PROFILE = "profile"
    COMMAND = "command"
    ENTRYPOINT = "entrypoint"
    ID = "id"
    CAUSE = "cause"
    """By its text, so that failures of one cause are together."""


def sort_runs(
    runs: Iterable[Run],
    column: SortColumn = SortColumn.CREATED,
    *,
    descending: bool = True,
    now: datetime,
    names: Mapping[str, str] = MappingProxyType({}),
    cause_of: CauseOf = no_cause,
    profile_of: Callable[[str], str] = _unnamed,
) -> list[Run]:
    """The sorted runs; ties are newest first, runs without a value always come last.

    Args:
        runs: in any order.
        column: what to compare.
        descending: largest, latest or alphabetically last first.
        now: the server's clock, for running durations.
        names: runner id → displayed name.
        cause_of: returns the cause of a failed run.
        profile_of: returns the name of the profile for a runner id.
    """
    ordered = sorted(runs, key=newest_first)
    if column is SortColumn.PROFILE:
        names = {run.runner_id: profile_of(run.runner_id) for run in ordered}
    key_of = _VALUES[column](now, names) if column in _VALUES else _cause(cause_of)
    if column is SortColumn.CREATED and descending:
        return ordered
    pairs = [(key_of(run), run) for run in ordered]
    present = [pair for pair in pairs if pair[0] is not None]
    present.sort(key=lambda pair: pair[0], reverse=descending)
    missing = [run for key, run in pairs if key is None]
    return [run for _, run in present] + missing


_Value = Callable[[Run], Any]
_Bind = Callable[[datetime, Mapping[str, str]], _Value]


def _from_run(value: _Value) -> _Bind:
    return lambda _now, _names: value


def _cause(cause_of: CauseOf) -> _Value:
    def value(run: Run) -> tuple[str, str] | None:
        cause = cause_of(run)
        return None if cause is None else (cause.text.casefold(), cause.id)

    return value


def _time(which: int) -> _Bind:
    return _from_run(lambda run: run.micros(which) or None)


def _runner_name(_now: datetime, names: Mapping[str, str]) -> _Value:
    return lambda run: (names.get(run.runner_id, "") or run.runner_id).casefold() or None


_VALUES: Mapping[SortColumn, _Bind] = {
    SortColumn.STATUS: _from_run(lambda run: _STATUS_ORDER.get(run.status, _UNKNOWN_STATUS_ORDER)),
    SortColumn.RUNNER: _runner_name,
    SortColumn.PROFILE: _runner_name,
    SortColumn.CREATED: _time(CREATED),
    SortColumn.STARTED: _time(STARTED),
    SortColumn.QUEUE: lambda now, _: lambda run: run.queue_time(now),
    SortColumn.TIME: lambda now, _: lambda run: run.duration(now),
    SortColumn.EXIT: _from_run(lambda run: run.exit_code),
    SortColumn.COMMAND: _from_run(lambda run: command_line(run).casefold()),
    SortColumn.ENTRYPOINT: _from_run(lambda run: run.entrypoint),
    SortColumn.ID: _from_run(lambda run: run.id),
}
