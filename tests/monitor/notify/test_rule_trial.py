"""The conditions that are said of a rule are those that it is checked by."""

from datetime import UTC, datetime, timedelta
from operator import attrgetter

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.notify.rule_trial import conditions
from nodion_tui.monitor.notify.rules import matching_since, silent_since
from nodion_tui.monitor.runs.last_run import LastRun

NOW = datetime(2026, 1, 15, 14, 0, tzinfo=UTC)
SPANS = st.sampled_from([timedelta(minutes=minutes) for minutes in (0, 1, 5, 60)])
MOMENTS = st.none() | SPANS.map(lambda span: NOW - span)
RULES = st.builds(
    NotifyRule,
    runner=st.sampled_from(["*", "night*", "[prod] *", "r-1", ""]),
    status=st.frozensets(st.sampled_from(["failed", "faild", "running", "pending"])),
    longer_than=st.none() | SPANS,
)
SILENT = st.builds(NotifyRule, not_for=st.none() | SPANS, overdue=st.booleans()).filter(
    lambda rule: rule.is_about_silence
)
RUNS = st.builds(
    RunRecord,
    id=st.just("1"),
    runner_id=st.just("r-1"),
    status=st.sampled_from(["failed", "succeeded", "running", "pending", "odd"]),
    created_at=st.just(NOW - timedelta(hours=1)),
    started_at=MOMENTS,
    completed_at=MOMENTS,
).map(attrgetter("run"))
NAMES = st.sampled_from(["Nightly ETL", "[prod] Backup", ""])


@given(RULES, RUNS, NAMES)
def test_a_rule_matches_where_each_condition_holds(rule: NotifyRule, run: Run, name: str) -> None:
    holds = all(condition.holds for condition in conditions(rule, run, name, NOW))
    assert holds is (matching_since(rule, run, name, NOW) is not None)


@given(SILENT, RUNS, MOMENTS)
def test_so_does_one_about_silence(rule: NotifyRule, run: Run, overdue_at: datetime | None) -> None:
    last = LastRun(run, NOW, overdue_at)
    holds = all(condition.holds for condition in conditions(rule, run, "A", NOW, last))
    assert holds is (silent_since(rule, last, "A") is not None)
