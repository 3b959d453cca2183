"""Moves the cursor with the fewest bytes.

curses has this too (`mvcur`), but only for a screen that it owns.
"""

from typing import NamedTuple


class Position(NamedTuple):
    """A cell of the screen, counted from 0."""

    y: int
    x: int


def move(before: Position | None, after: Position) -> str:
    """The shortest sequence that moves the cursor (ECMA-48: CUP, CUU, CUD, CUF, CUB, BS).

    Args:
        before: where it is; None: unknown.
        after: where it shall be.
    """
    column = f";{after.x + 1}" if after.x else ""
    absolute = f"\x1b[{after.y + 1}{column}H"
    if before is None:
        return absolute
    down, right = after.y - before.y, after.x - before.x
    steps = _horizontally(right)
    if down:
        # Only behind a step: a bare backspace could not be told from one of a job.
        steps = _vertically(down) + ("\b" * -right if -len(steps) < right < 0 else steps)
    return min(steps, absolute, key=len)


def _vertically(rows: int) -> str:
    return _step(rows, "B") if rows > 0 else _step(-rows, "A")


def _horizontally(columns: int) -> str:
    return _step(columns, "C") if columns > 0 else _step(-columns, "D")


def _step(count: int, direction: str) -> str:
    if not count:
        return ""
    return f"\x1b[{count if count > 1 else ''}{direction}"
