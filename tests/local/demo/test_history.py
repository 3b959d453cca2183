"""The history of the demo: what is special in it, and that it can be repeated."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise
from statistics import median

import pytest

from nodion_tui.local.demo.history import SIMULATED, demo_history
from nodion_tui.local.demo.shop_runners import SHOP_RUNNERS, demo_shop_runners
from nodion_tui.local.storage.run_row import FinishedRun

HOUR = 3_600_000
NOW = int(datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC).timestamp() * 1000)
MIDNIGHT = int(datetime(2026, 3, 29, 0, 0, 1, tzinfo=UTC).timestamp() * 1000)
moments = pytest.mark.parametrize("now", [NOW, NOW + HOUR // 2, MIDNIGHT])


def by_runner(now: int) -> dict[str, list[FinishedRun]]:
    """Runs by the name of their runner, newest first."""
    names = {runner.spec.api_id: runner.name for runner in SHOP_RUNNERS}
    runs = defaultdict(list)
    for run in reversed(list(demo_history(now))):
        runs[names[run.row.runner_id]].append(run)
    return runs


def text(run: FinishedRun) -> str:
    return b"\n".join(block.bodies for block in run.blocks).decode()


def durations(runs: Sequence[FinishedRun]) -> list[int]:
    return [(run.row.completed_at or 0) - (run.row.started_at or 0) for run in runs]


@moments
def test_all_runs_have_ended_in_order_and_say_that_they_are_simulated(now: int) -> None:
    runs = list(demo_history(now))
    assert 550 < len(runs) < 700
    assert len({run.row.id for run in runs}) == len(runs)
    assert all(old.row.number < new.row.number for old, new in pairwise(runs))
    assert all(old.row.created_at < new.row.created_at for old, new in pairwise(runs))
    for row, blocks in runs:
        assert now - 7.1 * 24 * HOUR < row.created_at <= (row.started_at or 0)
        assert (row.started_at or 0) < (row.completed_at or 0) < now
        assert blocks[0].bodies.decode().startswith(SIMULATED)
        assert all(a.last + 1 == b.first and a.read_at <= b.read_at for a, b in pairwise(blocks))


@moments
def test_it_has_something_to_find(now: int) -> None:
    runs = by_runner(now)
    assert runs.keys() == {runner.name for runner in SHOP_RUNNERS}
    hourly = [run.row.created_at for run in runs["Search reindex"]]
    assert now - hourly[0] > 9 * HOUR, "overdue"
    assert max(new - old for new, old in pairwise(hourly)) < 1.1 * HOUR
    failures = [run for run in runs["Image resize"] if run.row.status == "failed"]
    causes = {(run.row.exit_code, text(run).splitlines()[-1]) for run in failures}
    assert len(causes) == 2
    assert {code for code, _ in causes} == {1, 75}
    slow, *usual = durations(runs["Invoice export"])
    assert slow > 2 * median(usual)
    etl = text(runs["Nightly ETL"][0])
    assert etl.count("\n") > 6000
    assert '{"level":"info"' in etl
    assert "\x1b[32m" in text(runs["Test suite"][0])


def test_it_depends_on_the_moment_alone() -> None:
    assert list(demo_history(NOW)) == list(demo_history(NOW))


def test_its_runners_keep_the_limits() -> None:
    assert [runner.problems() for runner in demo_shop_runners()] == [{}] * len(SHOP_RUNNERS)
