"""What two runs executed: differences, what is equal, and what is not known."""

from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.run_difference import ExecutedRun, RunComparison, compare_runs
from nodion_tui.model.runner import Runner
from nodion_tui.model.trigger_draft import EnvRow

NOW = datetime(2026, 1, 20, tzinfo=UTC)
CREATED = datetime(2026, 1, 15, 10, tzinfo=UTC)
OLD = RunRecord(id="0ld00000-1", runner_id="r", status="succeeded", created_at=CREATED).run
NEW = replace(OLD.record, id="new00000-2", created_at=CREATED + timedelta(days=1)).run
RUNNER = Runner(id="r", name="etl", image_name="etl", image_tag="2", updated_at=CREATED)

Env = tuple[EnvRow, ...] | None


def compared(
    older: Run = OLD,
    newer: Run = NEW,
    *,
    envs: tuple[Env, Env] = ((), ()),
    runner: Runner | None = RUNNER,
) -> RunComparison:
    return compare_runs(
        ExecutedRun(older, runner, envs[0]), ExecutedRun(newer, runner, envs[1]), NOW
    )


def test_equal_runs_are_equal_in_one_line() -> None:
    comparison = compared()
    assert not comparison.differences
    assert not comparison.notes
    assert comparison.equal[:3] == (
        "command (runner default)",
        "entrypoint",
        "environment (not overridden)",
    )
    assert comparison.equal[3].startswith("image etl:2 and runner (unchanged since Jan 15")


def test_arguments_that_differ_are_told_alone_and_masked() -> None:
    argv = ("python", "etl.py", "--password", "one", "--full")
    comparison = compared(
        replace(OLD, argv=argv), replace(NEW, argv=(*argv[:3], "two", "--fast", "a b"))
    )
    assert comparison.differences == (("argv[3]", "'••••••••' --full", "'••••••••' --fast 'a b'"),)
    assert comparison.equal[0] == "3 of 6 arguments"
    masked = compared(replace(OLD, argv=argv), replace(NEW, argv=(*argv[:3], "two", "--full")))
    assert masked.differences[0].newer == "'••••••••' (differs where it is masked)"


def test_how_a_command_is_given_is_a_difference() -> None:
    shell, default = replace(OLD, command="make\nall"), NEW
    assert compared(shell, default).differences == (
        ("command", "sh -c make␊all", "runner default"),
    )
    argv = replace(NEW, argv=("make", "all"), entrypoint="")
    assert compared(shell, argv).differences == (
        ("command", "sh -c make␊all", "make all"),
        ("entrypoint", "runner default", '""'),
    )


def test_variables_are_compared_as_far_as_they_are_known() -> None:
    secret = EnvRow("DB_PASSWORD", hidden=True, needs_value=True)
    older = (EnvRow("MODE", "full"), EnvRow("SAME", "1"), secret, EnvRow("OFF", "x", enabled=False))
    newer = (EnvRow("MODE", "fast"), EnvRow("SAME", "1"), secret, EnvRow("MORE", ""))
    comparison = compared(envs=(older, newer))
    assert comparison.differences == (("env MODE", "full", "fast"), ("env MORE", None, '""'))
    assert "1 variable" in comparison.equal
    assert comparison.notes == ("env DB_PASSWORD not compared: secrets are not stored",)
    assert compared(envs=(None, newer)).notes == (
        "environment of 0ld00000 unknown: recorded only for runs started from this machine",
        "environment of new00000 overrides DB_PASSWORD, MODE, MORE, SAME",
    )
    token = (EnvRow("API_TOKEN", "abc"),)
    assert compared(envs=((), token)).differences == (("env API_TOKEN", None, "••••••••"),)


def test_changes_of_the_runner_are_told_by_when_they_were() -> None:
    between = compared(runner=replace(RUNNER, updated_at=CREATED + timedelta(hours=1)))
    assert between.notes[0].startswith("runner changed between the runs, Jan 15")
    after = compared(runner=replace(RUNNER, updated_at=CREATED + timedelta(days=2)))
    assert after.notes[0].startswith("runner changed after both runs, Jan 17")
    assert after.notes[0].endswith("they may have had another image; image etl:2 now")
    assert "not known when" in compared(runner=None).notes[0]


def test_runs_of_two_runners_differ_in_them() -> None:
    other = replace(RUNNER, id="s", name="load", image_tag="3")
    comparison = compare_runs(
        ExecutedRun(OLD, RUNNER, ()), ExecutedRun(replace(NEW, runner_id="s"), other, ()), NOW
    )
    assert comparison.differences == (
        ("runner", "etl", "load"),
        ("image (of today)", "etl:2", "etl:3"),
    )
