"""The cells of runs and runners, without a list around them."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.model.run_cause import RunCause
from nodion_tui.model.runner import Runner
from nodion_tui.model.text.signs import in_ascii
from nodion_tui.monitor.insight.rhythm import Rhythm
from nodion_tui.ui.dashboard.lists.columns import COLUMN_LETTERS, GAP, list_columns
from nodion_tui.ui.dashboard.lists.run_cells import changes_with_time, run_row
from nodion_tui.ui.dashboard.lists.run_list import tick_time
from nodion_tui.ui.dashboard.lists.runner_cells import EASY_WIDTH, LEVELS, last_run_age, runner_row
from nodion_tui.ui.paint.styled_row import StyledRow, StyledText, row_text, row_width

NOW = datetime(2026, 1, 15, 12, 0, 47, 500_000, UTC)
FAILED = RunRecord(
    id="0a1b2c3d-0000-4000-8000-000000000000",
    runner_id="r",
    status="failed",
    command="make all",
    exit_code=2,
    created_at=NOW - timedelta(minutes=10),
    started_at=NOW - timedelta(minutes=9),
    completed_at=NOW - timedelta(minutes=4),
).run
RUNNING = replace(FAILED.record, status="running", exit_code=None, completed_at=None).run
WIDE, NARROW = list_columns(80), list_columns(24)


def styles(row: StyledRow) -> set[str]:
    return {piece.style for piece in row if piece.text.strip()}


def test_a_run_has_status_start_duration_exit_code_and_command() -> None:
    row = run_row(FAILED, WIDE, NOW)
    assert row_text(row).split() == [
        "✗",
        "failed",
        "9m",
        "ago",
        "05:00",
        "2",
        "sh",
        "-c",
        "make",
        "all",
    ]


def test_the_exit_code_stands_beside_the_status_where_it_has_no_column() -> None:
    assert row_text(run_row(FAILED, NARROW, NOW)).startswith("✗ failed 2 ")
    assert row_text(run_row(RUNNING, NARROW, NOW)).startswith("● running  ")


def test_a_known_failure_is_dim_and_says_so_and_a_cause_stands_in_its_column() -> None:
    cause = RunCause("3fa29c", "ERROR db at <ip> refused\x1b[2J", is_known=True)
    row = run_row(FAILED, WIDE, NOW, cause=cause)
    assert row_text(row).startswith("✗ known")
    assert styles(row) == {"dim"}
    columns = list_columns(80, chosen=frozenset({"status", "cause"}))
    new = run_row(FAILED, columns, NOW, cause=replace(cause, is_known=False))
    assert "ERROR db at <ip> refused␛[2J" in row_text(new)
    assert "failed" in styles(new)
    assert "cause" in {column.name for column in list_columns(56, 16, frozenset(COLUMN_LETTERS))}


def test_the_sign_of_a_known_failure_is_dim_in_the_list_of_runners() -> None:
    runner, new = Runner(id="r", name="Backup"), replace(FAILED, id="1")
    row = runner_row(runner, [FAILED, new], 0, NOW, 30, LEVELS, is_known=lambda run: run is FAILED)
    assert [piece.style for piece in row if piece.text == "✗"] == ["dim", "failed", "dim"]


def test_a_run_whose_stop_is_requested_says_so_and_a_stale_one_is_dim() -> None:
    assert row_text(run_row(RUNNING, WIDE, NOW, is_stopping=True)).startswith("● stopping")
    assert styles(run_row(RUNNING, WIDE, NOW, is_stale=True)) == {"dim"}
    assert "failed" in styles(run_row(FAILED, WIDE, NOW))


def test_every_column_is_as_wide_as_its_heading_whatever_is_in_it() -> None:
    columns = list_columns(200, 12, frozenset(COLUMN_LETTERS))
    hostile = replace(
        FAILED,
        status="fai\x1bled" * 5,
        command="漢" * 200,
        entrypoint="\u202e" * 9,
        exit_code=-(10**9),
    )
    for run in (FAILED, RUNNING, hostile, Run(id="", runner_id="", status="")):
        row = run_row(run, columns, NOW, runner_name="wörker " * 9)
        assert row_width(row) == sum(column.width + GAP for column in columns) - GAP
        assert not set(row_text(row)) & {"\x1b", "\u202e"}


@pytest.mark.parametrize("later", [1, 10, 55, 65, 3600, 90_000])
@pytest.mark.parametrize(
    "run",
    [
        FAILED,
        RUNNING,
        replace(FAILED.record, completed_at=None).run,
        replace(RUNNING.record, status="pending", started_at=None).run,
        replace(FAILED.record, created_at=None, started_at=None).run,
    ],
)
def test_a_row_that_time_does_not_change_is_equal_at_another_time(run: Run, later: int) -> None:
    then = NOW + timedelta(seconds=later)
    for columns in (WIDE, NARROW, list_columns(200, 12, frozenset(COLUMN_LETTERS))):
        if run_row(run, columns, NOW) != run_row(run, columns, then):
            assert changes_with_time(run, columns, NOW, then)
    assert not changes_with_time(FAILED, WIDE, NOW, NOW + timedelta(seconds=10))


def test_a_runner_shows_its_last_status_and_a_sparkline() -> None:
    runs = [FAILED, replace(FAILED, status="succeeded", exit_code=0)]
    row = runner_row(Runner(id="r", name="Backup"), runs, 0, NOW, 24, LEVELS)
    assert row_width(row) == 24
    assert row_text(row).startswith("✗ Backup ")
    assert row_text(row)[-3:-1] == f"{LEVELS[-1]}✗"


@pytest.mark.parametrize(
    ("runner", "active", "text"),
    [
        (Runner(id="r", name="Backup"), 0, "– Backup"),
        (Runner(id="", name="All runners"), 0, "  All runners"),
        (Runner(id="", name="All runners"), 12, "  All runners        12"),
    ],
)
def test_without_runs_there_is_only_what_is_known(runner: Runner, active: int, text: str) -> None:
    row = runner_row(runner, (), active, NOW, 24, LEVELS)
    assert row_text(row).rstrip() == text
    assert row_width(row) == 24


def test_a_wide_row_ends_where_an_eye_finds_it_but_for_a_long_name() -> None:
    for name, columns in (("Backup", EASY_WIDTH), ("Backup " * 12, 7 * 12 + 10)):
        row = runner_row(Runner(id="r", name=name), [FAILED] * 9, 1, NOW, 200, LEVELS)
        text = row_text(row).rstrip()
        assert len(text) <= columns
        assert name.strip() in text
        assert text.endswith("✗✗")


def test_an_active_runner_shows_how_many_runs_it_has() -> None:
    runner = Runner(id="r", name="x" * 99)
    row = runner_row(runner, [RUNNING, FAILED], 3, NOW, 20, LEVELS)
    assert row_text(row) == f"● {'x' * 12}… 3 ✗ "
    # In a narrow list the results give way, not the name.
    assert row_text(runner_row(runner, [RUNNING, FAILED], 3, NOW, 18, LEVELS)).endswith("… 3 ")


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (24, "✗ Webhook delivery ✗✗✗✗ "),
        (21, "✗ Webhook delivery ✗ "),
        (19, "✗ Webhook delivery "),
        (18, "✗ Webhook del… ✗✗ "),
    ],
)
def test_the_oldest_results_give_way_to_a_name_that_is_whole_without_them(
    width: int, text: str
) -> None:
    row = runner_row(Runner(id="r", name="Webhook delivery"), [FAILED] * 9, 0, NOW, width, LEVELS)
    assert row_text(row) == text


def test_the_profiles_of_runners_are_below_each_other_whatever_runs() -> None:
    profile, runner = (StyledText("staging"),), Runner(id="r", name="Backup")
    rows = [
        runner_row(runner, runs, active, NOW, 40, LEVELS, profile=profile)
        for runs, active in (([], 0), ([RUNNING], 1), ([RUNNING] * 12, 12), ([FAILED] * 9, 0))
    ]
    assert {row_text(row).index("staging") for row in rows} == {40 - len("staging")}


def test_a_runner_that_is_overdue_shows_when_it_ran_last() -> None:
    created = [NOW - timedelta(hours=31 + 24 * number) for number in range(7)]
    rhythm = Rhythm.learn(created)
    runs = [replace(FAILED.record, created_at=at).run for at in created]
    assert rhythm is not None
    age = last_run_age(rhythm, NOW)
    row = runner_row(Runner(id="r", name="Backup"), runs, 0, NOW, 30, LEVELS, last_run_age=age)
    assert row_text(row) == "✗ Backup          ◷ 31h ✗✗✗✗✗ "
    assert in_ascii(row_text(row)) == "x Backup          @ 31h xxxxx "


@pytest.mark.parametrize(("running", "second"), [(0, 47), (3, 47), (4, 45), (10, 45), (11, 40)])
def test_the_more_runs_are_running_the_rarer_they_tick(running: int, second: int) -> None:
    visible = [*[RUNNING] * running, *[FAILED] * 20]
    assert tick_time(NOW, visible) == NOW.replace(second=second, microsecond=0)


def test_a_run_that_waits_does_not_tick() -> None:
    waiting = replace(RUNNING.record, status="pending", started_at=None).run
    assert tick_time(NOW, [waiting] * 50).second == 47


@pytest.mark.parametrize("runner_width", [0, 8, 24, 60])
def test_the_command_gives_way_first_and_the_runner_last(runner_width: int) -> None:
    shown = [
        {column.name for column in list_columns(width, runner_width)} for width in range(24, 200)
    ]
    first = {name: next(n for n, names in enumerate(shown) if name in names) for name in shown[-1]}
    del first["started"]  # An age replaces it.
    assert first["command"] == max(first.values())
    if runner_width:
        assert first["runner"] == 0
    for width in range(24, 200):
        columns = list_columns(width, runner_width)
        assert sum(column.width + GAP for column in columns) - GAP <= width


def test_an_age_replaces_the_start_time_before_a_command_is_cut_short() -> None:
    names, widths = zip(*((each.name, each.width) for each in list_columns(58)), strict=True)
    assert names == ("status", "age", "time", "exit", "command")
    assert widths[-1] >= len("python shop.py backup")
    assert list_columns(64)[1].name == "started", "where there is room for both"


def test_a_wide_list_shows_long_names_of_runners_whole() -> None:
    widths = {column.name: column.width for column in list_columns(180, 40)}
    assert widths["runner"] == 40


@pytest.mark.parametrize(
    ("code", "width", "text"),
    [
        (137, 180, "137 KILL"),
        (137, 80, "137"),
        (139, 24, "✗ failed 139"),
        (3221225477, 180, "…1225477"),
        (3221225477, 80, "…477"),
        (3221225477, 24, "✗ failed …477"),
    ],
)
def test_an_exit_code_is_never_cut_at_its_end(code: int, width: int, text: str) -> None:
    row = run_row(replace(FAILED, exit_code=code), list_columns(width), NOW)
    assert re.search(rf"(?:^|\s){re.escape(text)}(?:\s|$)", row_text(row))


def test_a_default_command_is_shown_dim_and_marked_where_the_runner_changed_since() -> None:
    run = replace(FAILED, command=None)
    runner = Runner(id="r", argv=("python3", "etl.py"), updated_at=NOW - timedelta(hours=1))
    row = run_row(run, WIDE, NOW, runner=runner)
    assert row_text(row).rstrip().endswith("  python3 etl.py")
    assert row[-1].style == "dim"
    changed = replace(runner, updated_at=NOW - timedelta(minutes=1))
    row = run_row(run, WIDE, NOW, runner=changed)
    assert row_text(row).rstrip().endswith("  now: python3 etl.py")
    assert row_text(run_row(FAILED, WIDE, NOW, runner=changed)).rstrip().endswith("sh -c make all")


def test_a_long_command_is_cut_in_the_middle() -> None:
    run = replace(FAILED, command="python3 -m etl.load --from 2026-01-01 --to 2026-01-15 --table x")
    text = row_text(run_row(run, WIDE, NOW)).rstrip()
    assert "  python3 -m" in text, "without the shell"
    assert text.endswith("--table x")


def test_a_duration_of_months_keeps_its_unit() -> None:
    run = replace(RUNNING.record, started_at=NOW - timedelta(days=120, hours=5)).run
    assert " 120d " in row_text(run_row(run, WIDE, NOW))
