"""Chooses the columns of a run list that fit, and their widths."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

ColumnName = Literal[
    "status",
    "created",
    "started",
    "age",
    "queue",
    "time",
    "exit",
    "runner",
    "id",
    "entrypoint",
    "command",
]

GAP = 2
_RUNNER_MIN, _RUNNER_MAX = 10, 24
_COMMAND_MIN = 12
_WIDTHS: Mapping[ColumnName, int] = MappingProxyType(
    {
        "status": 11,
        "created": 8,
        "started": 8,
        "age": 4,
        "queue": 7,
        "time": 7,
        "exit": 4,
        "id": 8,
        "entrypoint": 16,
    }
)
"""Of all columns but runner and command, which depend on the width of the screen."""
_RIGHT_ALIGNED = frozenset({"age", "queue", "time", "exit"})

COLUMN_LETTERS: Mapping[ColumnName, str] = MappingProxyType(
    {
        "status": "s",
        "created": "n",
        "started": "b",
        "queue": "w",
        "time": "t",
        "exit": "e",
        "runner": "r",
        "id": "i",
        "entrypoint": "p",
        "command": "c",
    }
)
"""Selectable columns, leftmost first, with their letters in the menu."""
_DROP_ORDER: tuple[ColumnName, ...] = (
    "entrypoint",
    "id",
    "queue",
    "created",
    "exit",
    "started",
    "runner",
)
"""Selected columns that are dropped, in this order, where not all of them fit."""
_AUTOMATIC: tuple[tuple[ColumnName, ...], ...] = (
    ("status", "started", "time", "exit"),
    ("status", "started", "time"),
    ("status", "age", "time"),
    ("status", "time"),
)
"""Automatic columns before those of runner and command; the first that fit are shown."""


class Column(NamedTuple):
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
    width: int, runner_width: int = 0, chosen: frozenset[ColumnName] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a run list, leftmost first; the command takes the remaining width.

    Cached, as every row asks for them.

    On a narrow screen the exit code is dropped first (it is then shown beside the status of a
    failed run); the start time is replaced by an age, which is dropped last.

    Args:
        width: columns of the screen.
        runner_width: width of the longest runner name; 0: without the runner column.
        chosen: the selected columns; empty: automatic, by width.
    """
    if chosen:
        return _selected(width, runner_width, chosen)
    for names in _AUTOMATIC:
        fitting = _fit(width, runner_width, [_column(name) for name in names])
        if fitting is not None:
            return fitting
    return _narrowest(width)


def _selected(width: int, runner_width: int, chosen: AbstractSet[ColumnName]) -> tuple[Column, ...]:
    names = [
        name for name in COLUMN_LETTERS if name in chosen and (name != "runner" or runner_width)
    ]
    for dropped in (None, *_DROP_ORDER):
        names = [name for name in names if name != dropped]
        front = [_column(name, runner_width) for name in names if name != "command"]
        remaining = width - _used(front)
        if "command" in names and remaining >= _COMMAND_MIN:
            return (*front, Column("command", remaining))
        if "command" not in names and remaining + GAP >= 0:
            return tuple(front)
    return _narrowest(width)


def _column(name: ColumnName, runner_width: int = 0) -> Column:
    if name == "runner":
        return Column(name, max(_RUNNER_MIN, min(_RUNNER_MAX, runner_width)))
    return Column(name, _WIDTHS[name], align_right=name in _RIGHT_ALIGNED)


def _fit(width: int, runner_width: int, front: Sequence[Column]) -> tuple[Column, ...] | None:
    """These columns, runner and command; None if they do not fit."""
    remaining = width - _used(front)
    if runner_width:
        runner = _column("runner", min(runner_width, remaining - GAP - _COMMAND_MIN))
        front = (*front, runner)
        remaining -= runner.width + GAP
    return (*front, Column("command", remaining)) if remaining >= _COMMAND_MIN else None


def _narrowest(width: int) -> tuple[Column, ...]:
    front = (_column("status"), _column("time"))
    command_width = width - _used(front)
    return (*front, Column("command", command_width)) if command_width > 0 else front


def _used(columns: Iterable[Column]) -> int:
    return sum(column.width + GAP for column in columns)
