"""Explains why a container could not be made or its program not executed, for the public log.

The last line of the container engine says why. It is shown without what is this machine's own
business: absolute paths, unless the user or the client wrote them, logins in URLs, and what a
terminal would obey.
"""

import re
from collections.abc import Iterable

from nodion_tui.local.execution.executors.engine_cli import CANNOT_RUN_EXIT_CODE, CommandResult
from nodion_tui.local.execution.job import JobSpec, StartFailed
from nodion_tui.model.text.sanitize import sanitize

MAX_REASON_CHARACTERS = 300
_PREFIX = re.compile(
    r"\A(?:docker: |Error: |Error response from daemon: |OCI runtime error: "
    r"|(?:\S*/)?(?:runc|crun): |runc create failed: |unable to start container process: )+"
)
_CREDENTIALS = re.compile(r"(?<=//)[^\s/@]+(?=@)")
_PATH = re.compile(r"(?<![\w./])/(?!/)[^\s\"'`:,;()\[\]]+")
"""An absolute path, but not the part of a URL after its host."""
_LONG_ID = re.compile(r"\b([0-9a-f]{12})[0-9a-f]{52}\b")
_ABOUT_PROGRAM = re.compile(
    r'exec: "|executable file|open executable|cannot exec a directory|argument list too long'
)
"""How runc and crun speak of the program itself; all else is about the container."""
_PROGRAM = re.compile(r'(?:exec: "|executable file [`"])([^`"]*)[`"]')
_NOT_FOUND = re.compile(r"not found in \$PATH|no such file or directory", re.IGNORECASE)
_REASONS = {
    re.compile(r"permission denied", re.IGNORECASE): "Permission denied",
    re.compile(r"not a directory", re.IGNORECASE): "Not a directory",
    re.compile(r"argument list too long", re.IGNORECASE): "Arguments and variables are too long",
}


def creation_failure(result: CommandResult, written: Iterable[str]) -> StartFailed:
    """Explain why `create` failed (exit code 125).

    Args:
        result: the failed command.
        written: words of the user and of the client, whose paths may be shown.
    """
    reason = _reason(result.text, written)
    return StartFailed(f"The container could not be created: {reason}", CANNOT_RUN_EXIT_CODE)


def start_failure(spec: JobSpec, result: CommandResult, written: Iterable[str]) -> StartFailed:
    """Explain why `init` failed: no such program 127, all else 126, as `podman run` exits."""
    line = _last_line(result.text)
    if not _ABOUT_PROGRAM.search(line):
        return StartFailed(f"The container could not be started: {_reason(line, written)}", 126)
    named = _PROGRAM.search(line)
    program = repr(named[1] if named else spec.program or "the image's command")
    if _NOT_FOUND.search(line):
        return StartFailed(f"exec: {program}: not found", 127)
    reasons = (reason for pattern, reason in _REASONS.items() if pattern.search(line))
    return StartFailed(f"exec: {program}: {next(reasons, 'cannot be executed')}", 126)


def _reason(text: str, written: Iterable[str]) -> str:
    """Return the last line without its origin, paths of this machine and control sequences."""
    own = "\n".join(written)
    line = _PREFIX.sub("", _last_line(text))
    line = _CREDENTIALS.sub("…", _LONG_ID.sub(r"\1", line))
    line = _PATH.sub(lambda path: path[0] if path[0] in own else "…", line)
    return sanitize(line)[:MAX_REASON_CHARACTERS] or "the container engine says nothing"


def _last_line(text: str) -> str:
    """Return the last line that is an error, or else the last one."""
    lines = [line for line in text.splitlines() if line.strip()] or [""]
    errors = [line for line in lines if line.startswith(("Error", "docker: ", "unknown flag"))]
    return (errors or lines)[-1]
