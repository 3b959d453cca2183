"""Database schema, and the SQL statements on it."""

import sqlite3
import uuid
from pathlib import Path
from typing import Any

import msgspec

from nodion_tui.local import payloads
from nodion_tui.local.storage.run_row import RunRow
from nodion_tui.model.trigger import TriggerRequest

SCHEMA_VERSION = 1
_RUN_COLUMNS = (
    "number, id, runner_id, status, exit_code, command, argv, entrypoint, env, prefix,"
    " created_at, started_at, completed_at, updated_at"
)
_TABLES = """
CREATE TABLE runners (
    id TEXT PRIMARY KEY, definition BLOB NOT NULL,
    created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE runs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, runner_id TEXT NOT NULL,
    status TEXT NOT NULL, exit_code INTEGER, command TEXT, argv BLOB NOT NULL, entrypoint TEXT,
    env BLOB, prefix TEXT NOT NULL, created_at INTEGER NOT NULL, started_at INTEGER,
    completed_at INTEGER, updated_at INTEGER NOT NULL
);
CREATE INDEX runs_of_runner ON runs (runner_id, number);
CREATE INDEX runs_unfinished ON runs (number) WHERE status IN ('pending', 'running');
CREATE TABLE blocks (
    run INTEGER NOT NULL, first INTEGER NOT NULL, count INTEGER NOT NULL, at INTEGER NOT NULL,
    public INTEGER NOT NULL, bodies BLOB NOT NULL, PRIMARY KEY (run, first)
);
"""
# max(): a clock that was set back must not make a run end before it started.
_END = (
    "completed_at=max(:at, coalesce(started_at, created_at)), updated_at=max(:at, updated_at),"
    " env=NULL WHERE number=:run AND status IN ('pending', 'running')"
)


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a connection that one thread at a time may use."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=30)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_size_limit=67108864")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection


def create_tables(connection: sqlite3.Connection) -> None:
    """Create the tables of a new database.

    Raises:
        ValueError: it was written by a newer version, or by another program.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > SCHEMA_VERSION:
        raise ValueError("the data folder was written by a newer version of nodion-tui")
    if version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise ValueError("not a database of the engine; move it away")
        connection.executescript(f"BEGIN;{_TABLES}PRAGMA user_version={SCHEMA_VERSION};COMMIT;")
        # So that the file itself can be identified, even if the engine is killed.
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def folder_number(db: sqlite3.Connection) -> int:
    """Return the number of the data folder that the database was last used in; 0: unknown."""
    number: int = db.execute("PRAGMA application_id").fetchone()[0]
    return number


def set_folder_number(db: sqlite3.Connection, number: int) -> None:
    """Store the number of the data folder, for comparison with that of the folder's mark."""
    db.execute(f"PRAGMA application_id={number:d}")


def insert_run(db: sqlite3.Connection, runner_id: str, request: TriggerRequest, at: int) -> RunRow:
    """Insert a pending run."""
    env = {variable.env_key: variable.env_val for variable in request.env_variables}
    values = {
        "id": str(uuid.uuid4()),
        "runner_id": runner_id,
        "command": request.command,
        "argv": msgspec.json.encode(request.argv or ()),
        "entrypoint": request.entrypoint,
        "env": msgspec.json.encode(env),
        "prefix": payloads.new_line_id_prefix(),
        "at": at,
    }
    cursor = db.execute(
        "INSERT INTO runs (id, runner_id, status, command, argv, entrypoint, env, prefix,"
        " created_at, updated_at) VALUES (:id, :runner_id, 'pending', :command, :argv,"
        " :entrypoint, :env, :prefix, :at, :at)",
        values,
    )
    return _select_runs(db, "number=?", cursor.lastrowid)[0]


def start_run(db: sqlite3.Connection, run: int, at: int) -> bool:
    """Change a run from pending to running; deletes its environment overrides."""
    statement = (
        "UPDATE runs SET status='running', started_at=max(:at, created_at),"
        " updated_at=max(:at, created_at), env=NULL WHERE number=:run AND status='pending'"
    )
    return db.execute(statement, {"run": run, "at": at}).rowcount == 1


def cancel_run(db: sqlite3.Connection, run: int, at: int) -> None:
    """Change a run to canceled from any status that is not final."""
    statement = f"UPDATE runs SET status='canceled', {_END}"  # noqa: S608 our own constant
    db.execute(statement, {"run": run, "at": at})


def finish_run(
    db: sqlite3.Connection, run: int, status: str, exit_code: int | None, at: int
) -> None:
    """Change a run to succeeded or failed from any status that is not final."""
    statement = f"UPDATE runs SET status=:status, exit_code=:code, {_END}"  # noqa: S608 as above
    db.execute(statement, {"status": status, "code": exit_code, "run": run, "at": at})


def find_run(db: sqlite3.Connection, runner_id: str, run_id: str) -> RunRow | None:
    """Return a run by the ids of its runner and its own."""
    return next(iter(_select_runs(db, "id=? AND runner_id=?", run_id, runner_id)), None)


def unfinished_runs(db: sqlite3.Connection) -> list[RunRow]:
    """Return pending and running runs, oldest first."""
    return _select_runs(db, "status IN ('pending', 'running') ORDER BY number")


def runs_payload(db: sqlite3.Connection, runner_id: str) -> bytes:
    """Encode the response body of `GET runs`: newest first."""
    rows = _select_runs(db, "runner_id=? ORDER BY number DESC", runner_id)
    return payloads.encode_json({"runs": [row.payload() for row in rows]})


def last_line(db: sqlite3.Connection, run: int) -> int:
    """Return the number of a run's last line; 0 if it has none."""
    row = db.execute(
        "SELECT first + count - 1 FROM blocks WHERE run=? ORDER BY first DESC LIMIT 1", (run,)
    ).fetchone()
    return row[0] if row else 0


def blocks_from(db: sqlite3.Connection, run: int, after: int) -> sqlite3.Cursor:
    """Select public blocks in order, starting with the one that contains line `after` + 1."""
    return db.execute(
        "SELECT first, count, at, bodies FROM blocks WHERE run=:run AND public AND first >="
        " coalesce((SELECT max(first) FROM blocks WHERE run=:run AND first <= :next), 0)"
        " ORDER BY first",
        {"run": run, "next": after + 1},
    )


def upsert_runners(
    db: sqlite3.Connection, definitions: list[tuple[str, bytes]], at: int
) -> dict[str, tuple[int, int]]:
    """Store definitions; `updated_at` changes only with the definition."""
    for runner_id, definition in definitions:
        db.execute(
            "INSERT INTO runners VALUES (:id, :definition, :at, :at) ON CONFLICT (id) DO UPDATE"
            " SET definition=:definition, updated_at=:at WHERE definition IS NOT :definition",
            {"id": runner_id, "definition": definition, "at": at},
        )
    runner_ids = {runner_id for runner_id, _ in definitions}
    rows = db.execute("SELECT id, created_at, updated_at FROM runners").fetchall()
    return {row[0]: (row[1], row[2]) for row in rows if row[0] in runner_ids}


def _select_runs(db: sqlite3.Connection, condition: str, *values: object) -> list[RunRow]:
    """Select runs by a condition of this module's own."""
    query = f"SELECT {_RUN_COLUMNS} FROM runs WHERE {condition}"  # noqa: S608 our own constants
    return [_to_run_row(row) for row in db.execute(query, values)]


def _to_run_row(row: tuple[Any, ...]) -> RunRow:
    """Decode a row of `_RUN_COLUMNS`, which has the order of the fields."""
    *head, argv, entrypoint, env = row[:9]
    argv = msgspec.json.decode(argv, type=tuple[str, ...])
    env = msgspec.json.decode(env, type=dict[str, str]) if env else {}
    values: list[Any] = [*head, argv, entrypoint, env, *row[9:]]
    return RunRow(*values)
