from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run, RunKey, RunRecord, newest_first
from nodion_tui.monitor.insight.ending_lines import last_lines
from nodion_tui.monitor.insight.failure_groups import LogEndings, group_failures
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer

NOW = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)


def failed(number: int, code: int | None = 1, runner: str = "r", status: str = "failed") -> Run:
    started = NOW - timedelta(minutes=number)
    return RunRecord(
        id=f"{number}",
        runner_id=runner,
        status=status,
        exit_code=code,
        created_at=started,
        completed_at=started + timedelta(seconds=30),
    ).run


def endings(**lines: list[str]) -> LogEndings:
    """Last lines by runner and number: `r_3`."""
    log_endings = LogEndings()
    for name, line in lines.items():
        runner, number = name.split("_")
        log_endings.record(RunKey(runner, number), line)
    return log_endings


def test_forty_failures_have_two_causes() -> None:
    runs = [failed(number, runner=f"r{number % 4}") for number in range(40)]
    log_endings = LogEndings()
    for number, run in enumerate(runs):
        line = "disk full" if number % 3 else f"no route to 10.0.0.{number}"
        log_endings.record(run.key, [f"step {number}", f"error after {number}.5 s", line])
    groups = group_failures(runs, log_endings)
    assert [len(group.runs) for group in groups] == [14, 26]
    assert groups[0].cause.shapes == ("step <n>", "error after <n>", "no route to <ip>")
    assert not groups[0].is_guess


def test_same_as_two_since_the_first_of_them() -> None:
    runs = [failed(number) for number in (1, 2, 3)]
    [group] = group_failures(runs, endings(r_1=["boom 1"], r_2=["boom 2"], r_3=["boom 3"]))
    assert runs[0] in group.runs
    assert group.other_count == 2
    assert group.since == runs[2].completed_at


def test_other_exit_codes_are_other_causes() -> None:
    runs = [failed(1, 1), failed(2, 137), failed(3, None)]
    assert len(group_failures(runs, endings(r_1=["boom"], r_2=["boom"], r_3=["boom"]))) == 3


def test_an_unread_log_is_grouped_by_runner_and_marked_as_a_guess() -> None:
    runs = [failed(1), failed(2), failed(3, runner="s"), failed(4)]
    groups = group_failures(runs, endings(r_4=["boom"]))
    assert [(len(group.runs), group.is_guess) for group in groups] == [
        (2, True),
        (1, True),
        (1, False),
    ]


def test_only_failures_are_failures() -> None:
    runs = [failed(1, status="succeeded"), failed(2, status="canceled"), failed(3, status="odd")]
    assert group_failures(runs, LogEndings()) == []


def test_an_empty_log_says_nothing() -> None:
    log_endings = endings(r_1=["", "  "])
    assert RunKey("r", "1") in log_endings
    assert group_failures([failed(1)], log_endings)[0].is_guess


def test_the_number_of_log_endings_is_bounded() -> None:
    log_endings = LogEndings(limit=2)
    for number in range(5):
        log_endings.record(RunKey("r", str(number)), ["boom"])
    assert len(log_endings) == 2
    assert log_endings.shapes(RunKey("r", "4")) == ("boom",)
    assert log_endings.shapes(RunKey("r", "2")) == ()


def test_a_failure_without_times_is_grouped() -> None:
    [group] = group_failures([Run(id="1", status="failed")], LogEndings())
    assert group.since is None


def test_the_last_lines_of_a_log_skip_blanks_and_markers() -> None:
    log = LogBuffer()
    log.extend([LogLine(str(n), body) for n, body in enumerate(["one", "two", "", "three", " "])])
    log.append_marker(EntryKind.ENDED, "failed, exit 1")
    assert last_lines(log, 2) == ("two", "three")
    assert last_lines(log, 9) == ("one", "two", "three")
    assert last_lines(LogBuffer()) == ()


@given(
    st.lists(st.tuples(st.integers(0, 2), st.sampled_from("ab"), st.integers(0, 3)), max_size=30)
)
def test_every_failure_is_in_exactly_one_group(rows: list[tuple[int, str, int]]) -> None:
    log_endings = LogEndings()
    runs = []
    for number, (code, runner, line) in enumerate(rows):
        run = failed(number, code, runner)
        runs.append(run)
        if line:
            log_endings.record(run.key, ["abc"[line - 1]])
    groups = group_failures(runs, log_endings)
    assert sorted(run.id for group in groups for run in group.runs) == sorted(r.id for r in runs)
    assert len({group.cause for group in groups}) == len(groups)
    newest = [newest_first(group.runs[0]) for group in groups]
    assert newest == sorted(newest)
