"""Explains why a process could not be started: what is missing, and by which name."""

import errno
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from nodion_tui.local.execution.job import StartFailed

SCRIPT_HEAD_BYTES = 256
"""What Linux reads of a script for its interpreter (BINPRM_BUF_SIZE)."""
_NO_ROOM = frozenset({errno.EAGAIN, errno.ENOMEM, errno.EMFILE, errno.ENFILE})


def spawn_failure(
    error: OSError, argv: Sequence[str], folder: Path, env: Mapping[str, str]
) -> StartFailed:
    """Explain an error of `subprocess.Popen`, with the exit code that a shell would give.

    Args:
        error: the error; its `filename` is the folder if that could not be entered.
        argv: what was to be executed.
        folder: the working directory.
        env: the environment; its PATH was searched.
    """
    if error.filename is not None and Path(error.filename) == folder:
        return StartFailed(f"The working directory cannot be entered: {error.strerror}", 126)
    if error.errno in _NO_ROOM:
        return StartFailed(f"No process can be started now: {_shortage(error)}", 126)
    problem, exit_code = _program_problem(error, argv, folder, env)
    return StartFailed(f"exec: {argv[0]!r}: {problem}", exit_code)


def _shortage(error: OSError) -> str:
    if error.errno == errno.EAGAIN:
        return "the limit of processes is reached (ulimit -u, pids.max)"
    return error.strerror or str(error)


def _program_problem(
    error: OSError, argv: Sequence[str], folder: Path, env: Mapping[str, str]
) -> tuple[str, int]:
    program, reason = argv[0], error.strerror or "cannot be executed"
    file = _find_program(program, folder, env) if program else None
    if file is None:
        is_missing = isinstance(error, FileNotFoundError) or "/" not in program
        return ("not found", 127) if is_missing else (reason, 126)
    match error.errno:
        case errno.E2BIG:
            size = sum(len(os.fsencode(text)) + 1 for text in argv)
            size += sum(len(os.fsencode(f"{key}={value}")) + 1 for key, value in env.items())
            return f"arguments and variables are too long: {size:,} bytes in total", 126
        case errno.ENOENT:
            return f"found, but {_interpreter(file)} is not", 127
        case errno.EACCES if file.is_file() and os.access(file, os.X_OK):
            return f"{_interpreter(file)} cannot be executed: {reason}", 126
        case errno.ENOEXEC:
            return "no program for this machine, nor a script that starts with #!", 126
        case _:
            return reason, 126


def _find_program(program: str, folder: Path, env: Mapping[str, str]) -> Path | None:
    """Return the file that would be executed; paths are relative to the working directory."""
    places = [folder] if "/" in program else [folder / place for place in os.get_exec_path(env)]
    return next((place / program for place in places if (place / program).exists()), None)


def name_interpreter(head: bytes) -> str:
    """Name what executes a file, by its first bytes: the program of a script, or else a loader."""
    if not head.startswith(b"#!"):
        return "the loader that it needs"
    # Only blanks and tabs end its name: a carriage return is a part of it.
    name = head[2:].split(b"\n")[0].replace(b"\t", b" ").strip(b" ").split(b" ")[0]
    return f"its interpreter {os.fsdecode(name)!r}"


def _interpreter(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return name_interpreter(opened.read(SCRIPT_HEAD_BYTES))
    except OSError:
        return "its interpreter"
