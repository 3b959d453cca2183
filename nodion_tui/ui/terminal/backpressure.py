"""A terminal that does not read fast enough, or at all, gets fewer frames; nothing waits for it.

Textual 8.2 queues what it writes, and stands still, event loop and all, when the queue is full: a
laptop that sleeps on the other side of SSH would hold up every log, alarm and hook.
"""

import asyncio
from typing import Any

from textual.app import App

_MOST_QUEUED = 20
"""Writes that wait for the terminal, of the 30 that Textual queues; a frame makes three."""
_LOOK_SECONDS = 0.05


class Backpressure:
    """Tells which frames are left out; when the terminal has caught up, all of it is painted.

    Args:
        app: whose frames.
    """

    def __init__(self, app: App[Any]) -> None:
        self._app = app
        self._behind = False

    def skips_frame(self) -> bool:
        """Whether the frame that is due is not to be written."""
        if not self._behind and self._queued() > _MOST_QUEUED:
            self._behind = True
            self._look_later()
        return self._behind

    def _look_later(self) -> None:
        asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def _look(self) -> None:
        if not self._app._running:  # noqa: SLF001 - Textual has no other word for it
            return
        if self._queued():
            self._look_later()
        else:
            self._behind = False
            self._app.call_later(self._repaint)

    def _repaint(self) -> None:
        self._app.screen.refresh()

    def _queued(self) -> int:
        """Writes that wait for the terminal."""
        thread = getattr(self._app._driver, "_writer_thread", None)  # noqa: SLF001 - as above
        return 0 if thread is None else thread._queue.qsize()  # noqa: SLF001 - as above
