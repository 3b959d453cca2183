"""Locks of files and folders, as `flock` has them: they end with the process that has them.

filelock, which was weighed, locks a file that it creates and that stays. These locks are on what
is protected itself, such as a folder, or on a file whose owner has been checked.
"""

import fcntl
import time

_RETRY_SECONDS = 0.02


def lock(descriptor: int, timeout: float = 0.0) -> None:
    """Lock an open file or folder until it is unlocked, or closed wherever it is open.

    Args:
        descriptor: of the file or folder; duplicates share the lock.
        timeout: seconds to wait for another holder, during which the thread sleeps.

    Raises:
        BlockingIOError: another program has the lock.
        OSError: its file system has no locks.
    """
    deadline = time.monotonic() + timeout
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise
        time.sleep(_RETRY_SECONDS)


def unlock(descriptor: int) -> None:
    """Unlock a file or folder, also where a forked process has it open."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
