"""Detects anomalies of the selected run: its failure group, an unusually silent log."""

from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.monitor.insight.failure_groups import (
    FailureGroup,
    LogEndings,
    group_failures,
)
from nodion_tui.monitor.insight.silence import LineGaps, Silence
from nodion_tui.monitor.log.state import LogPhase

if TYPE_CHECKING:
    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.log.session_cache import LogSessionCache
    from nodion_tui.monitor.runs.known_runs import KnownRuns

_MAX_RUNS = 500
"""Newest runs of a runner that are searched for similar failures."""
_MAX_LINES = 20_000
"""Lines of a log examined at once, in a millisecond; older ones say little about its gaps."""


class AnomalyDetector:
    """Examines one run after the other, and stores the last lines of failed runs' logs.

    Args:
        runs: the known runs.
        logs: the logs that are in memory.
        endings: where the last lines are stored.
    """

    def __init__(self, runs: "KnownRuns", logs: "LogSessionCache", endings: LogEndings) -> None:
        self._runs = runs
        self._logs = logs
        self._endings = endings
        self._key: RunKey | None = None
        self._gaps = LineGaps()
        self._next_index = 0

    def record_ending(self, run: Run, session: "LogSession") -> bool:
        """Store the last lines of a failed run's log once it is complete.

        Returns:
            Whether they were new.
        """
        is_new = (
            run.status == RunStatus.FAILED
            and session.state.phase is LogPhase.ENDED
            and run.key not in self._endings
        )
        if is_new:
            # After the first rows: it compiles many patterns.
            from nodion_tui.monitor.insight import ending_lines  # noqa: PLC0415

            lines = ending_lines.last_lines(session.buffer, ending_lines.LOOK_BACK)
            self._endings.record(run.key, ending_lines.telling_lines(lines))
        return is_new

    def record_cached(self, run: Run) -> bool:
        """Store the last lines of a failed run from its log, if that is in memory as a whole.

        Returns:
            Whether it is.
        """
        sessions = (session for session in self._logs.cached if session.key == run.key)
        return any(self.record_ending(run, session) for session in sessions)

    def record_lines(self, key: RunKey, lines: Sequence[str]) -> None:
        """Store the last lines of a failed run's log that was read before."""
        self._endings.record(key, lines)

    def failure_group(self, run: Run) -> FailureGroup | None:
        """The failures with the same cause; None if there are no others.

        If no other log was read, those of the same runner and exit code: a guess.
        """
        if run.status != RunStatus.FAILED:
            return None
        for session in self._logs.cached:
            if (other_run := self._runs.run(session.key)) is not None:
                self.record_ending(other_run, session)
        runner_failures = [
            run,
            *filter(_failed, islice(self._runs.runs_of(run.runner_id), _MAX_RUNS)),
        ]
        by_log = _group_of(
            run,
            {failure.key: failure for failure in (*runner_failures, *self._read_failures())},
            self._endings,
        )
        if by_log is not None and by_log.other_count:
            return by_log
        by_exit_code = _group_of(
            run, {failure.key: failure for failure in runner_failures}, LogEndings()
        )
        return by_exit_code if by_exit_code is not None and by_exit_code.other_count else None

    def silence(self, run: Run, session: "LogSession", now: datetime) -> Silence | None:
        """The silence of a running run, if its log is live and it is longer than usual."""
        if self._key != run.key:
            self._key, self._gaps, self._next_index = run.key, LineGaps(), 0
        self._gaps.observe(self._new_times(session))
        if run.status != RunStatus.RUNNING or session.state.phase is not LogPhase.LIVE:
            return None
        return self._gaps.silence(now)

    def _new_times(self, session: "LogSession") -> list[int]:
        log = session.buffer
        first = max(self._next_index, log.end - _MAX_LINES)
        self._next_index = log.end
        return log.times(first)

    def _read_failures(self) -> list[Run]:
        """The failed runs of any runner whose logs were read."""
        runs = (self._runs.run(key) for key in self._endings)
        return [run for run in runs if run is not None and _failed(run)]


def _failed(run: Run) -> bool:
    return run.status == RunStatus.FAILED


def _group_of(run: Run, runs: dict[RunKey, Run], endings: LogEndings) -> FailureGroup | None:
    groups = group_failures(runs.values(), endings)
    return next((group for group in groups if run in group.runs), None)
