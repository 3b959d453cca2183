import json
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nodion_tui.model.log_line import LogLine
from nodion_tui.model.run import Run
from nodion_tui.model.runner import Runner
from nodion_tui.monitor.log.buffer import LogBuffer
from nodion_tui.monitor.log.evidence import Evidence
from nodion_tui.monitor.log.plain_text import TextFormat
from nodion_tui.monitor.log.save import (
    evidence_folder_name,
    safe_file_name,
    save_evidence,
    save_log,
)
from nodion_tui.monitor.log.state import LogState
from nodion_tui.monitor.log.timestamps import PackedTimes

EVIDENCE = Evidence(
    run=Run(id="e5f6a7b8-c9d0", status="succeeded", runner_id="a1b2c3d4-e5f6"),
    taken_at=datetime(2026, 1, 15, 14, 4, 49, tzinfo=UTC),
    log=LogState(lines=2, complete=True),
    runner=Runner(id="a1b2c3d4-e5f6", name="../Database / Backup"),
)


def sample() -> LogBuffer:
    buffer = LogBuffer()
    buffer.extend([LogLine("a", "one"), LogLine("b", "\x1b[1mtwo")])
    return buffer


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_log_is_saved_for_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = save_log(tmp_path / "new" / "run.log", sample().snapshot(), TextFormat.RAW)
    finally:
        os.umask(before)
    assert path.read_bytes() == b"one\n\x1b[1mtwo\n"
    assert mode(path) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_existing_files_are_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "run.log"
    path.write_text("mine")
    (tmp_path / "run-2.log").symlink_to(tmp_path / "elsewhere")
    saved = save_log(path, sample().snapshot())
    assert saved == tmp_path / "run-3.log"
    assert saved.read_text() == "one\ntwo\n"
    assert path.read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_a_failure_leaves_no_partial_file(tmp_path: Path) -> None:
    broken = sample().snapshot()[0]
    broken._times = PackedTimes([])
    with pytest.raises(IndexError):
        save_log(tmp_path / "run.log", [broken], TextFormat.TIMED)
    with pytest.raises(IndexError):
        save_evidence(tmp_path, EVIDENCE, [broken])
    assert list(tmp_path.iterdir()) == []


def test_the_evidence_is_saved_as_a_folder(tmp_path: Path) -> None:
    first = save_evidence(tmp_path, EVIDENCE, sample().snapshot())
    second = save_evidence(tmp_path, EVIDENCE, sample().snapshot())
    assert first.name == "nodion-database-backup-e5f6a7b8-20260115T140449Z"
    assert second.name == f"{first.name}-2"
    assert mode(first) == 0o700
    assert {path.name: mode(path) for path in first.iterdir()} == {
        "log.txt": 0o600,
        "run.json": 0o600,
        "summary.md": 0o600,
    }
    assert json.loads((first / "run.json").read_text())["status"] == "succeeded"
    assert "succeeded" in (first / "summary.md").read_text()
    assert (first / "log.txt").read_text().endswith(" two\n")


def test_an_external_name_cannot_leave_the_folder() -> None:
    assert "/" not in evidence_folder_name(EVIDENCE)
    assert safe_file_name("../..") == "run"
    assert safe_file_name("a/b\0c") == "a-b-c"
    assert len(safe_file_name("x" * 500)) == 40
