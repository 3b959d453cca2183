"""Database schema, and the SQL statements on it."""

import contextlib
import sqlite3
import uuid
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from nodion_tui.local import payloads
from nodion_tui.local.payloads import LogBlock
from nodion_tui.local.storage import migrations
from nodion_tui.local.storage.run_row import MAX_MILLISECONDS, FinishedRun, RunRow, to_run_row
from nodion_tui.model.trigger import TriggerRequest

_MAX_CLOCK_STEP = 24 * 3600 * 1000
"""Milliseconds; a clock that is set back by more was wrong before."""
LOCKED_SECONDS = 2.0
"""How long a statement waits for another program that has locked the database."""
_RUN_COLUMNS = ", ".join("prefix" if f == "line_id_prefix" else f for f in RunRow.__struct_fields__)
# max(): a clock that was set back must not make a run end before it started.
_END = (
    "completed_at=max(:at, coalesce(started_at, created_at)), updated_at=max(:at, updated_at),"
    " env=NULL WHERE number=:run AND status IN ('pending', 'running')"
)


def connect(
    path: Path, *, read_only: bool = False, locked_seconds: float = LOCKED_SECONDS
) -> sqlite3.Connection:
    """Open a connection that one thread at a time may use."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, timeout=LOCKED_SECONDS
    )
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("PRAGMA journal_size_limit=67108864")
    connection.execute(f"PRAGMA busy_timeout={locked_seconds * 1000:.0f}")
    if read_only:
        connection.execute("PRAGMA query_only=ON")
    return connection


def prepare(connection: sqlite3.Connection) -> None:
    """Create the tables of a new database, or bring an older one to this version.

    Raises:
        ValueError: it was written by a newer version, or by another program.
        sqlite3.Error: it cannot be changed, and is as before.
    """
    version = migrations.schema_version(connection)
    if version > migrations.SCHEMA_VERSION:
        raise ValueError("the data folder was written by a newer version of nodion-tui")
    if version == 0 and connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
        raise ValueError("not a database of the engine; move it away")
    migrations.migrate(connection)


def is_open(db: sqlite3.Connection) -> bool:
    """Whether an engine has it open, or died while it had."""
    row = db.execute("SELECT is_open FROM engine").fetchone()
    return bool(row and row[0])


def set_open(db: sqlite3.Connection, *, is_open: bool) -> None:
    """Store whether an engine has it open, in the file itself."""
    db.execute("UPDATE engine SET is_open=?", (is_open,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def folder_number(db: sqlite3.Connection) -> int:
    """Return the number of the data folder that the database was last used in; 0: unknown."""
    number: int = db.execute("PRAGMA application_id").fetchone()[0]
    return number


def set_folder_number(db: sqlite3.Connection, number: int) -> None:
    """Store the number of the data folder, for comparison with that of the folder's mark."""
    db.execute(f"PRAGMA application_id={number:d}")


def insert_run(db: sqlite3.Connection, runner_id: str, request: TriggerRequest, at: int) -> RunRow:
    """Insert a pending run; it is dated after the run before it, see `_after_last_run`."""
    env = {variable.env_key: variable.env_val for variable in request.env_variables}
    values = {
        "id": str(uuid.uuid4()),
        "runner_id": runner_id,
        "command": request.command,
        "argv": msgspec.json.encode(request.argv or ()),
        "entrypoint": request.entrypoint,
        "env": msgspec.json.encode(env),
        "prefix": payloads.new_line_id_prefix(),
        "at": _after_last_run(db, at),
    }
    cursor = db.execute(
        "INSERT INTO runs (id, runner_id, status, command, argv, entrypoint, env, prefix,"
        " created_at, updated_at) VALUES (:id, :runner_id, 'pending', :command, :argv,"
        " :entrypoint, :env, :prefix, :at, :at)",
        values,
    )
    return _select_runs(db, "number=?", cursor.lastrowid)[0]


def insert_finished_runs(db: sqlite3.Connection, runs: Iterable[FinishedRun]) -> None:
    """Insert runs that have ended as they are, with their numbers and logs."""
    places = ", ".join("?" * len(RunRow.__struct_fields__))
    for row, blocks in runs:
        values = {**msgspec.structs.asdict(row), "argv": msgspec.json.encode(row.argv), "env": None}
        db.execute(
            f"INSERT INTO runs ({_RUN_COLUMNS}) VALUES ({places})",  # noqa: S608 our own constants
            tuple(values.values()),
        )
        db.executemany(
            "INSERT INTO blocks VALUES (?, ?, ?, ?, TRUE, ?)",
            ((row.number, *block) for block in blocks),
        )


def latest_created_at(db: sqlite3.Connection) -> int:
    """Return the creation time of the newest run; 0 if there is none."""
    row = db.execute("SELECT created_at FROM runs ORDER BY number DESC LIMIT 1").fetchone()
    return row[0] if row and isinstance(row[0], int) else 0


def _after_last_run(db: sqlite3.Connection, at: int) -> int:
    """The time at which a new run is created, in milliseconds since 1970.

    Clients sort by it: two runs of one millisecond, and a clock that was set back by up to
    `_MAX_CLOCK_STEP`, must not make an earlier run the latest one. After a greater step the last
    run's time was wrong, and is not carried on.
    """
    last = latest_created_at(db)
    return at if last - at > _MAX_CLOCK_STEP else max(at, last + 1)


def start_run(db: sqlite3.Connection, run: int, executor: str, at: int) -> bool:
    """Change a run from pending to running; deletes its environment overrides."""
    statement = (
        "UPDATE runs SET status='running', started_at=max(:at, created_at), executor=:executor,"
        " updated_at=max(:at, created_at), env=NULL WHERE number=:run AND status='pending'"
    )
    return db.execute(statement, {"run": run, "at": at, "executor": executor}).rowcount == 1


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


def runs_payload(db: sqlite3.Connection, runner_id: str, unsaved: Mapping[int, RunRow]) -> bytes:
    """Encode the response body of `GET runs`: newest first.

    Args:
        db: the database.
        runner_id: the runner.
        unsaved: rows by number that replace those of the database.
    """
    rows = _select_runs(db, "runner_id=? ORDER BY number DESC", runner_id)
    return payloads.encode_json({"runs": [unsaved.get(row.number, row).payload() for row in rows]})


def invalid_runs(db: sqlite3.Connection) -> list[int]:
    """Return the numbers of the rows that no engine has written; queries leave them out."""
    numbers = []
    for row in db.execute(f"SELECT {_RUN_COLUMNS} FROM runs"):  # noqa: S608 our own constant
        try:
            to_run_row(row)
        except (ValueError, TypeError):
            numbers.append(row[0])
    return numbers


def expire_logs(db: sqlite3.Connection, before: int, at: int, active_runs: frozenset[int]) -> None:
    """Mark the logs of runs that ended before a time as no longer kept.

    Args:
        db: the database.
        before: that time, in milliseconds since 1970.
        at: now.
        active_runs: numbers of runs whose jobs may still write, although they were stopped.
    """
    rows = db.execute(
        "SELECT number FROM runs WHERE log_deleted_at IS NULL AND completed_at < ?"
        " AND status NOT IN ('pending', 'running')",
        (before,),
    )
    expired = [(at, number) for (number,) in rows if number not in active_runs]
    db.executemany("UPDATE runs SET log_deleted_at=? WHERE number=?", expired)


def delete_expired_blocks(db: sqlite3.Connection, limit: int) -> int:
    """Delete at most `limit` blocks of logs that are no longer kept; returns how many."""
    # A cross join is not reordered: there are more blocks than runs.
    return db.execute(
        "DELETE FROM blocks WHERE rowid IN (SELECT blocks.rowid FROM runs CROSS JOIN blocks"
        " ON blocks.run = runs.number WHERE runs.log_deleted_at IS NOT NULL LIMIT ?)",
        (limit,),
    ).rowcount


def is_log_deleted(db: sqlite3.Connection, run: int) -> bool:
    """Whether the log of a run is no longer kept."""
    row = db.execute("SELECT log_deleted_at FROM runs WHERE number=?", (run,)).fetchone()
    return bool(row and row[0] is not None)


def last_line(db: sqlite3.Connection, run: int) -> int:
    """Return the number of a run's last line; 0 if it has none."""
    row = db.execute(
        "SELECT first + count - 1 FROM blocks WHERE run=? ORDER BY first DESC LIMIT 1", (run,)
    ).fetchone()
    return row[0] if row else 0


def blocks_from(db: sqlite3.Connection, run: int, after: int) -> Generator[LogBlock]:
    """Select public blocks in order, starting with the one that contains line `after` + 1.

    Raises:
        ValueError: a block is damaged.
    """
    rows = db.execute(
        "SELECT first, count, at, bodies FROM blocks WHERE run=:run AND public AND first >="
        " coalesce((SELECT max(first) FROM blocks WHERE run=:run AND first <= :next), 0)"
        " ORDER BY first",
        {"run": run, "next": after + 1},
    )
    with contextlib.closing(rows):
        for row in rows:
            if not is_block(*row):
                raise ValueError("a block of lines is damaged")
            yield LogBlock(*row)


def is_block(first: object, count: object, at: object, bodies: object) -> bool:
    """Whether values of a row are those of a block of lines."""
    if not (isinstance(first, int) and isinstance(count, int) and isinstance(at, int)):
        return False
    if not isinstance(bodies, bytes) or first < 1 or not 0 <= at < MAX_MILLISECONDS:
        return False
    try:
        bodies.decode()
    except UnicodeDecodeError:
        return False
    return bodies.count(b"\n") == count - 1


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
    """Select runs by a condition of this module's own; invalid rows are left out."""
    query = f"SELECT {_RUN_COLUMNS} FROM runs WHERE {condition}"  # noqa: S608 our own constants
    return list(_valid_rows(db.execute(query, values)))


def _valid_rows(rows: sqlite3.Cursor) -> Iterator[RunRow]:
    for row in rows:
        try:
            run_row = to_run_row(row)
        except (ValueError, TypeError):  # told at the start of the engine
            continue
        yield run_row
