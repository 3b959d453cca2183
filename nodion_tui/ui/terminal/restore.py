"""Restores the terminal, however the program ends.

Textual 8.2 restores it on quit and on a crash, but installs no signal handlers: after TERM, HUP or
QUIT the shell would stay in the alternate screen with mouse reports on. If the terminal hangs up
while HUP is ignored, its input thread would spin endlessly.
"""

import asyncio
import os
import signal
import sys
import termios
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
GRACE_SECONDS = 2.0
"""Time for a graceful exit after a signal before the process is ended."""

_RESET = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"  # paste, focus, resize reports, keyboard
    "\x1b[?2026l\x1b[?7h\x1b[0m\x1b[?25h"  # output, wrapping, colours, cursor
)
LAST_ROW = "\x1b[0m\x1b[999;1H\x1b[K"
"""Where the shell goes on if there is no alternate screen, which has the cursor of before: on the
console of Linux, and in GNU screen by default."""
_RESTORE = f"{_RESET}{LAST_ROW}\x1b[?1049l\x1b[23;2t"
"""Leaves the alternate screen, too, and gives the window its title back."""

TerminalAttributes = list[Any]
"""The result of `termios.tcgetattr`."""


@contextmanager
def graceful_exit(
    leave: Callable[[int], None], saved_attributes: TerminalAttributes | None
) -> Iterator[None]:
    """Exit gracefully on INT, TERM, HUP and QUIT, within `GRACE_SECONDS`.

    Args:
        leave: starts the graceful exit with this exit code, 128 + signal; called by the event
            loop.
        saved_attributes: attributes of the terminal to restore; None: without a terminal.
    """
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(leave, 128 + number)
        exit_after_grace(128 + number, saved_attributes)

    before = {number: signal.signal(number, on_signal) for number in SIGNALS if _is_handled(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def has_hung_up() -> bool:
    """Whether the terminal of standard input has hung up."""
    try:
        termios.tcgetattr(0)
    except (termios.error, OSError):
        return True
    return False


def send_escape(app: "App[Any]", sequence: str) -> None:
    """Send an escape sequence without visible output, such as a window title."""
    driver = _driver_of(app)
    if sequence and driver is not None and not app.is_headless:
        driver.write(sequence)


def send_escape_at_exit(sequence: str) -> None:
    """Send an escape sequence after Textual has released the terminal."""
    if sequence and sys.__stderr__ is not None:
        with suppress(OSError):
            sys.__stderr__.write(sequence)
            sys.__stderr__.flush()


def _is_handled(number: signal.Signals) -> bool:
    """Whether a signal is not ignored, as by nohup; ignored ones stay ignored."""
    return signal.getsignal(number) is not signal.SIG_IGN


def terminal_attributes() -> TerminalAttributes | None:
    """The terminal's attributes, to be restored by `restore_terminal`; None without a terminal."""
    try:
        return termios.tcgetattr(0)
    except (termios.error, OSError):
        return None


def _owns_terminal() -> bool:
    """Whether this process group, not another job of the shell, has the terminal."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return True


def exit_after_grace(code: int, before: TerminalAttributes | None = None) -> None:
    """End the process with this code in `GRACE_SECONDS`, unless it exits before.

    From a thread, as a stalled terminal may block the event loop.

    Args:
        code: exit code.
        before: attributes to restore.
    """

    def wait_and_exit() -> None:
        time.sleep(GRACE_SECONDS)
        restore_terminal(before)
        os._exit(code)

    threading.Thread(target=wait_and_exit, name="exit after grace", daemon=True).start()


def restore_terminal(before: TerminalAttributes | None) -> None:
    """Restore the terminal without Textual, unless another job uses it."""
    # A terminal that does not read must not keep a program that ends.
    _restore(before, _RESTORE, blocking=False)


def reset_terminal(before: TerminalAttributes | None) -> None:
    """Undo what another program has left in the terminal, before the dashboard goes on.

    Args:
        before: attributes to restore; None: they stay as they are.
    """
    _restore(before, _RESET, blocking=True)


def _restore(before: TerminalAttributes | None, sequence: str, *, blocking: bool) -> None:
    if not _owns_terminal():
        return
    try:
        if before is not None:
            termios.tcsetattr(0, termios.TCSANOW, before)
        descriptor = sys.__stderr__.fileno() if sys.__stderr__ else 2
        os.set_blocking(descriptor, blocking)
        os.write(descriptor, sequence.encode())
    except (termios.error, OSError):
        return


def can_suspend(app: "App[Any]") -> bool:
    """Whether the terminal can be handed to another program for a while (`App.suspend`)."""
    driver = _driver_of(app)
    return driver is not None and driver.can_suspend


def _driver_of(app: "App[Any]") -> "Driver | None":
    """The driver of an app, if it is a `TerminalApp` that has started."""
    driver: Driver | None = getattr(app, "terminal_driver", None)
    return driver
