"""Backpressure: a slow or stalled terminal gets fewer frames; nothing waits for it.

Textual 8.2 queues its output and blocks the event loop when the queue is full: a suspended laptop
at the other end of SSH would hold up every log, alarm and hook.
"""

import asyncio
from typing import Any

from textual.app import App

_MAX_QUEUED = 20
"""Limit of pending writes; Textual queues 30, and a frame takes three."""
_CHECK_SECONDS = 0.05


class Backpressure:
    """Decides which frames are skipped; repaints the screen once the terminal has caught up.

    Args:
        app: app whose frames are skipped.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._behind = False

    def skips_frame(self) -> bool:
        """Whether to skip the current frame."""
        if not self._behind and self._queued() > _MAX_QUEUED:
            self._behind = True
            self._schedule_check()
        return self._behind

    def _schedule_check(self) -> None:
        asyncio.get_running_loop().call_later(_CHECK_SECONDS, self._check)

    def _check(self) -> None:
        if not self._app._running:  # noqa: SLF001 - Textual has no public name for it
            return
        if self._queued():
            self._schedule_check()
        else:
            self._behind = False
            self._app.call_later(self._repaint)

    def _repaint(self) -> None:
        self._app.screen.refresh()

    def _queued(self) -> int:
        """Number of pending writes."""
        thread = getattr(self._app._driver, "_writer_thread", None)  # noqa: SLF001 - as above
        return 0 if thread is None else thread._queue.qsize()  # noqa: SLF001 - as above
