"""How long work on a log, in a thread, ends early."""


class WorkStopped(Exception):
    """The work was cancelled."""
