"""A finished log as it goes into an archive and comes out of it, and what an archive does.

A log is finished when its run has ended and a last page has proved that no line is missing: it
never changes again.
"""

from collections.abc import Sequence
from typing import Protocol, Self

import msgspec

from nodion_tui.model.log_line import FinalState
from nodion_tui.model.run import Run, RunKey, as_ended
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.segment import LogSegment


class FinishedLog(msgspec.Struct, frozen=True):
    """All lines of an ended run."""

    run: Run
    """As it ended."""
    segments: Sequence[LogSegment]
    """In order; nothing is missing between them."""
    lines: int
    last_id: str | None
    """Id of the last line; None if there is none."""

    @classmethod
    def of(cls, run: Run, buffer: LogBuffer) -> Self:
        """A run as it ended, and its log, of which the buffer has every line."""
        return cls(run, buffer.snapshot(), buffer.lines, buffer.last_id)

    @property
    def final(self) -> FinalState:
        """How the run ended."""
        run = self.run
        return FinalState(
            status=run.status,
            exit_code=run.exit_code,
            started_at=run.started_at,
            completed_at=run.completed_at,
        )


class FinishedLogs(Protocol):
    """Keeps finished logs."""

    async def read(self, key: RunKey) -> FinishedLog | None:
        """The log of a run; None if it is not kept."""
        ...

    def keep(self, log: FinishedLog) -> None:
        """Keep a log that has just been proved complete; returns at once."""
        ...


def run_as_ended(run: Run | None, key: RunKey, final: FinalState) -> Run:
    """A run in its final state.

    Args:
        run: as it is known; None if it is not.
        key: which run.
        final: how it ended.
    """
    known = run or Run(id=key.run_id, runner_id=key.runner_id, status=final.status)
    return as_ended(known, final)
