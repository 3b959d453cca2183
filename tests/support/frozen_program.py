"""The dashboard in a real terminal, with a clock that moves only when it is told to.

    python -m tests.support.frozen_program '{"url": …, "control": 5, …}'

It is the product's app, run by the product's `run`; what is replaced is time: the wall clock stands
still, the monotonic one creeps, so that ages change only when a test says so. Over a socket it
answers one JSON object a line with one: see `Control`.
"""

import asyncio
import contextlib
import json
import os
import socket
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import time_machine
from textual import _time, events
from textual.screen import Screen
from textual.widget import Widget

from tests.support.canned import NOW
from tests.support.seen_terminal import is_unpainted, painted_whole

_CREEP = 1e-4
"""Seconds of the still clock in a real one: enough for a budget of requests to go on."""
_PATIENCE = 10.0
_LINES_SECONDS = 2.0
_INPUTS = {
    events.Key,
    events.Paste,
    events.MouseDown,
    events.MouseUp,
    events.MouseMove,
    events.MouseScrollDown,
    events.MouseScrollUp,
}


class FrozenClock:
    """The clocks of the process: the wall clock stands, the monotonic one creeps."""

    def __init__(self) -> None:
        self._real = time.monotonic
        self._began = self._real()
        self._moved = 0.0
        self._wall = time_machine.travel(NOW, tick=False)
        self._standing = self._wall.start()
        # Timers and sleeps go on: both of these have their own clock.
        assert _time.get_time is self._real
        real = self._real
        asyncio.BaseEventLoop.time = lambda self: real()  # type: ignore[method-assign] # noqa: ARG005
        time.monotonic = self.monotonic

    def monotonic(self) -> float:
        """Seconds, creeping."""
        return self._began + self._moved + (self._real() - self._began) * _CREEP

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._moved += seconds
        self._standing.shift(timedelta(seconds=seconds))


class Control:
    """What a test may ask for; each answer tells how many bytes the terminal was sent by then.

    settle    wait until so many inputs have come, the size is this, and nothing is left to paint
    look      settle, and give all of the screen as it is painted anew on an empty terminal
    poll      have every list asked for, and wait until the answers are there
    lines     wait until the log that is open holds so many lines
    pass      let so many seconds pass
    toast     show a notification
    hush      take all notifications away
    """

    def __init__(self, app: Any, clock: FrozenClock) -> None:
        self._app = app
        self._clock = clock
        self.inputs = 0
        """Keys, pastes and mouse events so far."""
        self.written = 0
        """Bytes that the terminal was sent so far."""

    async def serve(self, descriptor: int) -> None:
        """Answer until the other side closes."""
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
        while line := await reader.readline():
            asked = json.loads(line)
            do: Callable[..., Awaitable[dict[str, Any] | None]]
            do = getattr(self, f"do_{asked.pop('do')}")
            try:
                answer = await asyncio.wait_for(do(**asked), _PATIENCE) or {}
            except TimeoutError:
                answer = {"late": f"{do.__name__}{asked}: {self._state()}"}
            except Exception as error:  # noqa: BLE001 - the test is to hear of it
                answer = {"late": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer | {"written": self.written}).encode() + b"\n")
            await writer.drain()

    async def do_settle(self, inputs: int, size: list[int]) -> None:
        """See above."""
        # What is waited for in this class tells nobody.
        while self.inputs < inputs or list(self._app.size) != size:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        still = 0
        while still < 3:
            await self._handled()
            still = 0 if self._unpainted() else still + 1

    async def do_look(self, inputs: int, size: list[int]) -> dict[str, Any]:
        """See above."""
        self._tick()  # An answer that came by itself may have made a row fresh.
        await self.do_settle(inputs, size)
        written, state = self.written, self._state()
        return {
            "whole": _aside(lambda: full_redraw(self._app.screen)),
            "at": written,
            "state": state,
        }

    async def do_poll(self) -> None:
        """See above."""
        from nodion_tui.monitor.runs.changes import RUNNER_LIST

        while (monitor := self._app.watcher.monitor) is None or not monitor.runs.runners:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        for _ in range(2):  # The first may bring runners that are new.
            runners = [runner.id for runner in monitor.runs.runners]
            monitor.poller.refresh((RUNNER_LIST, *runners))
            await monitor.caught_up()
        self._tick()

    async def do_lines(self, run: str, count: int) -> None:
        """See above; of a run whose log is not open, or not read now, nothing is waited for."""
        pane = self._app.dashboard._log
        session = None if pane is None else pane.session
        if session is None or session.key.run_id != run:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINES_SECONDS):
                while session.buffer.lines < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)

    async def do_pass(self, seconds: float) -> None:
        """See above."""
        self._clock.move(seconds)
        self._tick()

    def _tick(self) -> None:
        """Have the screens see that time has passed."""
        for screen in self._app.screen_stack:
            for tick in filter(None, (getattr(screen, "_tick", None),)):
                tick()
        pane = self._app.dashboard._log
        if pane is not None:
            pane._tell()

    async def do_toast(self, text: str) -> None:
        """See above."""
        self._app.notify(text, markup=False, timeout=3600)

    async def do_hush(self) -> None:
        """See above."""
        self._app.clear_notifications()

    async def _handled(self) -> None:
        """Wait until every message that is under way by now has been handled."""
        for _ in range(3):
            for pump in (*self._app.screen.walk_children(Widget), self._app.screen, self._app):
                done = asyncio.Event()
                pump.call_later(done.set)
                # A dialog that is being taken down answers no more.
                while not done.is_set() and pump.is_running and pump.is_attached:  # noqa: ASYNC110
                    await asyncio.sleep(0)
            await asyncio.sleep(0)

    def _unpainted(self) -> list[str]:
        """What is still to be painted, and why."""
        app = self._app
        pane = app.dashboard._log
        thread = app._driver._writer_thread
        waits = {
            "keys": app._typed.busy and (app._typed._waiting or app._typed._settling),
            "screen": is_unpainted(app),
            "log": pane is not None and pane._pace.waiting,
            "frames": app._frames._behind,
            "terminal": thread is not None and thread._queue.qsize(),
        }
        return [name for name, waiting in waits.items() if waiting]

    def _state(self) -> str:
        app = self._app
        focused = app.focused.id or type(app.focused).__name__ if app.focused else "nothing"
        return (
            f"{type(app.screen).__name__}, focus on {focused}, {self.inputs} inputs,"
            f" waits for {self._unpainted()}"
        )


def _aside(make: Callable[[], str]) -> str:
    """What something makes in a copy of this process, so that nothing here is different after."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(make().encode())
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        made = pipe.read().decode()
    assert os.waitpid(child, 0)[1] == 0, "the screen could not be painted"
    return made


def full_redraw(screen: Screen[Any]) -> str:
    """All of a screen, with every widget rendered anew, as it is written to an empty terminal."""
    for each in screen.app.screen_stack:
        for widget in (each, *each.walk_children(Widget)):
            widget.refresh()
    return painted_whole(screen.app)


def main() -> int:
    """Run it."""
    asked = json.loads(sys.argv[1])
    clock = FrozenClock()
    control: Any = None

    from nodion_tui.config import Profile, Secret
    from nodion_tui.ui.app import NodionApp
    from nodion_tui.ui.run import run
    from nodion_tui.ui.terminal.driver import BlockingInputDriver

    class Counting(BlockingInputDriver):
        def write(self, data: str) -> None:
            # The line discipline puts a carriage return before each line feed.
            control.written += len(data.encode()) + data.count("\n")
            super().write(data)

    class Still(NodionApp):
        async def on_event(self, event: events.Event) -> None:
            # What a widget leaves alone comes back here, and has been forwarded by then.
            is_input = type(event) in _INPUTS and not event.is_forwarded
            await super().on_event(event)
            control.inputs += is_input

        async def _begin(self) -> None:
            await super()._begin()
            self._serving = asyncio.create_task(control.serve(asked["control"]))
            self._serving.add_done_callback(lambda _: self.exit())

    def make() -> NodionApp:
        nonlocal control
        app = Still(
            Profile(name="still", api_url=asked["url"], key=Secret("key")),
            theme=asked.get("theme"),
            ascii_only=asked.get("ascii", False),
            requests_per_minute=1_000_000,
            data_folder=Path(asked["data"]),
            profiles=[
                Profile(name=name, api_url=url, key=Secret("key"))
                for name, url in asked.get("profiles", {}).items()
            ],
        )
        app.driver_class = Counting
        control = Control(app, clock)
        return app

    return run(make)


if __name__ == "__main__":
    sys.exit(main())
