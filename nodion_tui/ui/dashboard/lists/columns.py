"""Chooses the columns of a run list that fit, and their widths."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec.structs import replace

ColumnName = Literal[
    "status",
    "created",
    "started",
    "age",
    "queue",
    "time",
    "exit",
    "cause",
    "hits",
    "profile",
    "runner",
    "id",
    "entrypoint",
    "command",
]

GAP = 2
STATUS_EXIT_WIDTH = 4
"""Columns of an exit code beside the status, where it has no column of its own."""
_RUNNER_MIN, _RUNNER_MAX = 10, 24
_RUNNER_SHARE = 4
"""On wide screens a runner's name takes up to a quarter of the row."""
_PROFILE_MIN, _PROFILE_SHARE = 8, 5
"""A profile's name takes up to a fifth of the row, and at least eight columns."""
_COMMAND_MIN = 10
_COMMAND_BESIDE_START = 22
"""An age takes the place of the start time where the command would have fewer columns."""
_CAUSE_MAX = 60
"""A cause takes what room is left; beside a command, half of it."""
_SIGNALS_FROM = 96
"""Columns of a row from which exit codes have the name of their signal."""
_EXIT_WITH_SIGNAL = len("137 KILL")
_STATUS_WITH_EXIT = len("✗ failed ") + STATUS_EXIT_WIDTH
_WIDTHS: Mapping[ColumnName, int] = MappingProxyType(
    {
        "status": 11,
        "created": 8,
        "started": 8,
        "age": 4,
        "queue": 7,
        "time": 7,
        "exit": 4,
        "cause": 14,
        "hits": 6,
        "id": 8,
        "entrypoint": 16,
    }
)
"""Of all columns but runner and command, which depend on the width of the screen."""
_RIGHT_ALIGNED = frozenset({"age", "queue", "time", "exit", "hits"})

COLUMN_LETTERS: Mapping[ColumnName, str] = MappingProxyType(
    {
        "status": "s",
        "created": "n",
        "started": "b",
        "queue": "w",
        "time": "t",
        "exit": "e",
        "cause": "u",
        "runner": "r",
        "id": "i",
        "entrypoint": "p",
        "command": "c",
    }
)
"""Selectable columns, leftmost first, with their letters in the menu."""
_DROP_ORDER: tuple[ColumnName, ...] = (
    "command",
    "entrypoint",
    "id",
    "queue",
    "created",
    "exit",
    "started",
    "cause",
)
"""Selected columns that are dropped, in this order, where not all of them fit."""
_AUTOMATIC: tuple[tuple[ColumnName, ...], ...] = (
    ("status", "started", "time", "exit", "runner", "command"),
    ("status", "age", "time", "exit", "runner", "command"),
    ("status", "age", "time", "exit", "runner"),
    ("status", "age", "time", "runner"),
    ("status", "time", "runner"),
    ("status", "runner"),
)
"""Automatic columns; the first that fit are shown."""


class Column(msgspec.Struct, frozen=True):
    """A column of the run list."""

    name: ColumnName
    width: int
    align_right: bool = False
    """Whether the text is right-aligned."""

    @property
    def title(self) -> str:
        """The heading."""
        return self.name.upper()


@lru_cache(maxsize=16)
def list_columns(
    width: int,
    runner_width: int = 0,
    chosen: frozenset[ColumnName] = frozenset(),
    profile_width: int = 0,
    *,
    with_hits: bool = False,
) -> tuple[Column, ...]:
    """The columns of a run list, leftmost first; the command takes the remaining width.

    Cached, as every row asks for them.

    Where the command would be short, the start time is replaced by an age; then the command is
    dropped first, and the runner last. Without its column, the exit code stands beside the status
    of a failed run.

    Args:
        width: columns of the screen.
        runner_width: width of the longest runner name; 0: without the runner column.
        chosen: the selected columns; empty: automatic, by width.
        profile_width: width of the longest profile name; 0: without the profile column, which is
            shown whatever is selected and dropped last but for the status: an act on a row is an
            act in its profile.
        with_hits: show the hits of a search in the logs beside the status.
    """
    profile = _profile_column(width, profile_width)
    room = width - sum(column.width + GAP for column in profile)
    candidates = _without_dropped(chosen) if chosen else _AUTOMATIC
    for names in candidates:
        shown = [name for name in names if name != "profile" and (name != "runner" or runner_width)]
        if with_hits:
            shown.insert(1, "hits")
        command_min = _COMMAND_MIN
        if not chosen and "started" in names:
            command_min = _COMMAND_BESIDE_START
        fitting = _fit(room, runner_width, shown, command_min)
        if fitting is not None:
            return _with_profile(fitting, profile)
    return _with_profile(_narrowest(room, runner_width), profile)


def _profile_column(width: int, profile_width: int) -> tuple[Column, ...]:
    """The column of the profile, narrower where the row is; none where there is one profile."""
    widest = max(profile_width, len("PROFILE"))
    columns = min(widest, max(_PROFILE_MIN, width // _PROFILE_SHARE))
    return (Column("profile", columns),) if profile_width else ()


def _with_profile(columns: tuple[Column, ...], profile: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns, with that of the profile before the runner, or else behind the status."""
    place = next((i for i, column in enumerate(columns) if column.name == "runner"), 1)
    return (*columns[:place], *profile, *columns[place:])


def _without_dropped(chosen: AbstractSet[ColumnName]) -> Iterator[Sequence[ColumnName]]:
    """The selected columns, then with one after the other dropped."""
    names = [name for name in COLUMN_LETTERS if name in chosen]
    yield names
    for dropped in _DROP_ORDER:
        if dropped in names:
            names = [name for name in names if name != dropped]
            yield names


def _fit(
    width: int, runner_width: int, names: Sequence[ColumnName], command_min: int
) -> tuple[Column, ...] | None:
    """These columns; None if they do not fit, the command with a minimum of columns."""
    front = [_column(name, names, width, runner_width) for name in names if name != "command"]
    remaining = width - sum(column.width + GAP for column in front)
    if "cause" in names:
        spare = (remaining - command_min) // 2 if "command" in names else remaining + GAP
        more = max(0, min(spare, _CAUSE_MAX - _WIDTHS["cause"]))
        front = [_wider(column, more) if column.name == "cause" else column for column in front]
        remaining -= more
    if "command" in names:
        return (*front, Column("command", remaining)) if remaining >= command_min else None
    return tuple(front) if remaining + GAP >= 0 else None


def _wider(column: Column, columns: int) -> Column:
    return replace(column, width=column.width + columns)


def _column(name: ColumnName, names: Sequence[ColumnName], width: int, runner_width: int) -> Column:
    columns = _WIDTHS.get(name, 0)
    if name == "runner":
        widest = max(_RUNNER_MAX, width // _RUNNER_SHARE)
        columns = max(_RUNNER_MIN, min(widest, runner_width))
    elif name == "exit" and width >= _SIGNALS_FROM:
        columns = _EXIT_WITH_SIGNAL
    elif name == "status" and "exit" not in names:
        columns = _STATUS_WITH_EXIT
    return Column(name, columns, align_right=name in _RIGHT_ALIGNED)


def _narrowest(width: int, runner_width: int) -> tuple[Column, ...]:
    """The status and as much of the runner as there is room for, else the duration."""
    status = Column("status", _STATUS_WITH_EXIT)
    remaining = width - status.width - GAP
    if runner_width:
        return (status, Column("runner", remaining)) if remaining > 0 else (status,)
    time = Column("time", _WIDTHS["time"], align_right=True)
    return (status, time) if remaining >= time.width else (status,)
