"""Guardian process that outlives the dashboard and restores the terminal if it is killed.

A dashboard that is killed by SIGKILL, or crashes below Python, leaves the shell in the alternate
screen with mouse reports on. With the guardian, the process started by the shell only waits: it
forks before the large imports, the child becomes the dashboard, and the guardian forwards signals,
stops and exit codes.
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

_FORWARDED = frozenset(
    {
        *SIGNALS,
        *(signal.SIGTSTP, signal.SIGCONT, signal.SIGWINCH, signal.SIGUSR1, signal.SIGUSR2),
    }
)
_CONTINUE_SECONDS = 0.05
"""Time within which the child continues by itself if the shell sent SIGCONT to both."""


def fork_guardian() -> int | None:
    """Forks; the child continues as the dashboard, the parent waits for it as the guardian.

    Returns:
        In the child None; in the parent the child's exit code, or 128 + n after signal n.
    """
    initial = terminal_attributes()
    read_end, write_end = os.pipe()
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {*_FORWARDED, signal.SIGCHLD})
    child = os.fork()
    if child:
        os.close(read_end)
        code = _supervise(child, initial)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        return code
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    os.close(write_end)
    threading.Thread(
        target=_hang_up_with_parent, args=(read_end,), name="end with parent", daemon=True
    ).start()
    return None


def _supervise(child: int, initial: TerminalAttributes | None) -> int:
    while True:
        pid, status = os.waitpid(child, os.WNOHANG | os.WUNTRACED)
        if not pid:
            _forward_signal(child)
        elif os.WIFSTOPPED(status):
            _stop_with_child(child)
        elif os.WIFSIGNALED(status):
            return _restore_terminal(os.WTERMSIG(status), initial)
        else:
            return os.WEXITSTATUS(status)


def _forward_signal(child: int) -> None:
    """Waits for a signal and forwards it, unless the terminal has sent it to the child as well."""
    if sys.platform == "linux":
        info = signal.sigwaitinfo({*_FORWARDED, signal.SIGCHLD})
        number, by_process = info.si_signo, info.si_code <= 0
    else:
        number, by_process = int(signal.sigwait({*_FORWARDED, signal.SIGCHLD})), True
    if by_process and number not in {signal.SIGCHLD, signal.SIGCONT}:
        os.kill(child, number)


def _stop_with_child(child: int) -> None:
    """Stops too, so the shell takes the terminal; continues the child after `fg`."""
    os.kill(os.getpid(), signal.SIGSTOP)
    time.sleep(_CONTINUE_SECONDS)
    if _is_stopped(child):
        os.kill(child, signal.SIGCONT)


def _is_stopped(child: int) -> bool:
    """Whether the child has not continued since it stopped."""
    return os.waitid(os.P_PID, child, os.WCONTINUED | os.WEXITED | os.WNOHANG | os.WNOWAIT) is None


def _restore_terminal(number: int, initial: TerminalAttributes | None) -> int:
    restore_terminal(initial)
    name = signal.Signals(number).name
    sys.stderr.write(f"nodion-tui: killed by {name}; terminal restored\n")
    return 128 + number


def _hang_up_with_parent(read_end: int) -> None:
    """Runs in the child: treats the end of the guardian as a hang-up."""
    os.read(read_end, 1)
    os.kill(os.getpid(), signal.SIGHUP)
