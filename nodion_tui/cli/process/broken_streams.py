"""Standard streams that are full or have no reader."""

import os
import sys
from typing import TextIO


def write_stderr(text: str) -> None:
    """Writes text to stderr; a stderr that cannot be written is ignored from then on.

    What is told there must not end what stdout gets, and the exit code still tells.
    """
    try:
        sys.stderr.buffer.write(text.encode(sys.stderr.encoding, "backslashreplace"))
        sys.stderr.buffer.flush()
    except OSError:
        discard(sys.stderr)


def discard(stream: TextIO) -> None:
    """Drops what is buffered and what follows, so that the interpreter does not retry at exit."""
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, stream.fileno())
    os.close(null)
