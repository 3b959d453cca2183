"""Versions of the database schema, and the steps from one to the next.

A database has its version in `user_version`. All missing steps are taken in one transaction: after
a crash or on a full disk the database has the old version, complete. A released step never
changes; each further version appends one.
"""

import sqlite3

STEPS = (
    """
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
    """,
    # Which executor has the job of a run: only that one can end it after a crash. Whether an
    # engine has the database open: without its log (WAL) it then lacks the last changes.
    """
    ALTER TABLE runs ADD COLUMN executor TEXT;
    CREATE TABLE engine (is_open INTEGER NOT NULL);
    INSERT INTO engine VALUES (0);
    """,
    # Since when the log of a run is no longer kept, so that it does not look like an empty one.
    """
    ALTER TABLE runs ADD COLUMN log_deleted_at INTEGER;
    """,
)
"""SQL from version n to n + 1, in order."""

SCHEMA_VERSION = len(STEPS)


def schema_version(db: sqlite3.Connection) -> int:
    """Return the version of a database; 0: none, or not a database of the engine."""
    version: int = db.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(db: sqlite3.Connection, target: int = SCHEMA_VERSION) -> None:
    """Bring a database, or a new empty one, to a version; a newer one stays as it is.

    Raises:
        sqlite3.Error: it cannot be changed, and is as before.
    """
    version = schema_version(db)
    if version >= target:
        return
    steps = "".join(STEPS[version:target])
    try:
        db.executescript(f"BEGIN IMMEDIATE;{steps}PRAGMA user_version={target};COMMIT;")
    except sqlite3.Error:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
    # So that the file itself can be identified, even if the engine is killed.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
