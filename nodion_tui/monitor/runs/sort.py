"""In which order do runs stand? Any column, either way; what is missing stands last."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from nodion_tui.model.run import Run, RunStatus, newest_first
from nodion_tui.monitor.runs.filter_terms import command_line

_ATTENTION: Mapping[str, int] = MappingProxyType(
    {
        RunStatus.RUNNING: 0,
        RunStatus.PENDING: 1,
        RunStatus.FAILED: 3,
        RunStatus.CANCELED: 4,
        RunStatus.SUCCEEDED: 5,
    }
)
_UNKNOWN_STATUS = 2


class SortColumn(StrEnum):
    """What a run list can be sorted by."""

    STATUS = "status"
    """Running, pending, unknown ones, failed, canceled, succeeded."""
    RUNNER = "runner"
    CREATED = "created"
    STARTED = "started"
    QUEUE = "queue"
    TIME = "time"
    """Duration, so far if it is running."""
    EXIT = "exit"
    COMMAND = "command"
    ENTRYPOINT = "entrypoint"
    ID = "id"


def sort_runs(
    runs: Iterable[Run],
    column: SortColumn = SortColumn.CREATED,
    *,
    descending: bool = True,
    now: datetime,
    names: Mapping[str, str] = MappingProxyType({}),
) -> list[Run]:
    """The runs in order; ties stand newest first, and runs without a value last, either way.

    Args:
        runs: any order.
        column: what to compare.
        descending: largest, latest or last of the alphabet first.
        now: the server's clock, for running durations.
        names: runner id → name as shown.
    """
    value = _VALUES[column](now, names)
    ordered = sorted(runs, key=newest_first)
    if column is SortColumn.CREATED and descending:
        return ordered
    pairs = [(value(run), run) for run in ordered]
    known = [pair for pair in pairs if pair[0] is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    missing = [run for found, run in pairs if found is None]
    return [run for _, run in known] + missing


_Value = Callable[[Run], Any]
_Bind = Callable[[datetime, Mapping[str, str]], _Value]


def _plain(value: _Value) -> _Bind:
    return lambda _now, _names: value


def _runner_name(_now: datetime, names: Mapping[str, str]) -> _Value:
    return lambda run: (names.get(run.runner_id, "") or run.runner_id).casefold() or None


_VALUES: Mapping[SortColumn, _Bind] = MappingProxyType(
    {
        SortColumn.STATUS: _plain(lambda run: _ATTENTION.get(run.status, _UNKNOWN_STATUS)),
        SortColumn.RUNNER: _runner_name,
        SortColumn.CREATED: _plain(lambda run: run.created_at),
        SortColumn.STARTED: _plain(lambda run: run.started_at),
        SortColumn.QUEUE: lambda now, _: lambda run: run.queue_time(now),
        SortColumn.TIME: lambda now, _: lambda run: run.duration(now),
        SortColumn.EXIT: _plain(lambda run: run.exit_code),
        SortColumn.COMMAND: _plain(lambda run: command_line(run).casefold()),
        SortColumn.ENTRYPOINT: _plain(lambda run: run.entrypoint),
        SortColumn.ID: _plain(lambda run: run.id),
    }
)
