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

if TYPE_CHECKING:
    from textual.app import App

    from nodion_tui.ui.terminal.inside.key_painter import KeyPainter

_ITERATIONS = 48
"""Iterations of the event loop per key. In each, every message queue advances by one message; a key
bubbles from the field to the app in about ten, and its effects (Enter in a field is reported to
its owner, then to the pane, which moves the focus) take about as many again."""

KeyInput = events.Key | events.Paste


class TypeAhead:
    """Queues keys and pasted text while one of them is being processed.

    Args:
        app: app that receives the keys.
        deliver: sends one to the focused widget.
        hold: pauses other work (`held=True`) while one is being processed, or resumes it.
        painter: paints the effect of one; None: Textual's next frame does.
    """

    def __init__(
        self,
        app: "App[None]",
        deliver: Callable[[events.Event], Awaitable[None]],
        hold: Callable[..., None],
        painter: "KeyPainter | None",
    ) -> None:
        self._app = app
        self._deliver = deliver
        self._hold = hold
        self._painter = painter
        self._waiting: deque[KeyInput] = deque()
        self._settling: asyncio.Task[None] | None = None
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
        if self._painter is None:
            return await action
        return await self._painter.track(action, of_key=self.busy)

    async def _process(self) -> None:
        """Wait until a key has taken effect."""
        for iteration in range(1, _ITERATIONS + 1):
            await asyncio.sleep(0)
            if self._painter is not None:
                self._painter.paint_when_complete(iteration)
        if self._painter is not None:
            await self._painter.finish()
        self._app.call_later(self._next)

    async def _next(self) -> None:
        self._settling = None
        if self._waiting:
            await self._send(self._waiting.popleft())
        else:
            self.busy = False
            self._hold(held=False)
