"""What is unusual about the run that is looked at: its failure's family, a log fallen silent."""

from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.monitor.insight.failure_groups import (
    FailureGroup,
    LogEndings,
    group_failures,
    last_lines,
)
from nodion_tui.monitor.insight.silence import LineGaps, Silence
from nodion_tui.monitor.log.state import LogPhase

if TYPE_CHECKING:
    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.log.session_cache import LogSessionCache
    from nodion_tui.monitor.runs.known_runs import KnownRuns

_AMONG = 500
"""The newest runs of a runner, among which are looked for failures like the one in question."""
_AT_MOST = 20_000
"""Lines of a log looked at in one go, in a millisecond; older ones say little of its pauses."""


class AnomalyDetector:
    """Looks at one run after the other, and remembers how the logs of failures ended.

    Args:
        runs: what is known of the others.
        logs: those that were read.
    """

    def __init__(self, runs: "KnownRuns", logs: "LogSessionCache") -> None:
        self._runs = runs
        self._logs = logs
        self._tails = LogEndings()
        self._key: RunKey | None = None
        self._gaps = LineGaps()
        self._next = 0

    def record_ending(self, run: Run, session: "LogSession") -> bool:
        """Remember how the log of a failure ended, once it is all there.

        Returns:
            Whether that was new.
        """
        is_new = (
            run.status == RunStatus.FAILED
            and session.state.phase is LogPhase.ENDED
            and run.key not in self._tails
        )
        if is_new:
            self._tails.record(run.key, last_lines(session.buffer))
        return is_new

    def failure_group(self, run: Run) -> FailureGroup | None:
        """The failures that look like this one; None where there are no others.

        Where no log of another one was read, those of the same runner and exit code: a guess.
        """
        if run.status != RunStatus.FAILED:
            return None
        for session in self._logs.cached:
            if (other := self._runs.run(session.key)) is not None:
                self.record_ending(other, session)
        of_runner = [run, *filter(_failed, islice(self._runs.runs_of(run.runner_id), _AMONG))]
        by_log = _with(run, {each.key: each for each in (*of_runner, *self._read())}, self._tails)
        if by_log is not None and by_log.other_count:
            return by_log
        alike = _with(run, {each.key: each for each in of_runner}, LogEndings())
        return alike if alike is not None and alike.other_count else None

    def silence(self, run: Run, session: "LogSession", now: datetime) -> Silence | None:
        """The silence of a running run, if its log is live and it is longer than usual."""
        if self._key != run.key:
            self._key, self._gaps, self._next = run.key, LineGaps(), 0
        self._gaps.observe(self._new_times(session))
        if run.status != RunStatus.RUNNING or session.state.phase is not LogPhase.LIVE:
            return None
        return self._gaps.silence(now)

    def _new_times(self, session: "LogSession") -> list[int]:
        log = session.buffer
        first = max(self._next, log.end - _AT_MOST)
        self._next = log.end
        return log.times(first)

    def _read(self) -> list[Run]:
        """The failures of any runner whose logs were read."""
        found = (self._runs.run(key) for key in self._tails)
        return [run for run in found if run is not None and _failed(run)]


def _failed(run: Run) -> bool:
    return run.status == RunStatus.FAILED


def _with(run: Run, runs: dict[RunKey, Run], tails: LogEndings) -> FailureGroup | None:
    found = group_failures(runs.values(), tails)
    return next((each for each in found if run in each.runs), None)
