"""The file of acknowledged causes, and when a failure is covered by one."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.storage import known_failures as module
from nodion_tui.monitor.storage.known_failures import (
    FILE_NAME,
    KnownFailure,
    KnownFailureFile,
    Lasting,
    RunnerSuccess,
)
from nodion_tui.monitor.storage.toml_file import HEADER

AT = datetime(2026, 1, 15, 14, tzinfo=UTC)
DAY = timedelta(days=1)
REFUSED = KnownFailure(profile="p", exit_code=4, shapes=("ERROR refused",), at=AT, note="T-7")
KILLED = KnownFailure(profile="p", exit_code=137, runner="r-1", at=AT, lasts=Lasting.FOREVER)
TIMED_OUT = KnownFailure(profile="p", runner="r-1", at=AT, lasts=Lasting.WEEK)


def failure(days: float, runner: str = "r-1") -> Run:
    """A run that failed some days after the acknowledgement."""
    return RunRecord(id="1", runner_id=runner, status="failed", completed_at=AT + days * DAY).run


@pytest.fixture
def file(tmp_path: Path) -> KnownFailureFile:
    return KnownFailureFile(tmp_path)


def test_causes_are_stored_replaced_and_withdrawn(file: KnownFailureFile) -> None:
    for known in (REFUSED, KILLED, TIMED_OUT):
        assert file.save(known) == ""
    assert file.load().entries == (REFUSED, KILLED, TIMED_OUT)
    again = KnownFailure(profile="p", exit_code=4, shapes=REFUSED.shapes, at=AT + DAY)
    elsewhere = KnownFailure(profile="q", exit_code=4, shapes=REFUSED.shapes, at=AT)
    before = file.version()
    file.save(again)
    file.save(elsewhere)
    assert file.version() != before
    assert file.load().entries == (KILLED, TIMED_OUT, again, elsewhere)
    file.remove(again)
    file.remove(again)
    assert file.load().entries == (KILLED, TIMED_OUT, elsewhere)


def test_two_programs_keep_what_the_other_has_added(tmp_path: Path) -> None:
    one, two = KnownFailureFile(tmp_path), KnownFailureFile(tmp_path)
    one.save(REFUSED)
    two.save(KILLED)
    one.add_successes(REFUSED, [RunnerSuccess("r-1", AT + DAY)])
    two.add_successes(REFUSED, [RunnerSuccess("r-1", AT + 2 * DAY), RunnerSuccess("r-2", AT)])
    refused = two.load().entries[0]
    assert refused.succeeded == (RunnerSuccess("r-1", AT + DAY), RunnerSuccess("r-2", AT))
    two.save(REFUSED)
    one.add_successes(KnownFailure(profile="p", at=AT), [RunnerSuccess("r-1", AT)])
    assert one.load().entries == (KILLED, REFUSED)


def test_the_oldest_causes_are_dropped_first(
    file: KnownFailureFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_KNOWN", 2)
    for code in range(4):
        file.save(KnownFailure(profile="p", exit_code=code, runner="r", at=AT))
    assert [known.exit_code for known in file.load().entries] == [2, 3]


def test_what_cannot_be_read_is_told_and_kept(tmp_path: Path, file: KnownFailureFile) -> None:
    assert file.version() is None
    naive = '[[causes]]\nprofile = "p"\nat = 2026-01-15T14:00:00\n'
    (tmp_path / FILE_NAME).write_bytes(HEADER + f"{naive}[[causes]]\nat = 3\n".encode())
    assert file.load().entries == ()
    assert "1 unreadable entry" in file.load().notice
    file.save(REFUSED)
    assert (tmp_path / FILE_NAME).read_text().count("[[causes]]") == 3
    (tmp_path / FILE_NAME).write_bytes(HEADER + b"causes = [[[")
    assert "renamed to" in file.load().notice
    (tmp_path / FILE_NAME).write_text("mine = true\n")
    assert "did not write it" in file.load().notice
    with pytest.raises(OSError, match="did not write it"):
        file.save(REFUSED)
    assert (tmp_path / FILE_NAME).read_text() == "mine = true\n"


def test_a_failure_is_covered_until_the_next_success_of_its_runner() -> None:
    assert REFUSED.covers(failure(-3), AT + DAY)
    assert REFUSED.covers(failure(0.5), AT + DAY)
    assert not REFUSED.covers(failure(1.5), AT + DAY)
    assert REFUSED.covers(failure(1.5), None)
    ended = KnownFailure(profile="p", at=AT, succeeded=(RunnerSuccess("r-1", AT + DAY),))
    assert not ended.covers(failure(1.5), None)
    assert not ended.covers(failure(1.5), AT + 2 * DAY)
    assert ended.covers(failure(1.5, runner="r-2"), None)


def test_a_failure_is_covered_for_a_week_or_for_good() -> None:
    assert TIMED_OUT.covers(failure(6.9), AT + DAY)
    assert not TIMED_OUT.covers(failure(7), None)
    assert KILLED.covers(failure(700), AT + DAY)
    assert TIMED_OUT.covers(Run(id="1", status="failed"), None)
