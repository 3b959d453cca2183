"""Leaving the terminal as it was found, however the program ends.

Textual 8.2 restores it on a quit and on a crash, but installs no handlers: after TERM, HUP or QUIT
the shell would be left in the alternate screen with mouse reports on. And where the terminal is
gone while HUP is ignored, its input thread would spin for ever.
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

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
PATIENCE_SECONDS = 2.0
"""How long an orderly end may take after a signal before the process ends at once."""

_RESTORE = (
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1016l"  # mouse
    "\x1b[?2004l\x1b[?1004l\x1b[?2048l\x1b[<u"  # paste, focus, resize reports, keyboard
    "\x1b[?2026l\x1b[?7h\x1b[0m\x1b[?1049l\x1b[?25h"  # output, wrapping, screen, cursor
    "\x1b[23;2t"  # the title of the window
)

TerminalAttributes = list[Any]
"""What `termios.tcgetattr` gives."""


@contextmanager
def graceful_exit(leave: Callable[[int], None]) -> Iterator[None]:
    """End in good order on INT, TERM, HUP and QUIT, and at any rate soon.

    Args:
        leave: begins the orderly end with this exit code, 128 + the signal; called by the event
            loop.
    """
    before_it = terminal_attributes()
    loop = asyncio.get_running_loop()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(leave, 128 + number)
        _end_soon(128 + number, before_it)

    before = {number: signal.signal(number, on_signal) for number in SIGNALS if _is_heeded(number)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def has_hung_up() -> bool:
    """Whether the terminal that standard input was has hung up."""
    try:
        termios.tcgetattr(0)
    except (termios.error, OSError):
        return True
    return False


def exit_after_grace(code: int) -> None:
    """End the process with this code in `PATIENCE_SECONDS`, should it still be there."""
    _end_soon(code, None)


def send_escape(app: "App[Any]", sequence: str) -> None:
    """Send an escape sequence that shows nothing on the screen, such as a window's title."""
    driver = app._driver  # noqa: SLF001 - Textual's own `bell` does it so
    if sequence and driver is not None and not app.is_headless:
        driver.write(sequence)


def send_escape_at_exit(sequence: str) -> None:
    """The same, once Textual has left the terminal."""
    if sequence and sys.__stderr__ is not None:
        with suppress(OSError):
            sys.__stderr__.write(sequence)
            sys.__stderr__.flush()


def _is_heeded(number: signal.Signals) -> bool:
    """What is ignored from outside (nohup) stays ignored."""
    return signal.getsignal(number) is not signal.SIG_IGN


def terminal_attributes() -> TerminalAttributes | None:
    """The terminal's line discipline, to be given back by `restore`; None if there is none."""
    try:
        return termios.tcgetattr(0)
    except (termios.error, OSError):
        return None


def _is_ours() -> bool:
    """Whether no other job of the shell has the terminal now."""
    try:
        return os.tcgetpgrp(0) == os.getpgrp()
    except OSError:
        return True


def _end_soon(code: int, before: TerminalAttributes | None) -> None:
    """A thread, for the event loop may stand still before a terminal that nobody reads."""

    def wait_and_end() -> None:
        time.sleep(PATIENCE_SECONDS)
        restore_terminal(before)
        os._exit(code)

    threading.Thread(target=wait_and_end, name="end soon", daemon=True).start()


def restore_terminal(before: TerminalAttributes | None) -> None:
    """Leave the terminal as it was, from outside of Textual; one that others use is left alone."""
    if not _is_ours():
        return
    try:
        if before is not None:
            termios.tcsetattr(0, termios.TCSANOW, before)
        descriptor = sys.__stderr__.fileno() if sys.__stderr__ else 2
        os.set_blocking(descriptor, False)
        os.write(descriptor, _RESTORE.encode())
    except (termios.error, OSError):
        return


def can_suspend(app: "App[Any]") -> bool:
    """Whether the terminal can be handed to another program for a while (`App.suspend`)."""
    driver = app._driver  # noqa: SLF001 - App.suspend asks the same
    return driver is not None and driver.can_suspend
