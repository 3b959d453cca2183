"""`--log FILE`: starts the event log, and says where it is. Without the option nothing is imported.

The rooms below log to loggers of their own names (`nodion_tui.api…`) at DEBUG and INFO, which
Python leaves out as long as nobody asks for them.
"""

import logging
import os
import platform
from collections.abc import Callable
from pathlib import Path

from nodion_tui import __version__
from nodion_tui.config.paths import display_path
from nodion_tui.model.errors import ConfigError

VARIABLE = "NODION_TUI_LOG"
PARTS = 3
"""FILE, FILE.1 and FILE.2; the oldest is dropped."""
_logger = logging.getLogger(__name__)


def start_event_log(typed: str, command: str) -> Callable[[], None]:
    """Log events to a file from now on.

    Args:
        typed: the file, as `--log` or the variable names it.
        command: whose events they are.

    Returns:
        What ends it.

    Raises:
        ConfigError: the file cannot be used, or is not a log of ours; it stays as it is.
    """
    from nodion_tui.cli.process.event_log_file import EventLogFile  # noqa: PLC0415  # only if asked for

    handler = EventLogFile(part_names(_path(typed)))
    ours, engine = logging.getLogger("nodion_tui"), logging.getLogger("nodion_tui.local")
    also = logging.lastResort
    if also is not None and not engine.hasHandlers():
        # Warnings of `serve` reach stderr by this as long as there is no log; so they go on.
        engine.addHandler(also)
    raises, logging.raiseExceptions = logging.raiseExceptions, False
    level = ours.level
    ours.setLevel(logging.DEBUG)
    ours.addHandler(handler)

    def end() -> None:
        ours.removeHandler(handler)
        ours.setLevel(level)
        logging.raiseExceptions = raises
        if also is not None:
            engine.removeHandler(also)
        handler.close()

    python = platform.python_version()
    versions = (__version__, python)
    _logger.info("start version=%s python=%s command=%s pid=%d", *versions, command, os.getpid())
    return end


def describe_event_log(typed: str | None) -> str:
    """Where the log is and the size of all its parts, or that there is none."""
    if not typed:
        return f"off; --log FILE or {VARIABLE} turns it on"
    path = _path(typed)
    sizes = [part.lstat().st_size for part in part_names(path) if part.exists()]
    files = "1 file" if len(sizes) == 1 else f"{len(sizes)} files"
    return f"{display_path(path)}, {sum(sizes) / 1000:.1f} kB in {files}"


def part_names(path: Path, parts: int = PARTS) -> list[Path]:
    """The file and the older ones beside it, newest first."""
    return [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, parts))]


def _path(typed: str) -> Path:
    try:
        return Path(typed).expanduser().absolute()
    except RuntimeError as error:
        raise ConfigError(f"the log {typed} cannot be used: {error}") from None
