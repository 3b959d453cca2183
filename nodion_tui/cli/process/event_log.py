"""`--log FILE`: starts and describes the debug log. Without the option nothing is imported.

The packages below log to loggers of their own names (`nodion_tui.api…`) at DEBUG and INFO, which
Python discards until a handler is added.
"""

import logging
import os
import platform
from collections.abc import Callable
from pathlib import Path

from nodion_tui import __version__
from nodion_tui.cli.process.exit_codes import LOG_VARIABLE
from nodion_tui.config.paths import display_path, expand_home
from nodion_tui.model.text.format import data_size

PARTS = 3
"""FILE, FILE.1 and FILE.2; the oldest is dropped."""
_logger = logging.getLogger(__name__)


def start_event_log(typed: str, command: str) -> Callable[[], None]:
    """Starts logging events to a file.

    Args:
        typed: path as given by `--log` or the environment variable.
        command: name of the command, for the first event.

    Returns:
        A function that stops the log.

    Raises:
        ConfigError: the file cannot be used or is not a debug log; it is left unchanged.
    """
    from nodion_tui.cli.process.event_log_file import EventLogFile  # noqa: PLC0415  # only if asked for

    handler = EventLogFile(part_names(_path(typed)))
    program, engine = logging.getLogger("nodion_tui"), logging.getLogger("nodion_tui.local")
    last_resort = logging.lastResort
    if last_resort is not None and not engine.hasHandlers():
        # Without a log this handler writes the warnings of `serve` to stderr; keep it.
        engine.addHandler(last_resort)
    raises, logging.raiseExceptions = logging.raiseExceptions, False
    level = program.level
    program.setLevel(logging.DEBUG)
    program.addHandler(handler)

    def stop() -> None:
        program.removeHandler(handler)
        program.setLevel(level)
        logging.raiseExceptions = raises
        if last_resort is not None:
            engine.removeHandler(last_resort)
        handler.close()

    python = platform.python_version()
    versions = (__version__, python)
    _logger.info("start version=%s python=%s command=%s pid=%d", *versions, command, os.getpid())
    return stop


def describe_event_log(typed: str | None) -> str:
    """Path of the log and size of all its parts, or `off`."""
    if not typed:
        return f"off; enable with --log FILE or {LOG_VARIABLE}"
    path = _path(typed)
    sizes = [part.lstat().st_size for part in part_names(path) if part.exists()]
    files = "1 file" if len(sizes) == 1 else f"{len(sizes)} files"
    return f"{display_path(path)}, {data_size(sum(sizes))} in {files}"


def part_names(path: Path, parts: int = PARTS) -> list[Path]:
    """Paths of the file and its older parts, newest first."""
    return [path, *(path.with_name(f"{path.name}.{number}") for number in range(1, parts))]


def _path(typed: str) -> Path:
    return expand_home(typed, "--log").absolute()
