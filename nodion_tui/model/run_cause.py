"""The cause of a failed run, as lists, filters and rules know it."""

from collections.abc import Callable

import msgspec

from nodion_tui.model.run import Run


class RunCause(msgspec.Struct, frozen=True):
    """The cause of one failure."""

    id: str
    """Short and stable: `3fa29c`."""
    text: str
    """The shape of the log's last error, or the exit code; not sanitized."""
    is_known: bool = False
    """Whether the failure is acknowledged."""


CauseOf = Callable[[Run], RunCause | None]
"""Returns the cause of a failed run; None for all other runs."""


KnownState = Callable[[Run], bool | None]
"""Tells whether a run failed for an acknowledged cause; None: its log is still being read."""


def no_cause(_run: Run) -> RunCause | None:
    """Where no causes are told apart."""
    return None


def never_known(_run: Run) -> bool:
    """Where no failure is acknowledged."""
    return False
