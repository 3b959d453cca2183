"""Which columns a run list has room for, and how wide each is."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
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
_RUNNER_LEAST, _RUNNER_MOST = 10, 24
_COMMAND_LEAST = 12

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
"""Columns that a person can choose, leftmost first: its letter in the menu."""
_GIVE_UP: tuple[ColumnName, ...] = (
    "entrypoint",
    "id",
    "queue",
    "created",
    "exit",
    "started",
    "runner",
)
"""What goes first where there is no room for all that was chosen."""


class Column(NamedTuple):
    """One column."""

    name: ColumnName
    width: int
    align_right: bool = False
    """Whether its words stand at its right end."""

    @property
    def title(self) -> str:
        """Its heading."""
        return self.name.upper()


def list_columns(
    width: int, runner_width: int = 0, chosen: AbstractSet[ColumnName] = frozenset()
) -> tuple[Column, ...]:
    """The columns of a run list, leftmost first; the command takes what is left.

    Where it is narrow, the exit code goes first (a failed run then has it beside its status), the
    start becomes an age, and then goes too.

    Args:
        width: columns of the screen.
        runner_width: the longest name of a runner where they are to be told apart; else 0.
        chosen: those that a person wants; empty: what there is room for.
    """
    if chosen:
        return _wanted(width, runner_width, chosen)
    start = Column("started", _STARTED), Column("age", _AGE, align_right=True)
    exit_code = Column("exit", _EXIT, align_right=True)
    choices: tuple[tuple[Column, ...], ...] = (
        (start[0], exit_code),
        (start[0],),
        (start[1],),
        (),
    )
    for fitting in choices:
        found = _with_rest(width, runner_width, fitting)
        if found is not None:
            return found
    return _narrowest(width)


def _wanted(width: int, runner_width: int, chosen: AbstractSet[ColumnName]) -> tuple[Column, ...]:
    names = [
        name for name in COLUMN_LETTERS if name in chosen and (name != "runner" or runner_width)
    ]
    for given_up in (None, *_GIVE_UP):
        names = [name for name in names if name != given_up]
        front = [_fixed(name, runner_width) for name in names if name != "command"]
        left = width - sum(column.width + GAP for column in front)
        if "command" in names and left >= _COMMAND_LEAST:
            return (*front, Column("command", left))
        if "command" not in names and left + GAP >= 0:
            return tuple(front)
    return _narrowest(width)


def _fixed(name: ColumnName, runner_width: int) -> Column:
    if name == "runner":
        return Column(name, max(_RUNNER_LEAST, min(_RUNNER_MOST, runner_width)))
    widths: dict[ColumnName, int] = {
        "status": _STATUS,
        "time": _TIME,
        "exit": _EXIT,
        "queue": _TIME,
    }
    widths |= {"created": _STARTED, "started": _STARTED, "id": 8, "entrypoint": 16}
    return Column(name, widths[name], align_right=name in {"time", "exit", "queue"})


def _with_rest(
    width: int, runner_width: int, chosen: tuple[Column, ...]
) -> tuple[Column, ...] | None:
    start = chosen[:1]
    front = (
        Column("status", _STATUS),
        *start,
        Column("time", _TIME, align_right=True),
        *chosen[1:],
    )
    left = width - sum(column.width + GAP for column in front)
    if not runner_width:
        return (*front, Column("command", left)) if left >= _COMMAND_LEAST else None
    runner = max(_RUNNER_LEAST, min(_RUNNER_MOST, runner_width, left - GAP - _COMMAND_LEAST))
    rest = left - runner - GAP
    if rest < _COMMAND_LEAST:
        return None
    return (*front, Column("runner", runner), Column("command", rest))


def _narrowest(width: int) -> tuple[Column, ...]:
    rest = width - _STATUS - _TIME - 2 * GAP
    front = (Column("status", _STATUS), Column("time", _TIME, align_right=True))
    return (*front, Column("command", rest)) if rest > 0 else front
