from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.notify.rules import RuleChecker, matching_since
from nodion_tui.monitor.runs.last_run import LastRun

SINCE = datetime(2026, 1, 15, 14, 0, tzinfo=UTC)
NAMES = {"r-1": "Nightly ETL", "r-2": "Backup"}
HOUR = timedelta(hours=1)


def run(
    status: str = "failed",
    ended: float | None = 5,
    started: float = 0,
    runner: str = "r-1",
    name: str = "1",
    code: int | None = None,
) -> Run:
    """Times in minutes after checking began."""
    return RunRecord(
        id=name,
        runner_id=runner,
        status=status,
        exit_code=code,
        created_at=SINCE + timedelta(minutes=started),
        started_at=SINCE + timedelta(minutes=started),
        completed_at=None if ended is None else SINCE + timedelta(minutes=ended),
    ).run


def titles(rule: NotifyRule, run: Run, minutes: float = 10) -> list[str]:
    checker = RuleChecker([rule], since=SINCE)
    return [
        notice.title for notice in checker.check([run], NAMES, SINCE + timedelta(minutes=minutes))
    ]


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (NotifyRule(), True),
        (NotifyRule(runner="nightly*"), True),
        (NotifyRule(runner="*ETL"), True),
        (NotifyRule(runner="Night?y ETL"), True),
        (NotifyRule(runner="r-1"), True),
        (NotifyRule(runner="r-?"), True),
        (NotifyRule(runner="ETL"), False),
        (NotifyRule(runner="backup"), False),
        (NotifyRule(status=frozenset({"failed"})), True),
        (NotifyRule(status=frozenset({"succeeded", "failed"})), True),
        (NotifyRule(status=frozenset({"succeeded"})), False),
        (NotifyRule(longer_than=timedelta(minutes=4)), True),
        (NotifyRule(longer_than=timedelta(minutes=5)), False),
    ],
)
def test_runs_that_match_a_rule(rule: NotifyRule, *, matches: bool) -> None:
    assert bool(titles(rule, run())) is matches


def test_a_run_is_reported_once_per_rule() -> None:
    rules = [NotifyRule(name="all"), NotifyRule(name="red", status=frozenset({"failed"}))]
    checker = RuleChecker(rules, since=SINCE)
    now = SINCE + HOUR
    assert [notice.rule.name for notice in checker.check([run()], NAMES, now)] == ["all", "red"]
    assert checker.check([run()], NAMES, now) == []
    assert len(checker.check([run(name="2")], NAMES, now)) == 2


def test_runs_that_ended_before_the_start_are_not_reported() -> None:
    assert titles(NotifyRule(), run(started=-60, ended=-1)) == []
    assert titles(NotifyRule(), run(started=-60, ended=1)) == ["Nightly ETL failed"]


def test_without_a_status_only_ended_runs_match() -> None:
    assert titles(NotifyRule(), run("running", None)) == []
    assert titles(NotifyRule(), run("pending", None)) == []
    assert titles(NotifyRule(status=frozenset({"running"})), run("running", None, 3)) == [
        "Nightly ETL running"
    ]


def test_a_running_run_is_reported_once_overdue_and_not_at_its_end() -> None:
    checker = RuleChecker([NotifyRule(longer_than=timedelta(minutes=30))], since=SINCE)
    live = run("running", None)
    assert checker.check([live], NAMES, SINCE + timedelta(minutes=30)) == []
    [notice] = checker.check([live], NAMES, SINCE + timedelta(minutes=31))
    assert notice.title == "Nightly ETL still running"
    assert notice.at == SINCE + timedelta(minutes=30)
    assert notice.needs_attention
    assert checker.check([run("succeeded", 40)], NAMES, SINCE + HOUR) == []


def test_a_run_that_was_long_before_the_start_is_not_reported_until_it_ends() -> None:
    rule = NotifyRule(longer_than=timedelta(minutes=30))
    assert titles(rule, run("running", None, started=-60)) == []
    assert titles(rule, run("succeeded", ended=5, started=-60)) == ["Nightly ETL succeeded"]


def test_a_notification_is_readable_and_sanitized() -> None:
    checker = RuleChecker([NotifyRule(name="pager")], since=SINCE)
    failed = run(ended=135, code=1, name="d4e5f6a7-b8c9")
    [notice] = checker.check([failed], {"r-1": "Evil\x1b]0;x\x07"}, SINCE + 3 * HOUR)
    assert notice.body == "exit 1 · 2:15:00 · run d4e5f6a7 · pager"
    assert notice.title == "Evil␛]0;x␇ failed"
    assert notice.needs_attention


def test_a_runner_without_a_name_is_shown_by_its_id() -> None:
    checker = RuleChecker([NotifyRule()], since=SINCE)
    [notice] = checker.check([run("succeeded", runner="0123456789")], {}, SINCE + HOUR)
    assert notice.title == "01234567 succeeded"
    assert not notice.needs_attention


def test_no_notification_without_rules_or_times() -> None:
    assert RuleChecker([], since=SINCE).check([run()], NAMES, SINCE + HOUR) == []
    assert titles(NotifyRule(), Run(id="1", status="failed", runner_id="r-1")) == []


def test_the_number_of_reported_runs_is_bounded() -> None:
    checker = RuleChecker([NotifyRule()], since=SINCE)
    runs = [run(name=str(number)) for number in range(10_100)]
    assert len(checker.check(runs, NAMES, SINCE + HOUR)) == 10_100
    assert checker.check(runs[-10_000:], NAMES, SINCE + HOUR) == []


def last_run(minutes: float, overdue_after: float | None = None) -> LastRun:
    """A run created when checking began, and checked so many minutes after."""
    overdue_at = None if overdue_after is None else SINCE + timedelta(minutes=overdue_after)
    return LastRun(run(), SINCE + timedelta(minutes=minutes), overdue_at)


@pytest.mark.parametrize(
    ("rule", "last", "told"),
    [
        (NotifyRule(not_for=HOUR), last_run(59), 0),
        (NotifyRule(not_for=HOUR), last_run(61), 1),
        (NotifyRule(not_for=HOUR, runner="Backup"), last_run(61), 0),
        (NotifyRule(overdue=True), last_run(61), 0),
        (NotifyRule(overdue=True), last_run(61, 60), 1),
        (NotifyRule(overdue=True, not_for=HOUR * 2), last_run(61, 60), 0),
        (NotifyRule(), last_run(61, 60), 0),
    ],
)
def test_a_runner_that_does_not_run_is_told_once(
    rule: NotifyRule, last: LastRun, told: int
) -> None:
    checker = RuleChecker([rule], since=SINCE)
    notices = checker.check_silence([last], NAMES)
    texts = [(each.title, each.body, each.needs_attention) for each in notices]
    assert texts == [("Nightly ETL overdue", "last run 61 min ago", True)] * told
    assert not checker.check_silence([last], NAMES)
    assert bool(checker.check([last.run], NAMES, last.checked_at)) is not rule.is_about_silence


def test_a_runner_that_was_overdue_before_checking_began_is_not_told() -> None:
    checker = RuleChecker([NotifyRule(overdue=True)], since=SINCE)
    assert not checker.check_silence([last_run(61, -1)], NAMES)


@given(
    st.sampled_from(["pending", "running", "succeeded", "failed", "canceled", "odd"]),
    st.none() | st.integers(0, 90),
    st.none() | st.integers(0, 90),
    st.none() | st.integers(0, 90),
)
def test_a_rule_is_never_true_in_the_future(
    status: str, created: int | None, started: int | None, longer: int | None
) -> None:
    now = SINCE + timedelta(minutes=90)

    def after(minutes: int | None) -> datetime | None:
        return None if minutes is None else SINCE + timedelta(minutes=minutes)

    subject = RunRecord(
        id="1", status=status, created_at=after(created), started_at=after(started)
    ).run
    rule = NotifyRule(
        status=frozenset({status}),
        longer_than=None if longer is None else timedelta(minutes=longer),
    )
    at = matching_since(rule, subject, "", now)
    assert at is None or at <= now


def test_a_rule_for_new_causes_waits_for_the_cause_and_judges_once() -> None:
    checker = RuleChecker([NotifyRule(new=True)], since=SINCE)
    states: dict[str, bool | None] = {"1": True, "2": False, "3": None}
    runs = [run(name=name) for name in states]

    def told(minutes: float) -> list[str]:
        notices = checker.check(
            runs,
            NAMES,
            SINCE + timedelta(minutes=minutes),
            is_known=lambda run: states[run.id],
        )
        return [notice.run.id for notice in notices]

    assert told(5.5) == ["2"]
    assert checker.waiting == {runs[2].key}
    assert told(5.9) == []
    assert told(6.1) == ["3"], "its cause does not come"
    assert checker.waiting == set()
    states["1"] = False
    assert told(7) == [], "an acknowledgement that ends is no news"


def test_a_rule_for_new_causes_is_about_failures() -> None:
    assert titles(NotifyRule(new=True), run("succeeded")) == []
    either = NotifyRule(new=True, status=frozenset({"failed", "canceled"}))
    assert titles(either, run("canceled")) == ["Nightly ETL canceled"]
