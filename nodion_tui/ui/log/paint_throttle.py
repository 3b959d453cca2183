"""Throttles the painting of a log: by frame rate and by bytes sent to the terminal."""

import time
from collections.abc import Callable
from functools import partial

from textual.widget import Widget

from nodion_tui.monitor.log.throttle import Throttle
from nodion_tui.ui.terminal.key_priority import should_wait_for_key

FRAMES_PER_SECOND = 20
BYTES_PER_SECOND = 120_000
"""Maximum output of a fast log to the terminal."""

_KEY_RETRY_SECONDS = 0.01
"""Seconds until the next check whether a key is still being processed."""
_STATIC_SECONDS = 0.2
"""Seconds between paints where only figures change."""


class PaintThrottle:
    """Calls `paint` after `request`: at once after a pause, else as soon as the rate allows.

    A `Throttle` has the clock. Here is what a terminal adds: a frame waits for the bytes of the
    one before and for a key on its way, and is painted in the message loop of its widget.

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
        self._throttle = Throttle(per_second)
        self._paint = paint
        self.is_static = False
        """Whether new lines leave the rows on screen unchanged."""
        self.is_scheduled = False
        """Whether a call of `paint` is scheduled."""
        self._painted_at = 0.0

    def request(self) -> None:
        """Request a paint."""
        if self.is_scheduled:
            return
        if self._throttle.is_free:
            self._paint_or_wait()
        else:
            self._schedule()

    def pause(self, seconds: float) -> None:
        """Delay the next paint by at least this many seconds."""
        self._throttle.hold(seconds)

    def _schedule(self) -> None:
        self.is_scheduled = True
        # Not Textual's timer: it never fires if its time is over before it starts to wait, and then
        # nothing would be painted any more.
        self._throttle.schedule(partial(self._owner.call_next, self._paint_or_wait))

    def _paint_or_wait(self) -> None:
        if should_wait_for_key(self._owner, self._painted_at):
            self.pause(_KEY_RETRY_SECONDS)
            self._schedule()
            return
        self.is_scheduled = False
        self._painted_at = time.monotonic()
        sent = self._paint()
        interval = max(self._interval, sent / BYTES_PER_SECOND)
        self.pause(_STATIC_SECONDS if self.is_static and not sent else interval)
