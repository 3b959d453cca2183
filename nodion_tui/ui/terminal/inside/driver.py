"""Terminal driver that blocks until there is input.

Textual 8.2 polls ten times a second for the program's end and for a lone escape key: a quarter of
the cost of an idle dashboard, and as many wake-ups of a laptop's processor. Here a pipe signals the
end, and timeouts are used only after input. Invalid UTF-8, pasted from an old terminal for example,
is replaced; in Textual it ends the input (textual issue 6456).
"""

import asyncio
import os
import selectors
import signal
from codecs import getincrementaldecoder
from collections.abc import Iterable
from typing import Any

from textual import constants, events
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from nodion_tui.ui.terminal.colors.question import TerminalQuestion
from nodion_tui.ui.terminal.restore import LAST_ROW

_READ_BYTES = 4096
"""Bytes per read."""
_ALT_ENTER, _ALT_ENTER_EXTENDED = "\x1b\r", "\x1b[13;3u"
"""alt+Enter as most terminals send it, which Textual takes for Enter, and as a few others do."""
_ESCAPE_CHECKS = 2
"""Number of checks for a lone escape key after input, each after `ESCAPE_DELAY`."""


class BlockingInputDriver(LinuxDriver):
    """Textual's terminal driver with a blocking input thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._end_reader, self._end_writer = os.pipe()
        self.has_input = False
        """Whether there is unprocessed input; the app resets it."""
        self._is_reading = False
        question = getattr(self._app, "terminal_question", None)
        self._question: TerminalQuestion = question or TerminalQuestion({}, ask=False)

    def start_application_mode(self) -> None:
        """Textual: set up the terminal, at start and after a suspension.

        Also at a SIGCONT without a suspension, which a terminal that hangs up sends after its
        SIGHUP. A second input thread would never end then, and the first mode would be forgotten.
        """
        self._question.release()
        attributes = self.attrs_before if self._is_reading else None
        if self._is_reading:
            self.disable_input()
        super().start_application_mode()  # type: ignore[no-untyped-call]  # so in Textual
        self.attrs_before = attributes or self.attrs_before
        # A second signal between reading and posting the size in Textual's handler posts its size
        # first, so that the older size arrives last and stays. The event loop handles signals in
        # order.
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGWINCH, resized, signal.SIGWINCH, None
            )

    def stop_application_mode(self) -> None:
        """Textual: give the terminal back, at the end and for a suspension."""
        self.write(LAST_ROW)
        super().stop_application_mode()

    def disable_input(self) -> None:
        """Textual: stop reading input, temporarily or finally."""
        os.write(self._end_writer, b"\0")
        super().disable_input()
        os.read(self._end_reader, 1)

    def run_input_thread(self) -> None:
        """Textual: read input until `exit_event`."""
        self._is_reading = True
        try:
            self._read_input()
        finally:
            self._is_reading = False

    def _read_input(self) -> None:
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        if typed := decode(self._question.take_typed()):
            self._process(parser.feed(typed))
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._end_reader, selectors.EVENT_READ)
            checks = 0
            while not self.exit_event.is_set():
                ready = selector.select(constants.ESCAPE_DELAY if checks else None)
                checks = max(0, checks - 1)
                if any(key.fd == self.fileno for key, _ in ready):
                    data = os.read(self.fileno, _READ_BYTES)
                    checks = _ESCAPE_CHECKS
                    if not data:
                        selector.unregister(self.fileno)  # The terminal has hung up.
                    elif text := decode(self._question.take_keys(data)):
                        text = text.replace(_ALT_ENTER, _ALT_ENTER_EXTENDED)
                        self._process(parser.feed(text))
                elif text := decode(self._question.answers.release()):
                    self._process(parser.feed(text))
                self._process(parser.tick())

    @property
    def queued_writes(self) -> int:
        """Number of writes that the terminal has not taken yet."""
        thread = self._writer_thread
        return 0 if thread is None else thread._queue.qsize()

    def send_message(self, message: Message) -> None:
        """Textual: post to the app directly, which takes the fewest loop iterations."""
        self._app.post_message(message)

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if isinstance(message, events.Key | events.Paste):
                self.has_input = True
            self.process_message(message)
