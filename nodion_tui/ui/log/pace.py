"""How often a log is painted: by time, and by what the terminal has to swallow."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.widget import Widget

if TYPE_CHECKING:
    from textual.timer import Timer

FRAMES_PER_SECOND = 20
BYTES_PER_SECOND = 120_000
"""What a flooded log may send to the terminal."""

_CALM = 0.2
"""Seconds of rest where nothing but figures changes."""


class Pace:
    """Calls `paint` after `touch`: at once when it was quiet, else as soon as the pace allows.

    Args:
        owner: whose timers are used; when it goes, they go.
        paint: paints, and tells about how many bytes that sends.
    """

    def __init__(self, owner: Widget, paint: Callable[[], int]) -> None:
        self._owner = owner
        self._paint = paint
        self.calm = False
        """Whether the rows on screen stay as they are, whatever comes."""
        self._next = 0.0
        self._timer: Timer | None = None

    def touch(self) -> None:
        """Something is new."""
        if self._timer is not None:
            return
        delay = self._next - time.monotonic()
        if delay <= 0:
            self._beat()
        else:
            self._timer = self._owner.set_timer(delay, self._beat)

    def _beat(self) -> None:
        self._timer = None
        sent = self._paint()
        pause = max(1 / FRAMES_PER_SECOND, sent / BYTES_PER_SECOND)
        self._next = time.monotonic() + (_CALM if self.calm and not sent else pause)
