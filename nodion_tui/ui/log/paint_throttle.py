"""How often a log is painted: by time, and by what the terminal has to swallow."""

import asyncio
import time
from collections.abc import Callable

from textual.widget import Widget

from nodion_tui.ui.terminal.compositor import gives_way

FRAMES_PER_SECOND = 20
BYTES_PER_SECOND = 120_000
"""What a flooded log may send to the terminal."""

_AGAIN = 0.01
"""Seconds after which it is looked again whether a key is still on its way."""
_CALM = 0.2
"""Seconds of rest where nothing but figures changes."""


class PaintThrottle:
    """Calls `paint` after `touch`: at once when it was quiet, else as soon as the pace allows.

    Args:
        owner: in whose turn `paint` is called; when it goes, no more is painted.
        paint: paints, and tells about how many bytes that sends.
        per_second: how often at most.
    """

    def __init__(
        self, owner: Widget, paint: Callable[[], int], per_second: float = FRAMES_PER_SECOND
    ) -> None:
        self._owner = owner
        self._interval = 1 / per_second
        self._paint = paint
        self.calm = False
        """Whether the rows on screen stay as they are, whatever comes."""
        self.is_scheduled = False
        """Whether `paint` is about to be called anyway."""
        self._next = self._painted_at = 0.0

    def request(self) -> None:
        """Something is new."""
        if self.is_scheduled:
            return
        delay = self._next - time.monotonic()
        if delay <= 0:
            self._beat()
        else:
            self._wait(delay)

    def _wait(self, seconds: float) -> None:
        self.is_scheduled = True
        # Not Textual's timer: that one never rings if its time is over before it has begun to
        # wait, and then nothing would ever be painted again.
        asyncio.get_running_loop().call_later(seconds, self._owner.call_next, self._beat)

    def rest(self, seconds: float) -> None:
        """Paint no sooner than in so many seconds."""
        self._next = time.monotonic() + seconds

    def _beat(self) -> None:
        if gives_way(self._owner, self._painted_at):
            self._wait(_AGAIN)
            return
        self.is_scheduled = False
        self._painted_at = time.monotonic()
        sent = self._paint()
        pause = max(self._interval, sent / BYTES_PER_SECOND)
        self.rest(_CALM if self.calm and not sent else pause)
