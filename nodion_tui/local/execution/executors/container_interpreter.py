"""Names the interpreter that a container's script needs and its image does not have.

The kernel reports a script's missing interpreter as the script's own absence, and so does the
runtime, as the only output of the container: `exec /bin/tool: no such file or directory`.
"""

import io
import re
import tarfile

from nodion_tui.local.execution.executors.engine_cli import EngineCli
from nodion_tui.local.execution.executors.spawn_failure import SCRIPT_HEAD_BYTES, name_interpreter

_NOT_EXECUTED = re.compile(
    rb"(?:[^\n]*: )?exec (?:container process )?[`\"]?(/[^\s:`\"]+)[`\"]?: "
    rb"no such file or directory\s*",
    re.IGNORECASE,
)
"""The whole output of runc's or crun's child."""


async def explain_not_executed(cli: EngineCli, container: str, output: bytes) -> str | None:
    """Return what a program is missing that is in the container, but was reported as missing.

    Args:
        cli: the container engine.
        container: the ended container.
        output: the start of its output.
    """
    reported = _NOT_EXECUTED.fullmatch(output)
    if reported is None:
        return None
    program = reported[1].decode(errors="replace")
    copied = await cli.run("cp", f"{container}:{program}", "-")
    if copied.exit_code != 0:
        return None
    return f"exec: {program!r}: found, but {name_interpreter(_head(copied.output))} is not"


def _head(archive: bytes) -> bytes:
    """Return the start of the only file; empty if the archive is not complete (a large file)."""
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
            file = opened.extractfile(opened.getmembers()[0])
            return file.read(SCRIPT_HEAD_BYTES) if file is not None else b""
    except (tarfile.TarError, IndexError):
        return b""
