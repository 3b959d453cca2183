"""The limit of open files (descriptors): raised for the engine, as it was for its jobs."""

import contextlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager

MAX_DESCRIPTORS = 65_536
"""More are never asked for: some systems allow a billion, and programs close them one by one."""


class DescriptorLimit:
    """The soft limit of this process; programs that it starts inherit the limit of the moment.

    Jobs get the original one: a program that calls `select` fails beyond 1,023 descriptors, which
    is why systems start programs with that limit.
    """

    def __init__(self) -> None:
        self._original, self._hard = resource.getrlimit(resource.RLIMIT_NOFILE)

    @contextmanager
    def raised(self) -> Iterator[int]:
        """Raise it as far as the hard limit allows during the block; yields the limit."""
        wanted = self._hard if self._hard != resource.RLIM_INFINITY else MAX_DESCRIPTORS
        self._set(max(self._original, min(wanted, MAX_DESCRIPTORS)))
        try:
            yield resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        finally:
            self._set(self._original)

    @contextmanager
    def original(self) -> Iterator[None]:
        """The original limit during the block, in which a program is started."""
        current = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        self._set(self._original)
        try:
            yield
        finally:
            self._set(current)

    def _set(self, soft: int) -> None:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, self._hard))
