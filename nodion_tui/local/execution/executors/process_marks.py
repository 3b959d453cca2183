"""Marks processes so that the engine can find all descendants of a job (Linux).

`setsid` and a double fork leave process group and parent behind, and an environment variable would
be visible to the job. Resource limits, though, are inherited by every child, and the limit on
real-time CPU (RLIMIT_RTTIME) has no effect on an ordinary process: set to the number of the data
folder and of the run, it marks every descendant.
"""

import contextlib
import os
import re
import resource
import signal
import time
from collections.abc import Iterator
from pathlib import Path

_MARK_LIMIT: int | None = getattr(resource, "RLIMIT_RTTIME", None)
_PROC = Path("/proc")
_STATE = re.compile(rb"\) [ZX] [^)]*\Z")
_RUN_BITS = 32
_KILL_ROUNDS = 200
_KILL_PAUSE_SECONDS = 0.01


class ProcessMarks:
    """Marks processes with the number of the data folder, and finds them by it."""

    def __init__(self, folder_number: int) -> None:
        self._folder_number = folder_number

    @contextlib.contextmanager
    def mark_children(self, run_number: int) -> Iterator[None]:
        """Mark the processes that this thread starts inside the block with the run's mark."""
        if _MARK_LIMIT is None:
            yield
            return
        previous = resource.getrlimit(_MARK_LIMIT)
        try:
            resource.setrlimit(_MARK_LIMIT, (self._mark_value(run_number), previous[1]))
        except (ValueError, OSError):  # below a hard limit: only process groups are left
            yield
            return
        try:
            yield
        finally:
            resource.setrlimit(_MARK_LIMIT, previous)

    def find(self, run_number: int | None = None) -> list[int]:
        """Return the ids of processes marked for a run, or for any run of this data folder."""
        if _MARK_LIMIT is None or not _PROC.is_dir():
            return []
        return [pid for pid in _process_ids() if self._is_marked(pid, run_number)]

    def signal(
        self,
        signal_number: signal.Signals,
        run_number: int | None = None,
        *,
        outside_group: int | None = None,
    ) -> int:
        """Send a signal to all marked processes; returns their number.

        Args:
            signal_number: the signal.
            run_number: the run; None: all of the data folder.
            outside_group: a process group whose members do not get it.
        """
        pids = self.find(run_number)
        if outside_group is not None:
            pids = [pid for pid in pids if _group_of(pid) != outside_group]
        for pid in pids:
            with (
                contextlib.suppress(ProcessLookupError, PermissionError),
                _open_pidfd(pid) as pidfd,
            ):
                if not self._is_marked(pid, run_number):
                    continue
                if pidfd is None:
                    os.kill(pid, signal_number)
                else:
                    signal.pidfd_send_signal(pidfd, signal_number)
        return len(pids)

    def kill_all(self, run_number: int | None = None) -> None:
        """Kill all marked processes, and those they start meanwhile, until none is left."""
        for _ in range(_KILL_ROUNDS):
            if not self.signal(signal.SIGKILL, run_number):
                return
            time.sleep(_KILL_PAUSE_SECONDS)

    def _mark_value(self, run_number: int) -> int:
        return self._folder_number << _RUN_BITS | run_number

    def _is_marked(self, pid: int, run_number: int | None) -> bool:
        if _MARK_LIMIT is None:
            return False
        try:
            value = resource.prlimit(pid, _MARK_LIMIT)[0]
        except (OSError, ValueError):
            return False
        is_match = (
            value == self._mark_value(run_number)
            if run_number is not None
            else value >> _RUN_BITS == self._folder_number
        )
        return is_match and _is_alive(pid)


@contextlib.contextmanager
def _open_pidfd(pid: int) -> Iterator[int | None]:
    """Provide a pidfd: a signal through it never reaches a process that reuses the pid.

    None if the system has no pidfd.

    Raises:
        ProcessLookupError: the process has ended.
    """
    try:
        pidfd = os.pidfd_open(pid)
    except ProcessLookupError:
        raise
    except OSError:  # an old kernel
        yield None
        return
    try:
        yield pidfd
    finally:
        os.close(pidfd)


def _group_of(pid: int) -> int | None:
    """Return a process's group; None once it has ended."""
    with contextlib.suppress(ProcessLookupError):
        return os.getpgid(pid)
    return None


def _is_alive(pid: int) -> bool:
    """Whether a process exists and is not a zombie."""
    with contextlib.suppress(OSError):
        return _STATE.search((_PROC / str(pid) / "stat").read_bytes()) is None
    return False


def _process_ids() -> list[int]:
    with contextlib.suppress(OSError):
        return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit()]
    return []
