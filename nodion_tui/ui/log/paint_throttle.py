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
_FLOOD_SECONDS = 0.1
"""Seconds between paints that leave no row of the one before: nobody reads along, and a paint costs
as much as several thousand lines."""
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
        self._is_static = self._is_flood = False
        self._end = 0
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

    def observe(self, end: int, height: int, *, follow: bool) -> None:
        """Tell what is painted, which decides how long the next paint waits.

        Args:
            end: number of entries of the log.
            height: rows of the window.
            follow: whether it shows the newest ones; else new ones leave its rows unchanged.
        """
        self._is_static = not follow
        self._is_flood = end - self._end > height
        self._end = end

    def release(self) -> None:
        """Make the next paint, requested or not, at once."""
        self._throttle.hold(0)
        if self.is_scheduled:
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
        if self._is_static and not sent:
            self.pause(_STATIC_SECONDS)
        else:
            interval = _FLOOD_SECONDS if self._is_flood else self._interval
            self.pause(max(interval, sent / BYTES_PER_SECOND))
