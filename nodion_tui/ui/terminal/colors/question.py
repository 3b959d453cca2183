"""Asks the terminal whether it has true colours, while the program is being imported.

The question is written before Textual is imported and the answer read afterwards, so that even
slow links seldom delay the first paint. Textual's own driver has no way to be given the keys that
are typed meanwhile, nor to drop a late answer: on a plain Textual the terminal is not asked.
"""

import os
import select
import sys
import termios
import time
from collections.abc import Mapping
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from nodion_tui.ui.terminal.colors.answers import COLOR_QUESTION, AnswerFilter
from nodion_tui.ui.terminal.colors.depth import (
    ColorDepth,
    ColorSupport,
    assumed_depth,
    depth_from_environment,
)

WAIT_SECONDS = 0.15
"""Time to wait for the answer once the program could be painted."""
LATE_SECONDS = 10.0
"""Time after the question in which a late answer is kept from being taken for keys."""
_READ_BYTES = 4096
_LOCAL_MODES = 3
_INPUT_MODES = 0
_SPECIAL = 6


class TerminalQuestion:
    """A question to the terminal, and the keys that are typed before the answer.

    Use it as a context manager: the terminal neither echoes nor collects lines inside, so that an
    answer is not printed.

    Args:
        environ: environment, which may make the question unnecessary.
        ask: whether the terminal may be asked.
    """

    def __init__(self, environ: Mapping[str, str], *, ask: bool = True) -> None:
        self._support = depth_from_environment(environ)
        self._assumed = assumed_depth(environ)
        self._asks = ask and self._support is None
        self._asked_at = 0.0
        self._attributes: list[Any] | None = None
        self.answers = AnswerFilter(expected=False)
        """Takes late answers out of the input."""
        self._typed = b""
        """Keys that were typed meanwhile."""

    def __enter__(self) -> Self:
        if self._asks:
            with suppress(OSError, termios.error):
                self._ask()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def answer(self, seconds: float = WAIT_SECONDS) -> ColorSupport:
        """The number of colours; waits at most so many seconds the first time."""
        if self._support is None:
            with suppress(OSError):
                self._read_until(time.monotonic() + seconds)
            self._support = (
                ColorSupport(ColorDepth.TRUE, "reported by the terminal")
                if self.answers.has_true_colors
                else self._assumed
            )
        return self._support

    def release(self) -> None:
        """Let the terminal echo and collect lines as before."""
        attributes, self._attributes = self._attributes, None
        if attributes is not None:
            with suppress(OSError, termios.error):
                termios.tcsetattr(_keyboard(), termios.TCSANOW, attributes)

    def take_keys(self, data: bytes) -> bytes:
        """Input without late answers, which are no longer expected after `LATE_SECONDS`."""
        if not self.answers.is_complete and time.monotonic() > self._asked_at + LATE_SECONDS:
            data = self.answers.release() + data
            self.answers.stop()
        return self.answers.feed(data)

    def take_typed(self) -> bytes:
        """The keys that were typed before the driver reads them itself; none the next time."""
        typed, self._typed = self._typed, b""
        return typed

    def _ask(self) -> None:
        keyboard = _keyboard()
        attributes = termios.tcgetattr(keyboard)
        silent = list(attributes)
        silent[_LOCAL_MODES] &= ~(termios.ECHO | termios.ICANON)
        silent[_INPUT_MODES] &= ~termios.ICRNL  # Enter is a carriage return for Textual
        silent[_SPECIAL] = list(attributes[_SPECIAL])
        silent[_SPECIAL][termios.VMIN], silent[_SPECIAL][termios.VTIME] = 1, 0
        termios.tcsetattr(keyboard, termios.TCSANOW, silent)
        self._attributes = attributes
        self.answers = AnswerFilter(expected=True)
        self._asked_at = time.monotonic()
        assert sys.__stderr__ is not None  # noqa: S101 - a terminal, as was checked
        os.write(sys.__stderr__.fileno(), COLOR_QUESTION.encode())

    def _read_until(self, deadline: float) -> None:
        keyboard = _keyboard()
        while not self.answers.is_complete and (left := deadline - time.monotonic()) > 0:
            if select.select([keyboard], [], [], left)[0]:
                data = os.read(keyboard, _READ_BYTES)
                if not data:
                    return
                self._typed += self.answers.feed(data)


def _keyboard() -> int:
    return 0 if sys.__stdin__ is None else sys.__stdin__.fileno()
