"""Says of one rule and one run which condition holds and which does not."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import FINAL_STATUSES, Run
from nodion_tui.model.runner import matches_runner, short_id
from nodion_tui.model.text.format import duration, rough_duration
from nodion_tui.monitor.notify.rules import awaited_statuses
from nodion_tui.monitor.runs.last_run import LastRun


class Condition(NamedTuple):
    """One condition of a rule."""

    key: str
    """Key of the rule in config.toml."""
    holds: bool
    detail: str
    """What the rule wants, and what is so; not sanitized."""


def conditions(
    rule: NotifyRule, run: Run, runner: str, now: datetime, last: LastRun | None = None
) -> Sequence[Condition]:
    """The conditions of a rule; it matches if all of them hold.

    Args:
        rule: the rule.
        run: the run.
        runner: name of its runner.
        now: the server's clock.
        last: the newest run of the runner, for a rule about silence.
    """
    name = runner or short_id(run.runner_id)
    holds = matches_runner(rule.runner, run.runner_id, runner)
    pattern = Condition("runner", holds, f"{rule.runner!r} {_is(holds)} {name}")
    if rule.is_about_silence:
        return (pattern, *_silence(rule, run, last))
    return (pattern, *_run_conditions(rule, run, now))


def _run_conditions(rule: NotifyRule, run: Run, now: datetime) -> Iterator[Condition]:
    wanted = awaited_statuses(rule)
    any_end = " (any end)" if wanted == FINAL_STATUSES and not rule.status else ""
    detail = f"wants {' or '.join(sorted(wanted))}{any_end}; the run is {run.status}"
    yield Condition("status", run.status in wanted, detail)
    if rule.longer_than is not None:
        elapsed = run.duration(now)
        took = "the run never started" if elapsed is None else f"it took {duration(elapsed)}"
        detail = f"wants more than {duration(rule.longer_than)}; {took}"
        yield Condition("longer_than", elapsed is not None and elapsed > rule.longer_than, detail)


def _silence(rule: NotifyRule, run: Run, last: LastRun | None) -> Iterator[Condition]:
    is_newest = last is not None and last.run.key == run.key
    text = "it is" if is_newest else "a newer one came"
    yield Condition("newest", is_newest, f"wants the runner's newest run; {text}")
    created_at = last.run.created_at if last else None
    if rule.not_for is not None:
        silent = last.checked_at - created_at if last and created_at else None
        since = "unknown" if silent is None else f"{rough_duration(silent)} ago"
        detail = f"wants none for {duration(rule.not_for)}; the last one came {since}"
        yield Condition("not_for", silent is not None and silent > rule.not_for, detail)
    if rule.overdue:
        overdue_at = last.overdue_at if last and created_at else None
        if last is None or overdue_at is None:
            detail = "wants a regular runner that is overdue; it is not overdue, or not regular"
            yield Condition("overdue", False, detail)  # noqa: FBT003 - a field of a row
        else:
            late = last.checked_at - overdue_at
            detail = f"wants a runner that is overdue; it is, for {rough_duration(late)}"
            yield Condition("overdue", late > timedelta(), detail)


def _is(holds: bool) -> str:  # noqa: FBT001 - a word of a sentence
    return "matches" if holds else "does not match"
