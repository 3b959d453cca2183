"""A process that outlives the dashboard, to leave the terminal as it was when that was killed.

What is killed by KILL, or crashes below Python, leaves the shell in the alternate screen with mouse
reports on. So the process that the shell knows may do nothing but wait: it forks before the large
imports, the child becomes the dashboard, and it passes on signals, stops and exit codes.
"""

import os
import signal
import sys
import threading
import time

from nodion_tui.ui.terminal.restore import (
    SIGNALS,
    TerminalAttributes,
    restore_terminal,
    terminal_attributes,
)

_PASSED_ON = frozenset(
    {
        *SIGNALS,
        *(signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH, signal.SIGUSR1, signal.SIGUSR2),
    }
)
_CONTINUED_SECONDS = 0.05
"""So long after it goes on itself the child does, if the shell has told both of them."""


def fork_guardian() -> int | None:
    """Go on in a child; in the process that stays behind, wait for its end.

    Returns:
        None in the child; in the other process the child's exit code, 128 + n after signal n.
    """
    before = terminal_attributes()
    alive, held = os.pipe()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {*_PASSED_ON, signal.SIGCHLD})
    child = os.fork()
    if child:
        os.close(alive)
        code = _wait(child, before)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return code
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    os.close(held)
    threading.Thread(target=_end_with, args=(alive,), name="end with parent", daemon=True).start()
    return None


def _wait(child: int, before: TerminalAttributes | None) -> int:
    while True:
        found, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if not found:
            _pass_on(child)
        elif os.WIFSTOPPED(status):
            _stop_too(child)
        elif os.WIFSIGNALED(status):
            return _clean_up(os.WTERMSIG(status), before)
        else:
            return os.WEXITSTATUS(status)


def _pass_on(child: int) -> None:
    """Wait for a signal; what the terminal has sent, it has sent to the child as well."""
    if sys.platform == "linux":
        told = signal.sigwaitinfo({*_PASSED_ON, signal.SIGCHLD})
        number, is_ours = told.si_signo, told.si_code <= 0
    else:
        number, is_ours = int(signal.sigwait({*_PASSED_ON, signal.SIGCHLD})), True
    if is_ours and number not in {signal.SIGCHLD, signal.SIGCONT}:
        os.kill(child, number)


def _stop_too(child: int) -> None:
    """The shell takes the terminal when the process that it knows stops; `fg` wakes both."""
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(_CONTINUED_SECONDS)
    if _is_stopped(child):
        os.kill(child, signal.SIGCONT)


def _is_stopped(child: int) -> bool:
    """Whether it has not gone on since it stopped."""
    return os.waitid(os.P_PID, child, os.WCONTINUED | os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _clean_up(number: int, before: TerminalAttributes | None) -> int:
    restore_terminal(before)
    name = signal.Signals(number).name
    sys.stderr.write(f"nodion-tui: ended by {name}; the terminal is as it was\n")
    return 128 + number


def _end_with(alive: int) -> None:
    """In the child: the end of the process that the shell knows is a hang-up."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGHUP)
