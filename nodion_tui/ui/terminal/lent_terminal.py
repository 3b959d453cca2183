"""Lends the terminal to another program until that ends, and takes it back whole.

The program is in the process group of the dashboard, as under `system(3)`: so ctrl+z stops both,
and `fg` continues both. The event loop stands still meanwhile, for whatever it painted would be
painted over the program; lists and logs catch up afterwards, as after ctrl+z.

A program that is killed leaves the terminal raw, in its alternate screen, or to a process group
that is gone. All that is put right before Textual reads what the terminal is like.
"""

import os
import signal
import subprocess
import sys
import termios
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import IO, TYPE_CHECKING, Any

from nodion_tui.ui.terminal.restore import can_suspend, reset_terminal, terminal_attributes

if TYPE_CHECKING:
    from textual.app import App

_LEFT_TO_PROGRAM = (signal.SIGINT, signal.SIGQUIT)
"""What the keyboard sends to both, and the program alone obeys."""
_PASSED_ON = (signal.SIGTERM, signal.SIGHUP)
"""What ends the dashboard, and so the program that has its terminal."""


def run_on_terminal(
    app: "App[Any]", argv: Sequence[str], environ: Mapping[str, str], stdin: IO[bytes] | None
) -> int | None:
    """Run a program on the terminal until it ends; blocks the event loop.

    Args:
        app: gives the terminal away, and paints it again.
        argv: program and arguments; no shell.
        environ: its environment.
        stdin: what it reads; None: the keyboard.

    Returns:
        Its exit code, or minus a signal; None: the terminal cannot be lent.

    Raises:
        OSError: it could not be started; or ValueError.
    """
    if not can_suspend(app):
        return None
    outcome: int | Exception
    with app.suspend():  # which does not take the terminal back after an exception
        outcome = _outcome(argv, environ, stdin)
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _outcome(
    argv: Sequence[str], environ: Mapping[str, str], stdin: IO[bytes] | None
) -> int | Exception:
    """Exit code of the program, or why it was not started."""
    with _as_before():
        try:
            process = subprocess.Popen(argv, env=environ, stdin=stdin)
        except (OSError, ValueError) as error:
            return error
        with _signals_for(process):
            code = process.wait()
        if code > 0:
            _wait_for_enter(argv, code)
        return code


@contextmanager
def _as_before() -> Iterator[None]:
    """Leave the terminal as it was found."""
    attributes = terminal_attributes()
    try:
        yield
    finally:
        _take_foreground()
        reset_terminal(attributes)


def _take_foreground() -> None:
    """Become the foreground again, where a program with jobs of its own was killed."""
    with suppress(OSError):
        if os.tcgetpgrp(0) == os.getpgrp():
            return
        before = signal.signal(signal.SIGTTOU, signal.SIG_IGN)
        try:
            os.tcsetpgrp(0, os.getpgrp())
        finally:
            signal.signal(signal.SIGTTOU, before)


@contextmanager
def _signals_for(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Leave the keyboard's signals to a process, and pass on those that end the dashboard."""
    before: dict[signal.Signals, Any] = {}

    def leave(number: int, frame: FrameType | None) -> None:
        process.send_signal(number)
        own = before[signal.Signals(number)]
        if callable(own):
            own(number, frame)

    # Handlers, as an ignored signal would be ignored by the programs that the process starts.
    for number in _LEFT_TO_PROGRAM:
        before[number] = signal.signal(number, lambda *_: None)
    for number in _PASSED_ON:
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, leave)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _wait_for_enter(argv: Sequence[str], code: int) -> None:
    """Let its last words be read, which the dashboard covers."""
    name = argv[0].rpartition("/")[2]
    _take_foreground()
    reset_terminal(None)
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"\r\n{name} failed: exit {code}; Enter returns to nodion-tui ")
        sys.__stderr__.flush()
    with suppress(OSError, termios.error):
        attributes = termios.tcgetattr(0)
        attributes[3] |= termios.ICANON | termios.ECHO | termios.ISIG
        attributes[0] |= termios.ICRNL
        termios.tcsetattr(0, termios.TCSANOW, attributes)
        termios.tcflush(0, termios.TCIFLUSH)
        os.read(0, 1024)
