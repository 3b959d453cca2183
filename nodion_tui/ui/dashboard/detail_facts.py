"""What the detail pane says of a run beyond the run itself."""

from itertools import islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from nodion_tui.model.run import Run, RunKey, RunStatus
from nodion_tui.ui.dashboard.run_detail import RunFacts

if TYPE_CHECKING:
    from nodion_tui.monitor.insight.failure_groups import FailureGroup
    from nodion_tui.monitor.insight.typical_duration import TypicalDuration
    from nodion_tui.monitor.log.session import LogSession
    from nodion_tui.monitor.monitor import Monitor
    from nodion_tui.monitor.runs.known_runs import KnownRuns


LOOK_BACK = 500
"""Newest runs of a runner among which its first failure is looked for."""


class _Compared(NamedTuple):
    """What is known of a run by comparing it with others."""

    key: RunKey
    typical: "TypicalDuration | None"
    failure_group: "FailureGroup | None"
    unread_failures: int


class DetailFacts:
    """Facts of the run under the cursor: typical duration, failure group, silence.

    What is compared with other runs is computed once for a run, until it is forgotten.
    """

    def __init__(self) -> None:
        self._compared: _Compared | None = None

    def forget(self) -> None:
        """Compare with other runs again, as they may have changed."""
        self._compared = None

    def of(self, run: Run, monitor: "Monitor", session: "LogSession | None") -> RunFacts:
        """The facts of a run.

        Args:
            run: the run.
            monitor: knows the other runs.
            session: the log of the run, if it is open.
        """
        compared = self._compare(run, monitor)
        silence = None
        if session is not None and not run.is_final:
            silence = monitor.anomalies.silence(run, session, monitor.server_now(run.runner_id))
        silence = silence or monitor.streams.silence(run)
        is_stale = monitor.is_stale(run)
        rhythm = monitor.rhythms.rhythm_of(run)
        return RunFacts(
            run=run,
            runner=monitor.runs.runner(run.runner_id),
            runner_id=monitor.account_of(run.runner_id).service_id(run.runner_id),
            profile=monitor.accounts.row_profile(run.runner_id),
            typical=compared.typical,
            stopping=monitor.run_control.seconds_since_stop(run.key),
            is_awaited=monitor.is_awaited(run),
            is_stale=is_stale,
            known_until=monitor.known_until(run.runner_id) if is_stale else None,
            failure_group=compared.failure_group,
            unread_failures=compared.unread_failures,
            silence=silence,
            known=_known_text(run, monitor),
            not_streamed=monitor.streams.quiet.not_streamed(run.key) or "",
            rhythm=rhythm,
            is_first_failure=first_failure_since_change(run, monitor.runs),
            is_overdue=rhythm is not None and monitor.due.is_overdue(run.runner_id, rhythm),
        )

    def _compare(self, run: Run, monitor: "Monitor") -> "_Compared":
        if self._compared is None or self._compared.key != run.key:
            group = monitor.anomalies.failure_group(run)
            unread = monitor.failures.unread_count(group.cause) if group else 0
            self._compared = _Compared(run.key, monitor.typical_duration(run), group, unread)
        return self._compared


def _known_text(run: Run, monitor: "Monitor") -> str:
    if not monitor.failures.is_known(run):
        return ""
    from nodion_tui.ui.causes.cause_text import known_text  # noqa: PLC0415 - seldom

    cause = monitor.failures.cause(run)
    known = monitor.failures.known(cause) if cause else None
    return known_text(known, monitor.server_now()) if known else ""


def first_failure_since_change(run: Run, runs: "KnownRuns") -> bool:
    """Whether a run is the first one that failed after its runner was changed."""
    runner = runs.runner(run.runner_id)
    changed_at = runner.updated_at if runner else None
    if changed_at is None or run.status != RunStatus.FAILED:
        return False
    newest = islice(runs.runs_of(run.runner_id), LOOK_BACK)
    since = takewhile(lambda other: other.created_at and other.created_at > changed_at, newest)
    failed = [other.id for other in since if other.status == RunStatus.FAILED]
    return failed[-1:] == [run.id]
