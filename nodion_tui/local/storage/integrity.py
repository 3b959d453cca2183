"""Finds damage in an open database of the engine, and rows that no engine has written."""

import sqlite3

from nodion_tui.local.storage import schema

QUICK_BYTES = 64 << 20
"""Up to this size a start verifies all pages (about 0.1 s); beyond, only those of the runs."""
_MAX_PROBLEMS = 20
_MAX_NUMBERS = 10


def page_problems(db: sqlite3.Connection) -> list[str]:
    """Verify all pages and indexes; returns what SQLite found, at most `_MAX_PROBLEMS`."""
    return _problems(db, f"PRAGMA integrity_check({_MAX_PROBLEMS})")


def start_problems(db: sqlite3.Connection) -> list[str]:
    """Verify as much as a start has time for."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    if pages * db.execute("PRAGMA page_size").fetchone()[0] <= QUICK_BYTES:
        return page_problems(db)
    return [
        problem
        for table in ("runs", "runners")
        for problem in _problems(db, f"PRAGMA integrity_check('{table}')")
    ]


def run_problem(db: sqlite3.Connection) -> str | None:
    """Say which rows of runs are invalid; None if none is."""
    numbers = schema.invalid_runs(db)
    if not numbers:
        return None
    shown = ", ".join(str(number) for number in numbers[:_MAX_NUMBERS])
    more = f" and {len(numbers) - _MAX_NUMBERS} more" if len(numbers) > _MAX_NUMBERS else ""
    return f"{len(numbers):,} damaged rows of runs are left out: number {shown}{more}"


def log_problems(db: sqlite3.Connection) -> list[str]:
    """Verify the lines of all logs; returns one problem per damaged log."""
    problems: dict[object, str] = {}
    for run, *block in db.execute("SELECT run, first, count, at, bodies FROM blocks"):
        if not schema.is_block(*block):
            problems.setdefault(run, f"the log of run {run} is damaged at line {block[0]}")
    return list(problems.values())


def _problems(db: sqlite3.Connection, statement: str) -> list[str]:
    return [str(row[0]) for row in db.execute(statement) if row[0] != "ok"]
