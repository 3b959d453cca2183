"""Keys in turn: each goes to whoever has the focus once the one before it has done its work.

Textual hands a key to the widget in focus the moment it arrives. What comes in one packet over SSH
(`/err`), or is typed faster than a screen opens, would so act on the log instead of being typed
into the search that its first key opens.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

from nodion_tui.ui.repaint import paint_now

if TYPE_CHECKING:
    from textual.app import App

_TURNS = 48
"""Turns of the event loop that a key is given. In each, every queue that has a message moves on; a
key bubbles from the field to the app in about ten, what it sets going (Enter in a field is told to
who owns it, who tells the pane, who moves the focus) needs about as many again."""

_PAINT = 8
"""Every so many turns what a key has changed so far is painted: logs in a flood keep the next frame
from being due."""

Typed = events.Key | events.Paste


class TypeAhead:
    """Holds keys and pasted text back while one of them is on its way.

    Args:
        app: whose keys.
        deliver: hands one to the widget in focus.
        hold: has others wait (`held=True`) while one is on its way, or go on.
    """

    def __init__(
        self,
        app: "App[None]",
        deliver: Callable[[events.Event], Awaitable[None]],
        hold: Callable[..., None],
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._hold = hold
        self._waiting: deque[Typed] = deque()
        self._settling: asyncio.Task[None] | None = None

    async def take(self, typed: Typed) -> None:
        """Deliver it now, or when those before it are done."""
        if self._settling is None:
            await self._send(typed)
        else:
            self._waiting.append(typed)

    async def _send(self, typed: Typed) -> None:
        self._hold(held=True)
        await self._deliver(typed)
        self._settling = asyncio.create_task(self._settle(), name="typed")

    async def _settle(self) -> None:
        for turn in range(_TURNS):
            await asyncio.sleep(0)
            if turn % _PAINT == 0:
                paint_now(self._app.screen)
        self._app.call_later(self._next)

    async def _next(self) -> None:
        self._settling = None
        if self._waiting:
            await self._send(self._waiting.popleft())
        else:
            self._hold(held=False)
