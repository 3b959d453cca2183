"""Waits for keys and other sizes, and sleeps until there are some.

Textual 8.2 looks ten times a second whether the program is to end or an escape key stands alone: a
quarter of what an idle dashboard costs, and as many wake-ups of a laptop's processor. Here a pipe
tells of the end, and the clock is asked only after something was typed. And a byte that is no UTF-8
ends nothing, as one that is pasted from an old terminal would in Textual.
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

_TYPED = 4096
"""Bytes that are read at once."""
_LOOKS = 2
"""How often it is asked whether an escape stands alone, each time after `ESCAPE_DELAY`."""


class BlockingInputDriver(LinuxDriver):
    """Textual's driver of a terminal, with a thread for input that sleeps."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._ended, self._end = os.pipe()
        self.has_input = False
        """Something was typed; whoever takes it says that it is taken."""

    def start_application_mode(self) -> None:
        """Textual: take the terminal, at the start and after a suspension."""
        super().start_application_mode()  # type: ignore[no-untyped-call]  # so in Textual
        # A signal that comes while Textual's handler has read the size, but has not posted it yet,
        # posts its own before: the older size came last and stayed. The event loop takes signals in
        # their turn.
        resized = signal.getsignal(signal.SIGWINCH)
        if callable(resized):
            asyncio.get_running_loop().add_signal_handler(
                signal.SIGWINCH, resized, signal.SIGWINCH, None
            )

    def disable_input(self) -> None:
        """Textual: read no more keys, for the time being or for ever."""
        os.write(self._end, b"\0")
        super().disable_input()
        os.read(self._ended, 1)

    def run_input_thread(self) -> None:
        """Textual: read keys until `exit_event`."""
        parser = XTermParser(self._debug)
        decode = getincrementaldecoder("utf-8")("replace").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            looks = 0
            while not self.exit_event.is_set():
                ready = selector.select(constants.ESCAPE_DELAY if looks else None)
                looks = max(0, looks - 1)
                if any(key.fd == self.fileno for key, _ in ready):
                    typed = os.read(self.fileno, _TYPED)
                    looks = _LOOKS
                    if not typed:
                        selector.unregister(self.fileno)  # It has hung up.
                    elif text := decode(typed):
                        self._process(parser.feed(text))
                self._process(parser.tick())

    def send_message(self, message: Message) -> None:
        """Textual: put it where the app takes it, by the way with the fewest turns of the loop."""
        self._app.post_message(message)

    def _process(self, messages: Iterable[Message]) -> None:
        for message in messages:
            if isinstance(message, events.Key | events.Paste):
                self.has_input = True
            self.process_message(message)
