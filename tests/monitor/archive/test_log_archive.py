"""Finished logs on disk: kept once, whole, private, within limits, and by proof."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from nodion_tui.config import Profile
from nodion_tui.config.archive_limits import ArchiveLimits
from nodion_tui.model.run import Run, RunRecord
from nodion_tui.monitor.archive.archive_file import APPLICATION_ID, ArchiveFault, opened
from nodion_tui.monitor.archive.log_archive import LogArchive
from nodion_tui.monitor.log.buffer import EntryKind, LogBuffer
from nodion_tui.monitor.log.finished_log import FinishedLog
from tests.support.loglines import log_lines

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PROFILE = Profile(
    name="test", api_url="http://127.0.0.1:1/v1", archive=ArchiveLimits(2**30, timedelta(days=90))
)


def ended(number: int, age: timedelta = timedelta(hours=1)) -> Run:
    return RunRecord(id=f"run-{number}", runner_id="r", status="failed", completed_at=NOW - age).run


def finished(run: Run, bodies: Sequence[str]) -> FinishedLog:
    buffer = LogBuffer()
    buffer.extend(log_lines(bodies))
    return FinishedLog.of(run, buffer)


def put(archive: LogArchive, log: FinishedLog) -> bool:
    return archive.put(log, runner="Job", last_lines=["boom"], now=NOW)


def bodies_of(log: FinishedLog | None) -> list[str]:
    assert log is not None
    buffer = LogBuffer()
    buffer.adopt(log.segments, log.last_id)
    return [entry.body for entry in buffer.entries(0, buffer.end)]


def test_a_log_comes_back_as_it_was_with_times_and_without_markers(tmp_path: Path) -> None:
    bodies = ["plain", "", "two\nlines", "\x1b[31mred\x1b[0m ünï\r", "\ud800 lone", "x" * 3_000_000]
    buffer = LogBuffer()
    for number, body in enumerate(bodies):
        buffer.extend(log_lines([body], first=number))
        buffer.append_marker(EntryKind.LOST, "reconnecting")
    times = [entry.created_at for entry in buffer.entries(0, buffer.end) if entry.kind == "line"]
    archive = LogArchive(tmp_path, PROFILE)
    log = FinishedLog.of(ended(1), buffer)
    assert put(archive, log)
    assert not put(archive, log)  # once
    read = archive.read(log.run.key)
    assert read is not None
    copy = LogBuffer()
    copy.adopt(read.segments, read.last_id)
    entries = copy.entries(0, copy.end)
    assert [entry.body for entry in entries] == bodies
    assert [entry.created_at for entry in entries] == times
    assert (read.run, copy.last_id, copy.lines) == (log.run, buffer.last_id, len(bodies))
    assert (copy.started_at, copy.newest_at) == (times[0], times[-1])
    assert list(archive.verify()) == []


def test_the_files_are_private_for_any_umask(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    before = os.umask(0)
    try:
        archive = LogArchive(folder, PROFILE)
        put(archive, finished(ended(1), ["a"]))
        held = sqlite3.connect(archive.path)  # keeps the side files
        held.execute("SELECT * FROM log").fetchall()
        put(archive, finished(ended(2), ["b"]))
        modes = {path.name: path.stat().st_mode & 0o777 for path in folder.iterdir()}
        held.close()
    finally:
        os.umask(before)
    assert len(modes) == 3
    assert set(modes.values()) == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_archive_that_cannot_be_written_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    put(archive, finished(ended(1), ["a"]))
    # As in a folder that is not writable, which root cannot have without mounting one.
    monkeypatch.setattr(os, "access", lambda *_: False)
    with opened(archive.path) as db:
        db.execute("SELECT * FROM log").fetchall()
        assert [path.name for path in tmp_path.iterdir()] == [archive.path.name]
    assert bodies_of(archive.read(ended(1).key)) == ["a"]


def test_the_oldest_go_first_by_size_and_by_age(tmp_path: Path) -> None:
    noise = [os.urandom(500).hex() for _ in range(1000)]
    limits = ArchiveLimits(1_300_000, timedelta(days=2))
    archive = LogArchive(tmp_path, Profile(api_url=PROFILE.api_url, archive=limits))
    assert put(archive, finished(ended(1, timedelta(hours=3)), noise))
    assert put(archive, finished(ended(2, timedelta(hours=2)), noise))
    assert put(archive, finished(ended(3, timedelta(hours=1)), noise))
    assert [log.run.id for log in archive.logs()] == ["run-3", "run-2"]
    assert not put(archive, finished(ended(4, timedelta(hours=4)), noise))  # would go at once
    assert not put(archive, finished(ended(5, timedelta(days=3)), ["old"]))
    size = archive.path.stat().st_size
    archive.trim(NOW + timedelta(days=1, hours=22, minutes=30))
    assert [log.run.id for log in archive.logs()] == ["run-3"]
    assert archive.path.stat().st_size < size * 0.7


def test_profiles_share_the_file_and_see_their_own(tmp_path: Path) -> None:
    ours = LogArchive(tmp_path, PROFILE)
    other = LogArchive(
        tmp_path, Profile(api_url=PROFILE.api_url, project="p", archive=PROFILE.archive)
    )
    put(ours, finished(ended(1), ["ours"]))
    put(other, finished(ended(1), ["theirs"]))
    assert bodies_of(ours.read(ended(1).key)) == ["ours"]
    assert bodies_of(other.read(ended(1).key)) == ["theirs"]
    assert ours.purge() == 1
    assert ours.read(ended(1).key) is None
    assert bodies_of(other.read(ended(1).key)) == ["theirs"]


def test_a_file_of_somebody_else_a_newer_and_a_damaged_one_stay_as_they_are(tmp_path: Path) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    log = finished(ended(1), [f"line {n}" for n in range(2000)])

    def fails_and_stays(reason: str) -> None:
        content = archive.path.read_bytes()
        for act in (lambda: put(archive, log), archive.logs, archive.purge):
            with pytest.raises(ArchiveFault, match=reason):
                act()
        assert archive.path.read_bytes() == content
        archive.path.unlink()

    archive.path.write_text("my notes")
    fails_and_stays("not an archive of nodion-tui")
    with sqlite3.connect(archive.path) as db:
        db.execute("CREATE TABLE mine (x)")
    db.close()
    fails_and_stays("not an archive of nodion-tui")
    put(archive, log)
    db = sqlite3.connect(archive.path)
    db.execute("PRAGMA user_version = 2")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    fails_and_stays("newer version")
    put(archive, log)
    content = bytearray(archive.path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    archive.path.write_bytes(content)
    fails_and_stays("damaged")
    archive.path.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ArchiveFault, match="a symbolic link"):
        put(archive, log)
    assert not (tmp_path / "elsewhere").exists()


def test_one_damaged_log_is_found_and_costs_no_other(tmp_path: Path) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    for number in (1, 2):
        put(archive, finished(ended(number), [f"line {n}" for n in range(2000)]))
    db = sqlite3.connect(archive.path)
    db.execute("UPDATE block SET text = zeroblob(10) WHERE log = 1")
    db.commit()
    db.close()
    assert ["run-1" in problem for problem in archive.verify()] == [True]
    with pytest.raises(ArchiveFault, match="damaged"):
        archive.read(ended(1).key)
    assert len(bodies_of(archive.read(ended(2).key))) == 2000


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE log SET runner = CAST(x'4aff6f' AS TEXT)",
        "UPDATE log SET run = 5",
        "UPDATE log SET ended_at = 'soon', stored_bytes = 'much'",
        "UPDATE log SET ended_at = 9000000000000000000, stored_bytes = 0.5",
        "ALTER TABLE log RENAME COLUMN stored_bytes TO stored",
        "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = CAST(x'435245ff' AS TEXT)",
    ],
)
def test_a_damaged_value_is_told_as_damage_without_what_the_file_says(
    tmp_path: Path, damage: str
) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    put(archive, finished(ended(1), ["a line"]))
    db = sqlite3.connect(archive.path)
    db.executescript(damage)
    db.close()
    for act in (archive.logs, lambda: list(archive.verify())):
        with pytest.raises(ArchiveFault) as fault:
            act()
        assert str(fault.value).endswith(
            "damaged; it is left unchanged: move it away to start with a new one"
        )


@pytest.mark.parametrize("damage", ["lines = 9", "first = 7", "after_id = 'x'", "times = 'text'"])
def test_a_block_whose_numbers_are_damaged_is_not_read(tmp_path: Path, damage: str) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    put(archive, finished(ended(1), ["a line"]))
    db = sqlite3.connect(archive.path)
    db.execute(f"UPDATE block SET {damage}")  # noqa: S608
    db.commit()
    db.close()
    with pytest.raises(ArchiveFault, match="is damaged or gone"):
        archive.read(ended(1).key)
    assert ["run-1" in problem for problem in archive.verify()] == [True]


def test_a_kill_while_it_writes_loses_the_log_being_written_alone(tmp_path: Path) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    put(archive, finished(ended(1), ["kept"]))
    program = textwrap.dedent(f"""
        import sqlite3, sys
        from pathlib import Path
        from tests.monitor.archive import test_log_archive as here
        from nodion_tui.monitor.archive import log_archive
        archive = log_archive.LogArchive(Path({str(tmp_path)!r}), here.PROFILE)
        here.put(archive, here.finished(here.ended(2), ["kept too"]))
        insert = archive._insert
        def insert_and_wait(db, values, blocks):
            number = insert(db, values, blocks)
            db.execute("PRAGMA cache_spill = 1")
            print("written", flush=True)
            sys.stdin.read()
            return number
        archive._insert = insert_and_wait
        noise = [here.os.urandom(5000).hex() for _ in range(600)]
        here.put(archive, here.finished(here.ended(3), noise))
    """)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"written\n"
        assert bodies_of(archive.read(ended(2).key)) == ["kept too"]  # meanwhile
        writer.send_signal(signal.SIGKILL)
    assert [log.run.id for log in archive.logs()] == ["run-2", "run-1"]
    assert list(archive.verify()) == []
    assert put(archive, finished(ended(3), ["again"]))
    assert bodies_of(archive.read(ended(3).key)) == ["again"]


def test_opening_decompresses_the_visible_blocks_alone(tmp_path: Path) -> None:
    archive = LogArchive(tmp_path, PROFILE)
    put(archive, finished(ended(1), [f"line {n} {'x' * 90}" for n in range(100_000)]))
    read = archive.read(ended(1).key)
    assert read is not None
    assert len(read.segments) > 5
    buffer = LogBuffer()
    buffer.adopt(read.segments, read.last_id)
    assert buffer.entry(buffer.end - 1).body.startswith("line 99999 ")
    assert buffer.entry(buffer.end - 50).body.startswith("line 99950 ")
    assert [segment.known_ends is not None for segment in read.segments].count(True) == 1


def test_a_new_file_has_its_mark_from_the_first_moment(tmp_path: Path) -> None:
    marks: set[bytes] = set()
    is_made = threading.Event()

    def look(path: Path) -> None:
        while not is_made.is_set():
            with contextlib.suppress(FileNotFoundError):
                marks.add(path.read_bytes()[68:72])

    for number in range(10):
        path = tmp_path / str(number) / "archive.sqlite3"
        is_made.clear()
        looking = threading.Thread(target=look, args=(path,))
        looking.start()
        with opened(path, writes=True):
            is_made.set()
        looking.join()
        assert [each.name for each in path.parent.iterdir()] == [path.name]
    assert marks <= {APPLICATION_ID.to_bytes(4, "big")}


OPENS_AND_CLOSES = """
import sys
from pathlib import Path
from nodion_tui.monitor.archive.archive_file import opened
with opened(Path(sys.argv[1]), writes=True) as db:
    db.execute("SELECT count(*) FROM log").fetchone()
"""


def test_a_second_reader_leaves_the_side_files_of_the_first_to_no_other_program(
    tmp_path: Path,
) -> None:
    path = tmp_path / "archive.sqlite3"
    with opened(path, writes=True) as db:
        db.execute("INSERT INTO block VALUES (1, 1, 1, 1, 1, NULL, 1, 1, '', '', '', '')")
        with opened(path):
            pass
        subprocess.run([sys.executable, "-c", OPENS_AND_CLOSES, str(path)], check=True)
        assert path.with_name(f"{path.name}-wal").exists()
    assert not path.with_name(f"{path.name}-wal").exists()
