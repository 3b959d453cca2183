"""How the engine knows its own processes again, whatever they did to hide.

Process groups and parents are left behind by `setsid` and a double fork, and an environment
variable would be seen by the job. Resource limits, though, are inherited by every child, and the
limit on real-time CPU (RLIMIT_RTTIME) means nothing to an ordinary process: set to a number of the
data folder's and the run's own, it is a mark that every descendant bears (Linux).
"""

import contextlib
import os
import re
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_LIMIT: int | None = getattr(resource, "RLIMIT_RTTIME", None)
_PROC = Path("/proc")
_STATE = re.compile(rb"\) [ZX] [^)]*\Z")
_RUN_BITS = 32
_SWEEPS = 200
_SWEEP_SECONDS = 0.01


class ProcessMarks:
    """Marks processes with a number of the data folder's own, and finds them by it."""

    def __init__(self, number: int) -> None:
        self._number = number

    @contextlib.contextmanager
    def mark_children(self, run: int) -> Iterator[None]:
        """Processes that this thread starts inside bear the run's mark."""
        if _LIMIT is None:
            yield
            return
        before = resource.getrlimit(_LIMIT)
        try:
            resource.setrlimit(_LIMIT, (self._mark(run), before[1]))
        except (ValueError, OSError):  # the machine sets a hard limit: process groups remain
            yield
            return
        try:
            yield
        finally:
            resource.setrlimit(_LIMIT, before)

    def find(self, run: int | None = None) -> list[int]:
        """Process ids that bear the mark of a run, or of any run of this data folder."""
        if _LIMIT is None or not _PROC.is_dir():
            return []
        return [pid for pid in _process_ids() if self._bears(pid, run)]

    def signal(self, number: signal.Signals, run: int | None = None) -> int:
        """Send a signal to all that bear the mark; how many there were."""
        found = self.find(run)
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError), _held(pid) as process:
                if not self._bears(pid, run):
                    continue
                if process is None:
                    os.kill(pid, number)
                else:
                    signal.pidfd_send_signal(process, number)
        return len(found)

    def kill_all(self, run: int | None = None) -> None:
        """Kill all that bear the mark, and what they start meanwhile, until none is left."""
        for _ in range(_SWEEPS):
            if not self.signal(signal.SIGKILL, run):
                return
            time.sleep(_SWEEP_SECONDS)

    def _mark(self, run: int) -> int:
        return self._number << _RUN_BITS | run

    def _bears(self, pid: int, run: int | None) -> bool:
        if _LIMIT is None:
            return False
        try:
            value = resource.prlimit(pid, _LIMIT)[0]
        except (OSError, ValueError):
            return False
        ours = value == self._mark(run) if run is not None else value >> _RUN_BITS == self._number
        return ours and _lives(pid)


@contextlib.contextmanager
def _held(pid: int) -> Iterator[int | None]:
    """A hold on a process: a signal through it reaches no other that got its number since.

    None where the system has no such thing.

    Raises:
        ProcessLookupError: it has ended.
    """
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except OSError:  # an old one
        yield None
        return
    try:
        yield process
    finally:
        os.close(process)


def _lives(pid: int) -> bool:
    """Whether it is more than an entry that waits to be reaped."""
    with contextlib.suppress(OSError):
        return _STATE.search((_PROC / str(pid) / "stat").read_bytes()) is None
    return False


def _process_ids() -> list[int]:
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return []
