"""The limit of open files (descriptors): raised at the start of the engine."""

import contextlib
import resource
from collections.abc import Iterator
from contextlib import contextmanager

MAX_DESCRIPTORS = 65_536
"""More are never asked for: some systems allow a billion, and programs close them one by one."""


@contextmanager
def raised_descriptor_limit() -> Iterator[int]:
    """Raise the soft limit as far as the hard limit allows; yields it, and restores the old one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, MAX_DESCRIPTORS)
    raised = max(soft, wanted) if soft != resource.RLIM_INFINITY else MAX_DESCRIPTORS
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    try:
        yield resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    finally:
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
