from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run, RunKey, newest_first
from nodion_tui.monitor.insight.failure_groups import (
    LogEndings,
    group_failures,
    groups_by_run,
    last_lines,
)
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)


def failed(number: int, code: int | None = 1, runner: str = "r", status: str = "failed") -> Run:
    started = NOW - timedelta(minutes=number)
    return Run(
        id=f"{number}",
        runner_id=runner,
        status=status,
        exit_code=code,
        created_at=started,
        completed_at=started + timedelta(seconds=30),
    )


def tails(**lines: list[str]) -> LogEndings:
    """Last lines by runner and number: `r_3`."""
    known = LogEndings()
    for name, said in lines.items():
        runner, number = name.split("_")
        known.record(RunKey(runner, number), said)
    return known


def test_forty_reds_are_two_causes() -> None:
    runs = [failed(number, runner=f"r{number % 4}") for number in range(40)]
    known = LogEndings()
    for number, run in enumerate(runs):
        said = "disk full" if number % 3 else f"no route to 10.0.0.{number}"
        known.record(run.key, [f"step {number}", f"error after {number}.5 s", said])
    found = group_failures(runs, known)
    assert [len(family.runs) for family in found] == [14, 26]
    assert found[0].cause.shapes == ("step <n>", "error after <n>", "no route to <ip>")
    assert not found[0].is_guess


def test_same_as_two_since_the_first_of_them() -> None:
    runs = [failed(number) for number in (1, 2, 3)]
    same = groups_by_run(
        group_failures(runs, tails(r_1=["boom 1"], r_2=["boom 2"], r_3=["boom 3"]))
    )
    family = same[runs[0].key]
    assert family.other_count == 2
    assert family.since == runs[2].completed_at


def test_other_exit_codes_are_other_causes() -> None:
    runs = [failed(1, 1), failed(2, 137), failed(3, None)]
    assert len(group_failures(runs, tails(r_1=["boom"], r_2=["boom"], r_3=["boom"]))) == 3


def test_an_unread_log_joins_only_its_own_runner_and_is_called_a_guess() -> None:
    runs = [failed(1), failed(2), failed(3, runner="s"), failed(4)]
    found = group_failures(runs, tails(r_4=["boom"]))
    assert [(len(family.runs), family.is_guess) for family in found] == [
        (2, True),
        (1, True),
        (1, False),
    ]


def test_only_failures_are_failures() -> None:
    runs = [failed(1, status="succeeded"), failed(2, status="canceled"), failed(3, status="odd")]
    assert group_failures(runs, LogEndings()) == []


def test_an_empty_log_says_nothing() -> None:
    known = tails(r_1=["", "  "])
    assert RunKey("r", "1") in known
    assert group_failures([failed(1)], known)[0].is_guess


def test_the_memory_of_tails_is_bounded() -> None:
    known = LogEndings(limit=2)
    for number in range(5):
        known.record(RunKey("r", str(number)), ["boom"])
    assert len(known) == 2
    assert known.shapes(RunKey("r", "4")) == ("boom",)
    assert known.shapes(RunKey("r", "2")) == ()


def test_a_failure_without_times_is_no_trouble() -> None:
    [family] = group_failures([Run(id="1", status="failed")], LogEndings())
    assert family.since is None


def test_the_last_lines_of_a_log_skip_blanks_and_marks() -> None:
    log = LogBuffer()
    log.extend([LogLine(str(n), body) for n, body in enumerate(["one", "two", "", "three", " "])])
    log.append_marker(EntryKind.ENDED, "failed, exit 1")
    assert last_lines(log, 2) == ("two", "three")
    assert last_lines(log, 9) == ("one", "two", "three")
    assert last_lines(LogBuffer()) == ()


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.integers(0, 3)), max_size=30)
)
def test_every_failure_is_in_exactly_one_family(rows: list[tuple[int, str, int]]) -> None:
    known = LogEndings()
    runs = []
    for number, (code, runner, line) in enumerate(rows):
        run = failed(number, code, runner)
        runs.append(run)
        if line:
            known.record(run.key, ["abc"[line - 1]])
    found = group_failures(runs, known)
    assert sorted(run.id for family in found for run in family.runs) == sorted(r.id for r in runs)
    assert len({family.cause for family in found}) == len(found)
    newest = [newest_first(family.runs[0]) for family in found]
    assert newest == sorted(newest)
