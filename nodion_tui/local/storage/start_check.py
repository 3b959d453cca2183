"""Examines a database before an engine uses it: damage prevents the start, losses are told."""

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from nodion_tui.local.payloads import now_ms
from nodion_tui.local.storage import integrity, schema
from nodion_tui.local.storage.write_ahead_log import WriteAheadLog, keep_copy

CLOCK_TOLERANCE_MS = 60_000
"""How far a run may be in the future until that is told; clocks are corrected by seconds."""


def inspect_at_start(path: Path) -> list[str]:
    """Bring a database to this version and verify it; returns what was lost, for the user.

    Raises:
        sqlite3.Error: it is damaged or cannot be used.
        ValueError: it was written by a newer version, or by another program.
    """
    log = WriteAheadLog.read(path)
    with contextlib.closing(schema.connect(path)) as db:
        lost_commits = log.lost_commits(db)
        # SQLite writes over it from now on.
        kept = keep_copy(path) if lost_commits else ""
        schema.prepare(db)
        if problems := integrity.start_problems(db):
            raise sqlite3.DatabaseError(problems[0])
        findings = [integrity.run_problem(db), _clock_problem(db)]
        if schema.is_open(db) and not log.exists:
            findings.append(
                "its log (-wal) is missing since its last engine died: unless another program has"
                " written it back, the last changes are lost"
            )
        if lost_commits:
            findings.append(
                f"its log (-wal) was damaged: {lost_commits:,} changes are lost; {kept}"
            )
    return [finding for finding in findings if finding]


def _clock_problem(db: sqlite3.Connection) -> str | None:
    latest = schema.latest_created_at(db)
    if latest <= now_ms() + CLOCK_TOLERANCE_MS:
        return None
    at = datetime.fromtimestamp(latest / 1000, UTC).isoformat(timespec="seconds")
    return f"its newest run is from {at}, which is in the future: check the clock of this machine"
