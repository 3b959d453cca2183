"""What temporary engines that were killed left behind: nobody will ever start on their folders."""

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path

from nodion_tui.local.datadir import DATABASE, TEMPORARY_PREFIX, DataDir
from nodion_tui.local.executors.marks import Marks
from nodion_tui.model.errors import ConfigError


def clear_leftovers() -> None:
    """End the processes of this user's dead temporary engines, and remove their folders."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY_PREFIX}*"):
        with contextlib.suppress(ConfigError, OSError, sqlite3.Error):
            _clear(folder)


def _clear(folder: Path) -> None:
    """Clear one that no engine holds.

    Raises:
        ConfigError: an engine uses it, or it belongs to someone else.
    """
    database = folder / DATABASE
    if not database.is_file():  # one that is just being made is not locked yet
        return
    data = DataDir(folder)
    try:
        Marks(_nonce(database)).sweep()
        shutil.rmtree(folder)
    finally:
        data.close()


def _nonce(database: Path) -> int:
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as db:
        nonce: int = db.execute("SELECT value FROM meta WHERE key='nonce'").fetchone()[0]
        return nonce
