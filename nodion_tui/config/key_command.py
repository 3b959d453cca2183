"""Runs a key command, bounded in time and in the size of its output.

`subprocess.run` collects whatever is printed, and after a time-out waits for the pipe, which a
child of the command may hold open: neither is bounded.
"""

import os
import selectors
import signal
import subprocess
import time
from contextlib import suppress

from nodion_tui.model.exit_code import end_of_process


class CommandFailed(Exception):
    """The command gave no output; the message completes a sentence that begins with its name."""


def first_line(argv: tuple[str, ...], *, seconds: float, max_bytes: int, detached: bool) -> bytes:
    """The first line that a command prints, once it has exited with 0.

    Args:
        argv: the command.
        seconds: time-out.
        max_bytes: longest output.
        detached: run it in a session of its own, without the terminal.

    Raises:
        CommandFailed: it failed, timed out or printed too much.
        OSError: it cannot be started.
    """
    deadline = time.monotonic() + seconds
    with subprocess.Popen(
        argv,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=detached,
    ) as process:
        try:
            output = _read(process, deadline, max_bytes)
            code = process.wait(max(deadline - time.monotonic(), 0))
        except (subprocess.TimeoutExpired, TimeoutError):
            raise CommandFailed(f"printed no key within {seconds:g} s") from None
        finally:
            if process.poll() is None:
                with suppress(ProcessLookupError):
                    (os.killpg if detached else os.kill)(process.pid, signal.SIGKILL)
    if code != 0:
        raise CommandFailed(f"failed, {end_of_process(code)}")
    return output.partition(b"\n")[0]


def _read(process: "subprocess.Popen[bytes]", deadline: float, max_bytes: int) -> bytes:
    """The whole output.

    Raises:
        CommandFailed: it is longer than `max_bytes`.
        TimeoutError: it did not end in time.
    """
    assert process.stdout is not None  # noqa: S101  # it is a pipe
    descriptor = process.stdout.fileno()
    output = b""
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while True:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not selector.select(remaining):
                raise TimeoutError
            data = os.read(descriptor, max_bytes)
            if not data:
                return output
            output += data
            if len(output) > max_bytes:
                raise CommandFailed(f"printed more than {max_bytes:,} bytes")
