"""Type-ahead: each key is delivered to the focused widget after the previous one has taken effect.

Textual delivers a key to the focused widget on arrival. Keys that arrive in one packet over SSH
(`/err`), or are typed before a screen opens, would act on the log instead of being entered into
the search that the first key opens.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual import events

from nodion_tui.ui.terminal.compositor import PendingRepaint, paint_now

if TYPE_CHECKING:
    from textual.app import App

_ITERATIONS = 48
"""Iterations of the event loop per key. In each, every message queue advances by one message; a key
bubbles from the field to the app in about ten, and its effects (Enter in a field is reported to
its owner, then to the pane, which moves the focus) take about as many again."""

_PAINT_ITERATIONS = 8
"""Maximum number of iterations between paints of a key's changes."""

_STABLE_ITERATIONS = 2
"""Iterations without further repaints after which a key's effect is painted."""

KeyInput = events.Key | events.Paste


class TypeAhead:
    """Queues keys and pasted text while one of them is being processed.

    Args:
        app: app that receives the keys.
        deliver: sends one to the focused widget.
        hold: pauses other work (`held=True`) while one is being processed, or resumes it.
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
        self._repaint: PendingRepaint | None = None
        self.busy = False
        """Whether one of them is being processed."""

    async def submit(self, key_input: KeyInput) -> None:
        """Deliver input now, or after the input before it."""
        if self._settling is None:
            await self._send(key_input)
        else:
            self._waiting.append(key_input)

    async def _send(self, key_input: KeyInput) -> None:
        self.busy = True
        self._hold(held=True)
        await self._deliver(key_input)
        self._settling = asyncio.create_task(self._process(), name="typed")

    async def track_action(self, action: Awaitable[bool]) -> bool:
        """Run a key's action and attribute the following repaints to the key.

        Actions of clicks and of the command palette pass through here, too, without a key.
        """
        repaint = PendingRepaint(self._app.screen) if self.busy else None
        done = await action
        if done:
            self._repaint = repaint
        return done

    async def _process(self) -> None:
        """Paint a key's effect as soon as it is complete, not before: frames are expensive."""
        last = stable = 0
        for iteration in range(1, _ITERATIONS + 1):
            await asyncio.sleep(0)
            screen = self._app.screen
            now = self._repaint.count(screen) if self._repaint else 0
            stable, last = stable + 1 if now == last else 0, now
            if iteration % _PAINT_ITERATIONS == 0:
                paint_now(screen)
            elif self._repaint and now and stable >= _STABLE_ITERATIONS:
                self._repaint.paint(screen)
        self._repaint = None
        self._app.call_later(self._next)

    async def _next(self) -> None:
        self._settling = None
        if self._waiting:
            await self._send(self._waiting.popleft())
        else:
            self.busy = False
            self._hold(held=False)
