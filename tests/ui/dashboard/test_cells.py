"""The cells of runs and runners, without a list around them."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.ui.dashboard.columns import COLUMN_LETTERS, GAP, list_columns
from nodion_tui.ui.dashboard.run_cells import run_row
from nodion_tui.ui.dashboard.run_list import tick_time
from nodion_tui.ui.dashboard.runner_cells import LEVELS, runner_row
from nodion_tui.ui.paint.styled_row import StyledRow, row_text, row_width

NOW = datetime(2026, 1, 15, 12, 0, 47, 500_000, UTC)
FAILED = Run(
    id="0a1b2c3d-0000-4000-8000-000000000000",
    runner_id="r",
    status="failed",
    command="make all",
    exit_code=2,
    created_at=NOW - timedelta(minutes=10),
    started_at=NOW - timedelta(minutes=9),
    completed_at=NOW - timedelta(minutes=4),
)
RUNNING = replace(FAILED, status="running", exit_code=None, completed_at=None)
WIDE, NARROW = list_columns(80), list_columns(32)


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


def test_an_active_runner_shows_how_many_runs_it_has() -> None:
    row = runner_row(Runner(id="r", name="x" * 99), [FAILED, RUNNING], 3, NOW, 20, LEVELS)
    assert row_text(row) == f"● {'x' * 14}… 3 "


@pytest.mark.parametrize(("running", "second"), [(0, 47), (3, 47), (4, 45), (10, 45), (11, 40)])
def test_the_more_runs_are_running_the_rarer_they_tick(running: int, second: int) -> None:
    visible = [*[RUNNING] * running, *[FAILED] * 20]
    assert tick_time(NOW, visible) == NOW.replace(second=second, microsecond=0)


def test_a_run_that_waits_does_not_tick() -> None:
    waiting = replace(RUNNING, status="pending", started_at=None)
    assert tick_time(NOW, [waiting] * 50).second == 47
