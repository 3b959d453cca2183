"""Whom a log session tells what it reads, and what it may ask of what is known elsewhere."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from nodion_tui.model.log_line import FinalState, LogLine
    from nodion_tui.model.run import Run, RunKey
    from nodion_tui.model.runner import Runner


SessionT = TypeVar("SessionT")
"""The session; its module imports this one."""


def ignore(*_: object) -> None:
    """Does nothing with what a session tells; knows nothing that it asks."""


class LogHooks(msgspec.Struct, Generic[SessionT], frozen=True, kw_only=True):
    """Functions that a log session calls; each may be left out."""

    on_run: "Callable[[Run], None]" = ignore
    """Called with the run's state when reading the log returns it."""
    on_end: "Callable[[RunKey, FinalState], None]" = ignore
    """Called with the final state as soon as the stream reports it."""
    on_first_line: "Callable[[RunKey], None]" = ignore
    """Called when the run has written its first line."""
    on_lines: "Callable[[RunKey, Sequence[LogLine]], None]" = ignore
    """Called with new lines, in order, before they are kept."""
    on_reading: Callable[[SessionT], None] = ignore
    """Called when somebody begins or ceases to read the log."""
    on_flush: Callable[[SessionT], None] = ignore
    """Called before the subscribers are."""
    runner_of: "Callable[[str], Runner | None]" = ignore
    """Returns what is known of a runner, by its id."""
    run_of: "Callable[[RunKey], Run | None]" = ignore
    """Returns what is known of a run."""


NO_HOOKS: LogHooks[Any] = LogHooks()
