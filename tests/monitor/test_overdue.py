"""What the monitor says of runners that did not run when due; the clock is set by the test."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nodion_tui.model.errors import NotReachable
from nodion_tui.model.listing import Listing
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor import account as account_module
from nodion_tui.monitor.insight.rhythm_book import RhythmBook
from nodion_tui.monitor.monitor import Monitor
from nodion_tui.monitor.polling import list_ages
from nodion_tui.monitor.storage.rhythm_memory import FILE_NAME, RhythmMemory
from tests.support.filled_monitor import filled_monitor

BEGIN = datetime(2026, 1, 15, 14, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


def nightly(count: int = 8, ago: float = 20) -> Listing[Run]:
    """Daily runs, the newest so many hours before the test begins."""
    return Listing(
        tuple(
            RunRecord(
                id=str(number),
                runner_id="r",
                status="succeeded",
                argv=("secret-word",),
                created_at=BEGIN - (ago + 24 * number) * HOUR,
            ).run
            for number in range(count)
        )
    )


class Clock:
    now = BEGIN

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    for module in (account_module, list_ages):
        monkeypatch.setattr(module, "utc_now", clock)
    return clock


@pytest.fixture
def monitor(clock: Clock) -> Monitor:
    monitor = filled_monitor("r")
    monitor.runs._utcnow = clock
    monitor.runs.apply_runs("r", nightly())
    return monitor


def test_nothing_becomes_overdue_while_nobody_answers(monitor: Monitor, clock: Clock) -> None:
    assert not monitor.due.runners()
    clock.now += 12 * HOUR  # Polling rested, or the machine slept.
    assert not monitor.due.runners()
    monitor.runs.list_failed("r", NotReachable("no route"))
    assert not monitor.due.runners()
    monitor.runs.apply_runs("r", nightly())
    assert list(monitor.due.runners()) == ["r"]
    assert [run.id for run in monitor.due.since(BEGIN)] == ["0"]
    assert not monitor.due.since(BEGIN + 11 * HOUR)
    clock.now += 12 * HOUR
    assert list(monitor.due.runners()) == ["r"]


def test_a_run_that_comes_ends_it(monitor: Monitor, clock: Clock) -> None:
    clock.now += 12 * HOUR
    monitor.runs.apply_runs("r", nightly())
    (last,) = monitor.due.last_runs()
    assert last.overdue_at == BEGIN + 10 * HOUR
    run = RunRecord(
        id="n", runner_id="r", status="pending", argv=("secret-word",), created_at=clock.now
    ).run
    monitor.runs.apply_run(run)
    assert not monitor.due.runners()
    (last,) = monitor.due.last_runs()
    assert (last.run, last.overdue_at) == (run, None)


async def test_what_was_learnt_lasts_over_a_restart(monitor: Monitor, tmp_path: Path) -> None:
    book = RhythmBook(monitor.runs, RhythmMemory(tmp_path))
    monitor.runs.apply_run(Run(id="active", runner_id="r", status="running"))
    assert len(book.rhythms("r")) == 1
    await book.save()
    other = RhythmMemory(tmp_path)
    other.save(["of another profile"], [])
    assert "secret" not in (tmp_path / FILE_NAME).read_text()

    restarted = filled_monitor("r")
    again = RhythmBook(restarted.runs, other)
    await again.load()
    assert again.were_running == {"r"}
    assert again.rhythms("r") == book.rhythms("r")
    restarted.runs.apply_runs("r", nightly(count=1))
    assert again.overdue("r", BEGIN + 12 * HOUR) == next(iter(book.rhythms("r").values()))


async def test_a_file_of_somebody_else_is_left_alone(monitor: Monitor, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text("mine")
    book = RhythmBook(monitor.runs, RhythmMemory(tmp_path))
    assert book.rhythms("r")
    await book.save()
    assert (tmp_path / FILE_NAME).read_text() == "mine"
