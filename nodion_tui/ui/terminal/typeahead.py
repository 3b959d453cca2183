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

from nodion_tui.ui.terminal.compositor import PendingRepaint, paint_now

if TYPE_CHECKING:
    from textual.app import App

_TURNS = 48
"""Turns of the event loop that a key is given. In each, every queue that has a message moves on; a
key bubbles from the field to the app in about ten, what it sets going (Enter in a field is told to
who owns it, who tells the pane, who moves the focus) needs about as many again."""

_PAINT = 8
"""At the latest every so many turns it is painted what a key has changed so far."""

_SAME = 2
"""So many turns without anything more to paint, and what a key does is done, or a part of it."""

KeyInput = events.Key | events.Paste


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
        self._waiting: deque[KeyInput] = deque()
        self._settling: asyncio.Task[None] | None = None
        self._doing: PendingRepaint | None = None
        self.busy = False
        """Whether one of them is on its way."""

    async def submit(self, typed: KeyInput) -> None:
        """Deliver it now, or when those before it are done."""
        if self._settling is None:
            await self._send(typed)
        else:
            self._waiting.append(typed)

    async def _send(self, typed: KeyInput) -> None:
        self.busy = True
        self._hold(held=True)
        await self._deliver(typed)
        self._settling = asyncio.create_task(self._settle(), name="typed")

    async def track_action(self, action: Awaitable[bool]) -> bool:
        """Do what a key is bound to: what is to be painted from now on is its doing.

        What a click or the palette does passes through here, too, and has no key on its way.
        """
        unpainted = PendingRepaint(self._app.screen) if self.busy else None
        done = await action
        if done:
            self._doing = unpainted
        return done

    async def _settle(self) -> None:
        """Paint what the key does as soon as it is done, and not before: each frame takes long."""
        last = same = 0
        for turn in range(1, _TURNS + 1):
            await asyncio.sleep(0)
            screen = self._app.screen
            now = self._doing.count(screen) if self._doing else 0
            same, last = same + 1 if now == last else 0, now
            if turn % _PAINT == 0:
                paint_now(screen)
            elif self._doing and now and same >= _SAME:
                self._doing.paint(screen)
        self._doing = None
        self._app.call_later(self._next)

    async def _next(self) -> None:
        self._settling = None
        if self._waiting:
            await self._send(self._waiting.popleft())
        else:
            self.busy = False
            self._hold(held=False)
