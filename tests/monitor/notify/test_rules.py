from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.notify_rule import Rule
from nodion_tui.model.run import Run
from nodion_tui.monitor.notify.rules import RuleWatch, true_since

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


def told(rule: Rule, run: Run, minutes: float = 10) -> list[str]:
    watch = RuleWatch([rule], since=SINCE)
    return [notice.title for notice in watch.look([run], NAMES, SINCE + timedelta(minutes=minutes))]


@pytest.mark.parametrize(
    ("rule", "matches"),
    [
        (Rule(), True),
        (Rule(runner="nightly*"), True),
        (Rule(runner="*ETL"), True),
        (Rule(runner="Night?y ETL"), True),
        (Rule(runner="r-1"), True),
        (Rule(runner="r-?"), True),
        (Rule(runner="ETL"), False),
        (Rule(runner="backup"), False),
        (Rule(status=frozenset({"failed"})), True),
        (Rule(status=frozenset({"succeeded", "failed"})), True),
        (Rule(status=frozenset({"succeeded"})), False),
        (Rule(longer_than=timedelta(minutes=4)), True),
        (Rule(longer_than=timedelta(minutes=5)), False),
    ],
)
def test_what_a_rule_wants(rule: Rule, *, matches: bool) -> None:
    assert bool(told(rule, run())) is matches


def test_a_run_is_told_once_a_rule() -> None:
    rules = [Rule(name="all"), Rule(name="red", status=frozenset({"failed"}))]
    watch = RuleWatch(rules, since=SINCE)
    now = SINCE + HOUR
    assert [notice.rule.name for notice in watch.look([run()], NAMES, now)] == ["all", "red"]
    assert watch.look([run()], NAMES, now) == []
    assert len(watch.look([run(name="2")], NAMES, now)) == 2


def test_what_ended_before_the_watch_is_not_told() -> None:
    assert told(Rule(), run(started=-60, ended=-1)) == []
    assert told(Rule(), run(started=-60, ended=1)) == ["Nightly ETL failed"]


def test_without_a_status_only_ends_are_told() -> None:
    assert told(Rule(), run("running", None)) == []
    assert told(Rule(), run("pending", None)) == []
    assert told(Rule(status=frozenset({"running"})), run("running", None, 3)) == [
        "Nightly ETL running"
    ]


def test_a_running_one_is_told_when_it_gets_long_and_not_again_at_its_end() -> None:
    watch = RuleWatch([Rule(longer_than=timedelta(minutes=30))], since=SINCE)
    live = run("running", None)
    assert watch.look([live], NAMES, SINCE + timedelta(minutes=30)) == []
    [notice] = watch.look([live], NAMES, SINCE + timedelta(minutes=31))
    assert notice.title == "Nightly ETL still running"
    assert notice.at == SINCE + timedelta(minutes=30)
    assert notice.is_bad
    assert watch.look([run("succeeded", 40)], NAMES, SINCE + HOUR) == []


def test_a_run_that_was_long_before_the_watch_is_not_told_until_it_ends() -> None:
    rule = Rule(longer_than=timedelta(minutes=30))
    assert told(rule, run("running", None, started=-60)) == []
    assert told(rule, run("succeeded", ended=5, started=-60)) == ["Nightly ETL succeeded"]


def test_a_notice_reads_well_and_is_fit_for_a_terminal() -> None:
    watch = RuleWatch([Rule(name="pager")], since=SINCE)
    failed = run(ended=135, code=1, name="d4e5f6a7-b8c9")
    [notice] = watch.look([failed], {"r-1": "Evil\x1b]0;x\x07"}, SINCE + 3 * HOUR)
    assert notice.body == "exit 1 · 2:15:00 · run d4e5f6a7 · pager"
    assert notice.title == "Evil␛]0;x␇ failed"
    assert notice.is_bad


def test_a_runner_without_a_name_is_told_by_its_id() -> None:
    watch = RuleWatch([Rule()], since=SINCE)
    [notice] = watch.look([run("succeeded", runner="0123456789")], {}, SINCE + HOUR)
    assert notice.title == "01234567 succeeded"
    assert not notice.is_bad


def test_no_rules_no_notices_and_no_times_no_notice() -> None:
    assert RuleWatch([], since=SINCE).look([run()], NAMES, SINCE + HOUR) == []
    assert told(Rule(), Run(id="1", status="failed", runner_id="r-1")) == []


def test_what_was_told_is_forgotten_in_the_end() -> None:
    watch = RuleWatch([Rule()], since=SINCE)
    runs = [run(name=str(number)) for number in range(10_100)]
    assert len(watch.look(runs, NAMES, SINCE + HOUR)) == 10_100
    assert watch.look(runs[-10_000:], NAMES, SINCE + HOUR) == []


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
    rule = Rule(
        status=frozenset({status}),
        longer_than=None if longer is None else timedelta(minutes=longer),
    )
    at = true_since(rule, subject, "", now)
    assert at is None or at <= now
