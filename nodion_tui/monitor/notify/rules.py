"""Who wants to be told of which run? Rules held against runs, each run once a rule.

What happened before the watch began is not told: a rule counts from the moment at which it became
true, by the service's own times, so that the first look at thousands of old runs says nothing and
what happened during a sleep of the machine is still told.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import FINAL_STATUSES, Run, RunKey, RunStatus
from nodion_tui.model.runner import short_id
from nodion_tui.model.sanitize import sanitize

_MEMORY = 10_000  # (rule, run) pairs that were told; the oldest are forgotten


@dataclass(frozen=True, slots=True)
class RunNotification:
    """A run that a rule wants to be told of."""

    rule: NotifyRule
    run: Run
    runner: str
    """Its runner's name as shown."""
    at: datetime
    """When the rule became true, on the server's clock."""
    elapsed: timedelta | None
    """The run's duration when it was told."""

    @property
    def needs_attention(self) -> bool:
        """Whether it calls for attention: a failure, or something that takes too long."""
        return self.run.status == RunStatus.FAILED or self.is_overdue

    @property
    def is_overdue(self) -> bool:
        """Whether it is told for going on for too long."""
        return not self.run.is_final and self.rule.longer_than is not None

    @property
    def title(self) -> str:
        """What happened, fit for a terminal: `Database Backup failed`."""
        happened = f"still {self.run.status}" if self.is_overdue else self.run.status
        return sanitize(f"{self.runner or short_id(self.run.runner_id)} {happened}")

    @property
    def body(self) -> str:
        """More of it, fit for a terminal: `exit 1 · 2:15 · run d4e5f6a7`."""
        run = self.run
        parts = [
            "" if run.exit_code is None else f"exit {run.exit_code}",
            "" if self.elapsed is None else _clock(self.elapsed),
            f"run {short_id(run.id)}",
            self.rule.name,
        ]
        return sanitize(" · ".join(filter(None, parts)))


class RuleChecker:
    """Holds rules against runs and remembers what was told.

    Args:
        rules: as configured.
        since: when the watch began, on the server's clock.
    """

    def __init__(self, rules: Sequence[NotifyRule], *, since: datetime) -> None:
        self._rules = tuple(rules)
        self._since = since
        self._told: dict[tuple[int, RunKey], None] = {}

    def check(
        self, runs: Iterable[Run], names: Mapping[str, str], now: datetime
    ) -> list[RunNotification]:
        """What is to be told now. After a long absence these can be many: show them as one.

        Args:
            runs: those that changed; and every few seconds those that have not ended, for a rule
                with `longer_than` becomes true by time alone.
            names: runner id → name as shown.
            now: the server's clock.
        """
        if not self._rules:
            return []
        return [
            RunNotification(
                self._rules[index], run, names.get(run.runner_id, ""), at, run.duration(now)
            )
            for run in runs
            if not self._is_old(run)
            for index, at in self._due(run, names, now)
        ]

    def _is_old(self, run: Run) -> bool:
        """Whether no rule can have become true of it since the watch began."""
        return run.completed_at is not None and run.completed_at < self._since and run.is_final

    def _due(
        self, run: Run, names: Mapping[str, str], now: datetime
    ) -> Iterable[tuple[int, datetime]]:
        for index, rule in enumerate(self._rules):
            if (index, run.key) in self._told:
                continue
            at = matching_since(rule, run, names.get(run.runner_id, ""), now)
            if at is not None and at >= self._since:
                self._remember(index, run.key)
                yield index, at

    def _remember(self, index: int, key: RunKey) -> None:
        self._told[index, key] = None
        if len(self._told) > _MEMORY:
            del self._told[next(iter(self._told))]


def matching_since(rule: NotifyRule, run: Run, runner: str, now: datetime) -> datetime | None:
    """Since when a rule is true of a run; None where it is not, or no time is known.

    Args:
        rule: what is wanted.
        run: as it is now.
        runner: its runner's name.
        now: the server's clock.
    """
    wanted = rule.status or _default_status(rule)
    if run.status not in wanted or not _is_of(rule.runner, run.runner_id, runner):
        return None
    if rule.longer_than is None:
        return _status_since(run)
    elapsed = run.duration(now)
    if elapsed is None or elapsed <= rule.longer_than:
        return None
    if run.is_final or run.started_at is None:
        return _status_since(run)
    return run.started_at + rule.longer_than


def _default_status(rule: NotifyRule) -> frozenset[str]:
    return FINAL_STATUSES if rule.longer_than is None else FINAL_STATUSES | {RunStatus.RUNNING}


def _is_of(pattern: str, runner_id: str, name: str) -> bool:
    folded = pattern.casefold()
    return fnmatchcase(name.casefold(), folded) or fnmatchcase(runner_id.casefold(), folded)


def _status_since(run: Run) -> datetime | None:
    if run.is_final:
        return run.completed_at or run.updated_at or run.created_at
    if run.status == RunStatus.RUNNING:
        return run.started_at or run.updated_at or run.created_at
    return run.created_at if run.status == RunStatus.PENDING else run.updated_at


def _clock(duration: timedelta) -> str:
    minutes, seconds = divmod(int(duration.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
