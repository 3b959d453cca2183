"""Chooses the columns of a run list that fit, and their widths."""

from collections.abc import Mapping
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
_STATUS, _STARTED, _AGE, _TIME, _EXIT = 11, 8, 4, 7, 4
_RUNNER_MIN, _RUNNER_MAX = 10, 24
_COMMAND_MIN = 12

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
    start = Column("started", _STARTED), Column("age", _AGE, align_right=True)
    exit_code = Column("exit", _EXIT, align_right=True)
    choices: tuple[tuple[Column, ...], ...] = (
        (start[0], exit_code),
        (start[0],),
        (start[1],),
        (),
    )
    for optional in choices:
        fitting = _fit(width, runner_width, optional)
        if fitting is not None:
            return fitting
    return _narrowest(width)


def _selected(width: int, runner_width: int, chosen: AbstractSet[ColumnName]) -> tuple[Column, ...]:
    names = [
        name for name in COLUMN_LETTERS if name in chosen and (name != "runner" or runner_width)
    ]
    for dropped in (None, *_DROP_ORDER):
        names = [name for name in names if name != dropped]
        front = [_fixed(name, runner_width) for name in names if name != "command"]
        remaining = width - sum(column.width + GAP for column in front)
        if "command" in names and remaining >= _COMMAND_MIN:
            return (*front, Column("command", remaining))
        if "command" not in names and remaining + GAP >= 0:
            return tuple(front)
    return _narrowest(width)


def _fixed(name: ColumnName, runner_width: int) -> Column:
    if name == "runner":
        return Column(name, max(_RUNNER_MIN, min(_RUNNER_MAX, runner_width)))
    widths: dict[ColumnName, int] = {
        "status": _STATUS,
        "time": _TIME,
        "exit": _EXIT,
        "queue": _TIME,
    }
    widths |= {"created": _STARTED, "started": _STARTED, "id": 8, "entrypoint": 16}
    return Column(name, widths[name], align_right=name in {"time", "exit", "queue"})


def _fit(width: int, runner_width: int, optional: tuple[Column, ...]) -> tuple[Column, ...] | None:
    start = optional[:1]
    front = (
        Column("status", _STATUS),
        *start,
        Column("time", _TIME, align_right=True),
        *optional[1:],
    )
    remaining = width - sum(column.width + GAP for column in front)
    if not runner_width:
        return (*front, Column("command", remaining)) if remaining >= _COMMAND_MIN else None
    runner = max(_RUNNER_MIN, min(_RUNNER_MAX, runner_width, remaining - GAP - _COMMAND_MIN))
    command_width = remaining - runner - GAP
    if command_width < _COMMAND_MIN:
        return None
    return (*front, Column("runner", runner), Column("command", command_width))


def _narrowest(width: int) -> tuple[Column, ...]:
    command_width = width - _STATUS - _TIME - 2 * GAP
    front = (Column("status", _STATUS), Column("time", _TIME, align_right=True))
    return (*front, Column("command", command_width)) if command_width > 0 else front
