from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.notify_rule import NotifyRule
from nodion_tui.model.run import Run
from nodion_tui.monitor.notify.rules import RuleChecker, matching_since

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
    """Times in minutes after the watch began."""
    return Run(
        id=name,
        runner_id=runner,
        status=status,
        exit_code=code,
        created_at=SINCE + timedelta(minutes=started),
        started_at=SINCE + timedelta(minutes=started),
        completed_at=None if ended is None else SINCE + timedelta(minutes=ended),
    )


def told(rule: NotifyRule, run: Run, minutes: float = 10) -> list[str]:
    watch = RuleChecker([rule], since=SINCE)
    return [
        notice.title for notice in watch.check([run], NAMES, SINCE + timedelta(minutes=minutes))
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
def test_what_a_rule_wants(rule: NotifyRule, *, matches: bool) -> None:
    assert bool(told(rule, run())) is matches


def test_a_run_is_told_once_a_rule() -> None:
    rules = [NotifyRule(name="all"), NotifyRule(name="red", status=frozenset({"failed"}))]
    watch = RuleChecker(rules, since=SINCE)
    now = SINCE + HOUR
    assert [notice.rule.name for notice in watch.check([run()], NAMES, now)] == ["all", "red"]
    assert watch.check([run()], NAMES, now) == []
    assert len(watch.check([run(name="2")], NAMES, now)) == 2


def test_what_ended_before_the_watch_is_not_told() -> None:
    assert told(NotifyRule(), run(started=-60, ended=-1)) == []
    assert told(NotifyRule(), run(started=-60, ended=1)) == ["Nightly ETL failed"]


def test_without_a_status_only_ends_are_told() -> None:
    assert told(NotifyRule(), run("running", None)) == []
    assert told(NotifyRule(), run("pending", None)) == []
    assert told(NotifyRule(status=frozenset({"running"})), run("running", None, 3)) == [
        "Nightly ETL running"
    ]


def test_a_running_one_is_told_when_it_gets_long_and_not_again_at_its_end() -> None:
    watch = RuleChecker([NotifyRule(longer_than=timedelta(minutes=30))], since=SINCE)
    live = run("running", None)
    assert watch.check([live], NAMES, SINCE + timedelta(minutes=30)) == []
    [notice] = watch.check([live], NAMES, SINCE + timedelta(minutes=31))
    assert notice.title == "Nightly ETL still running"
    assert notice.at == SINCE + timedelta(minutes=30)
    assert notice.needs_attention
    assert watch.check([run("succeeded", 40)], NAMES, SINCE + HOUR) == []


def test_a_run_that_was_long_before_the_watch_is_not_told_until_it_ends() -> None:
    rule = NotifyRule(longer_than=timedelta(minutes=30))
    assert told(rule, run("running", None, started=-60)) == []
    assert told(rule, run("succeeded", ended=5, started=-60)) == ["Nightly ETL succeeded"]


def test_a_notice_reads_well_and_is_fit_for_a_terminal() -> None:
    watch = RuleChecker([NotifyRule(name="pager")], since=SINCE)
    failed = run(ended=135, code=1, name="d4e5f6a7-b8c9")
    [notice] = watch.check([failed], {"r-1": "Evil\x1b]0;x\x07"}, SINCE + 3 * HOUR)
    assert notice.body == "exit 1 · 2:15:00 · run d4e5f6a7 · pager"
    assert notice.title == "Evil␛]0;x␇ failed"
    assert notice.needs_attention


def test_a_runner_without_a_name_is_told_by_its_id() -> None:
    watch = RuleChecker([NotifyRule()], since=SINCE)
    [notice] = watch.check([run("succeeded", runner="0123456789")], {}, SINCE + HOUR)
    assert notice.title == "01234567 succeeded"
    assert not notice.needs_attention


def test_no_rules_no_notices_and_no_times_no_notice() -> None:
    assert RuleChecker([], since=SINCE).check([run()], NAMES, SINCE + HOUR) == []
    assert told(NotifyRule(), Run(id="1", status="failed", runner_id="r-1")) == []


def test_what_was_told_is_forgotten_in_the_end() -> None:
    watch = RuleChecker([NotifyRule()], since=SINCE)
    runs = [run(name=str(number)) for number in range(10_100)]
    assert len(watch.check(runs, NAMES, SINCE + HOUR)) == 10_100
    assert watch.check(runs[-10_000:], NAMES, SINCE + HOUR) == []


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

    subject = Run(id="1", status=status, created_at=after(created), started_at=after(started))
    rule = NotifyRule(
        status=frozenset({status}),
        longer_than=None if longer is None else timedelta(minutes=longer),
    )
    at = matching_since(rule, subject, "", now)
    assert at is None or at <= now
