"""Checks notification rules against runs; each run is reported once per rule.

Events before the checker started are not reported: a rule counts from the moment at which it became
true, by the service's own times, so that the first poll of thousands of old runs reports nothing,
and what happened while the machine was suspended is still reported.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

import msgspec

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import FINAL_STATUSES, Run, RunKey, RunStatus
from nodion_tui.model.run_cause import KnownState, never_known
from nodion_tui.model.runner import Runner, matches_runner, short_id, unknown_runner
from nodion_tui.model.text.format import rough_duration, short_duration, time_out_words
from nodion_tui.model.text.sanitize import sanitize
from nodion_tui.monitor.notify.lines.line_match import LineMatch
from nodion_tui.monitor.runs.last_run import LastRun

CAUSE_SECONDS = 60.0
"""How long a rule with `new` waits after a failure for its cause; then it is told as new."""
_MAX_REPORTED = 10_000  # (rule, run) pairs; the oldest are forgotten


class RunNotification(msgspec.Struct, frozen=True):
    """A run that matches a notification rule."""

    rule: NotifyRule
    run: Run
    runner: str
    """Its runner's displayed name."""
    at: datetime
    """When the rule became true, on the server's clock."""
    elapsed: timedelta | None
    """The run's duration at the time of the notification."""
    time_out: str = ""
    """`timed out after 1 h`, if that ended the run."""
    silent_for: timedelta | None = None
    """How long the runner has not run, where that is what matches; the run is its last one."""
    match: LineMatch | None = None
    """The line of the run, where a pattern of lines is what matches; the rule is that pattern's."""

    @property
    def needs_attention(self) -> bool:
        """Whether it is a failure, a run that takes too long, or one that did not come."""
        if self.match is not None:
            return self.match.needs_attention
        return self.run.status == RunStatus.FAILED or self._takes_long or self.is_about_silence

    @property
    def is_about_silence(self) -> bool:
        """Whether the runner is reported for not running."""
        return self.silent_for is not None

    @property
    def _takes_long(self) -> bool:
        return not self.run.is_final and self.rule.longer_than is not None

    @property
    def title(self) -> str:
        """What happened, sanitized: `Database Backup failed`, `Database Backup: out of memory`."""
        if self.match is not None:
            return sanitize(f"{self.runner or short_id(self.run.runner_id)}: {self.rule.name}")
        event = f"still {self.run.status}" if self._takes_long else self.run.status
        event = "overdue" if self.is_about_silence else self.time_out or event
        return sanitize(f"{self.runner or short_id(self.run.runner_id)} {event}")

    @property
    def body(self) -> str:
        """Details, sanitized: `exit 1 · 2:15 · run d4e5f6a7`."""
        run = self.run
        if self.match is not None:
            return sanitize(f"{self.match.summary} · run {short_id(run.id)}")
        if self.silent_for is not None:
            last = f"last run {rough_duration(self.silent_for)} ago"
            return sanitize(" · ".join(filter(None, [last, self.rule.name])))
        details = [
            "" if run.exit_code is None else f"exit {run.exit_code}",
            short_duration(self.elapsed),
            f"run {short_id(run.id)}",
            self.rule.name,
        ]
        return sanitize(" · ".join(filter(None, details)))


class RuleChecker:
    """Checks rules against runs and remembers which were reported.

    Args:
        rules: as configured.
        since: when checking began, on the server's clock.
    """

    def __init__(self, rules: Sequence[NotifyRule], *, since: datetime) -> None:
        self._rules = tuple(rules)
        self._since = since
        self._reported: dict[tuple[int, RunKey], None] = {}
        self.waiting: set[RunKey] = set()
        """Failures that a rule with `new` matches if their cause turns out to be new."""

    def check(
        self,
        runs: Iterable[Run],
        names: Mapping[str, str],
        now: datetime,
        runner_of: Callable[[str], Runner | None] = unknown_runner,
        is_known: KnownState = never_known,
    ) -> list[RunNotification]:
        """The new notifications. After a long absence these can be many: show them as one.

        A failure whose cause is still being read is in `waiting` until it is checked again.

        Args:
            runs: those that changed; and every few seconds those that have not ended, as a rule
                with `longer_than` becomes true by time alone.
            names: runner id → displayed name.
            now: the server's clock.
            runner_of: returns what is known of a runner, by its id.
            is_known: whether a run failed for an acknowledged cause; None: still being read.
        """
        if not self._rules:
            return []
        runs = list(runs)
        self.waiting -= {run.key for run in runs}
        return [
            RunNotification(
                self._rules[index],
                run,
                names.get(run.runner_id, ""),
                at,
                run.duration(now),
                time_out=time_out_words(run, runner_of(run.runner_id)),
            )
            for run in runs
            if not self._is_old(run)
            for index, at in self._due(run, names, now, is_known)
        ]

    def check_silence(
        self, last_runs: Iterable[LastRun], names: Mapping[str, str]
    ) -> list[RunNotification]:
        """The new notifications of runners that do not run, once until the next run.

        Args:
            last_runs: the newest run of each runner.
            names: runner id → displayed name.
        """
        return [
            RunNotification(
                rule,
                last.run,
                names.get(last.run.runner_id, ""),
                at,
                None,
                silent_for=_silent_for(last),
            )
            for last in last_runs
            for index, rule in enumerate(self._rules)
            if rule.is_about_silence and (index, last.run.key) not in self._reported
            for at in self._silent_since(index, last, names)
        ]

    def _silent_since(
        self, index: int, last: LastRun, names: Mapping[str, str]
    ) -> Iterable[datetime]:
        at = silent_since(self._rules[index], last, names.get(last.run.runner_id, ""))
        if at is not None and at >= self._since:
            self._remember(index, last.run.key)
            yield at

    def _is_old(self, run: Run) -> bool:
        """Whether no rule can have become true of the run since checking began."""
        return run.completed_at is not None and run.completed_at < self._since and run.is_final

    def _due(
        self, run: Run, names: Mapping[str, str], now: datetime, is_known: KnownState
    ) -> Iterable[tuple[int, datetime]]:
        for index, rule in enumerate(self._rules):
            if (index, run.key) in self._reported:
                continue
            at = matching_since(rule, run, names.get(run.runner_id, ""), now)
            if at is None or at < self._since:
                continue
            known = is_known(run) if rule.new and run.status == RunStatus.FAILED else False
            if known is None and now - at < timedelta(seconds=CAUSE_SECONDS):
                self.waiting.add(run.key)
                continue
            # Also one that is known is done with: it is not news when that ends.
            self._remember(index, run.key)
            if not known:
                yield index, at

    def _remember(self, index: int, key: RunKey) -> None:
        self._reported[index, key] = None
        if len(self._reported) > _MAX_REPORTED:
            del self._reported[next(iter(self._reported))]


def matching_since(rule: NotifyRule, run: Run, runner: str, now: datetime) -> datetime | None:
    """Since when a run matches a rule, by the server's clock; None: not, or unknown."""
    if rule.is_about_silence:
        return None
    statuses = awaited_statuses(rule)
    if run.status not in statuses or not matches_runner(rule.runner, run.runner_id, runner):
        return None
    if rule.longer_than is None:
        return _status_since(run)
    elapsed = run.duration(now)
    if elapsed is None or elapsed <= rule.longer_than:
        return None
    if run.is_final or run.started_at is None:
        return _status_since(run)
    return run.started_at + rule.longer_than


def silent_since(rule: NotifyRule, last: LastRun, runner: str) -> datetime | None:
    """Since when a runner matches a rule about silence, by the server's clock; None: not."""
    created_at = last.run.created_at
    if created_at is None or not matches_runner(rule.runner, last.run.runner_id, runner):
        return None
    conditions = []
    if rule.not_for is not None:
        conditions.append(created_at + rule.not_for)
    if rule.overdue:
        conditions.append(last.overdue_at or datetime.max.replace(tzinfo=created_at.tzinfo))
    at = max(conditions)
    return at if at < last.checked_at else None


def _silent_for(last: LastRun) -> timedelta:
    return last.checked_at - (last.run.created_at or last.checked_at)


def awaited_statuses(rule: NotifyRule) -> frozenset[str]:
    """The statuses that a rule about runs matches."""
    if rule.status:
        return rule.status
    if rule.new:
        return frozenset({RunStatus.FAILED})
    return FINAL_STATUSES if rule.longer_than is None else FINAL_STATUSES | {RunStatus.RUNNING}


def _status_since(run: Run) -> datetime | None:
    if run.is_final:
        return run.completed_at or run.updated_at or run.created_at
    if run.status == RunStatus.RUNNING:
        return run.started_at or run.updated_at or run.created_at
    return run.created_at if run.status == RunStatus.PENDING else run.updated_at
