"""Gives jobs the default dispositions of all signals, however the engine was started.

A program that is started ignores what its parent ignores and blocks what its parent blocks: under
`nohup`, or in the background of a script, a job could not even set a trap for SIGINT. What is
caught, however, has its default disposition in a new program. So the engine catches what it was
told to ignore, and does nothing then. Code that runs in the child (`preexec_fn`) could do the same,
but may deadlock beside the engine's threads.
"""

import signal
from types import FrameType

_RESTORED_BY_SUBPROCESS = frozenset(
    getattr(signal, name) for name in ("SIGPIPE", "SIGXFZ", "SIGXFSZ") if hasattr(signal, name)
)
"""Python itself ignores these, and gives its children the default."""
_STOPPED_BY_TERMINAL = frozenset({signal.SIGTTIN, signal.SIGTTOU})


def give_children_default_signals() -> None:
    """Ignore by catching what is ignored, and unblock what is blocked; main thread only.

    Called before other threads are started, which inherit what is blocked.
    """
    for number in signal.valid_signals() - _RESTORED_BY_SUBPROCESS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            continue
        # An ignored SIGCHLD would take the exit codes of all children.
        signal.signal(number, signal.SIG_DFL if number == signal.SIGCHLD else _ignore)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _ignore(number: int, _frame: FrameType | None) -> None:
    """Do nothing; but a caught SIGTTOU would repeat the write to the terminal for ever."""
    if number in _STOPPED_BY_TERMINAL:
        signal.signal(number, signal.SIG_IGN)
