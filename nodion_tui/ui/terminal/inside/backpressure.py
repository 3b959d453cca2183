"""Backpressure: a slow or stalled terminal gets fewer frames; nothing waits for it.

Textual 8.2 queues its output and blocks the event loop when the queue is full, at 30 writes: a
suspended laptop at the other end of SSH would hold up every log, alarm and hook.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from textual.app import App

_MAX_QUEUED = 20
"""Limit of pending writes; a frame takes three."""
_CHECK_SECONDS = 0.05


class Backpressure:
    """Decides which frames are skipped; repaints the screen once the terminal has caught up.

    Args:
        app: app whose frames are skipped.
        queued_writes: number of writes that the terminal has not taken yet.
    """

    def __init__(self, app: App[Any], queued_writes: Callable[[], int]) -> None:
        self._app = app
        self._queued_writes = queued_writes
        self._behind = False

    def skips_frame(self) -> bool:
        """Whether to skip the current frame."""
        if not self._behind and self._queued_writes() > _MAX_QUEUED:
            self._behind = True
            self._schedule_check()
        return self._behind

    def _schedule_check(self) -> None:
        asyncio.get_running_loop().call_later(_CHECK_SECONDS, self._check)

    def _check(self) -> None:
        if not self._app.is_running:
            return
        if self._queued_writes():
            self._schedule_check()
        else:
            self._behind = False
            self._app.call_later(self._repaint)

    def _repaint(self) -> None:
        self._app.screen.refresh()
