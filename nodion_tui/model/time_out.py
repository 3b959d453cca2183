"""Whether a run was ended by the time-out of its runner, which the service does not tell.

Such a run has failed, has no exit code, and lasted as long as its runner lets it.
"""

from datetime import datetime, timedelta
from typing import Protocol

from nodion_tui.model.format import whole_duration
from nodion_tui.model.run import RunStatus
from nodion_tui.model.runner import Runner

EARLY = timedelta(seconds=1)
"""A run may be shorter than the time-out by this, as clocks and roundings differ."""
LATE = timedelta(minutes=1)
"""It may be longer by this: its processes get some time to end."""


class Ended(Protocol):
    """A run, or the final state of one."""

    @property
    def status(self) -> str:
        """As in `Run`."""

    @property
    def exit_code(self) -> int | None:
        """As in `Run`."""

    @property
    def started_at(self) -> datetime | None:
        """As in `Run`."""

    @property
    def completed_at(self) -> datetime | None:
        """As in `Run`."""


def time_out_words(run: Ended, runner: Runner | None) -> str:
    """`timed out after 1 h`; empty if something else ended the run, or nothing has."""
    limit = time_limit(runner)
    if limit is None or run.status != RunStatus.FAILED or run.exit_code is not None:
        return ""
    if run.started_at is None or run.completed_at is None:
        return ""
    if not limit - EARLY <= run.completed_at - run.started_at <= limit + LATE:
        return ""
    return f"timed out after {whole_duration(limit.total_seconds())}"


def time_limit(runner: Runner | None) -> timedelta | None:
    """How long a run of this runner may take; None if that is not known."""
    seconds = runner.timeout_seconds if runner else None
    return timedelta(seconds=seconds) if seconds and seconds > 0 else None
