"""Throttles the painting of a log: by frame rate and by bytes sent to the terminal."""

import asyncio
import time
from collections.abc import Callable

from textual.widget import Widget

from nodion_tui.ui.terminal.compositor import should_wait_for_key

FRAMES_PER_SECOND = 20
BYTES_PER_SECOND = 120_000
"""Maximum output of a fast log to the terminal."""

_KEY_RETRY_SECONDS = 0.01
"""Seconds until the next check whether a key is still being processed."""
_STATIC_SECONDS = 0.2
"""Seconds between paints where only figures change."""


class PaintThrottle:
    """Calls `paint` after `request`: at once after a pause, else as soon as the rate allows.

    Args:
        owner: widget whose message loop calls `paint`; painting ends with it.
        paint: paints, and returns the approximate number of bytes sent.
        per_second: maximum frame rate.
    """

    def __init__(
        self, owner: Widget, paint: Callable[[], int], per_second: float = FRAMES_PER_SECOND
    ) -> None:
        self._owner = owner
        self._interval = 1 / per_second
        self._paint = paint
        self.is_static = False
        """Whether new lines leave the rows on screen unchanged."""
        self.is_scheduled = False
        """Whether a call of `paint` is scheduled."""
        self._next = self._painted_at = 0.0

    def request(self) -> None:
        """Request a paint."""
        if self.is_scheduled:
            return
        delay = self._next - time.monotonic()
        if delay <= 0:
            self._paint_or_wait()
        else:
            self._wait(delay)

    def _wait(self, seconds: float) -> None:
        self.is_scheduled = True
        # Not Textual's timer: it never fires if its time is over before it starts to wait, and then
        # nothing would be painted any more.
        asyncio.get_running_loop().call_later(seconds, self._owner.call_next, self._paint_or_wait)

    def pause(self, seconds: float) -> None:
        """Delay the next paint by at least this many seconds."""
        self._next = time.monotonic() + seconds

    def _paint_or_wait(self) -> None:
        if should_wait_for_key(self._owner, self._painted_at):
            self._wait(_KEY_RETRY_SECONDS)
            return
        self.is_scheduled = False
        self._painted_at = time.monotonic()
        sent = self._paint()
        interval = max(self._interval, sent / BYTES_PER_SECOND)
        self.pause(_STATIC_SECONDS if self.is_static and not sent else interval)
