"""The dashboard in a real terminal, with a clock that moves only on request.

    python -m tests.support.frozen_program '{"url": …, "control": 5, …}'

It is the product's app, run by the product's `run`; only time is replaced: the wall clock is frozen
and the monotonic clock creeps, so that ages change only when a test moves the clock. Requests and
answers are JSON objects, one per line, over a socket: see `Control`.
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
from typing import TYPE_CHECKING, Any

import time_machine
from textual import _time, events
from textual.screen import Screen
from textual.widget import Widget

from nodion_tui.ui.terminal.plain_textual import plain_textual
from tests.support.canned import NOW
from tests.support.seen_terminal import is_unpainted, painted_whole

if TYPE_CHECKING:
    from nodion_tui.ui.app import NodionApp

_CREEP = 1e-4
"""Seconds of the frozen clock per real second: enough to refill the request budget."""
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
    """The clocks of the process: the wall clock is frozen, the monotonic one creeps."""

    def __init__(self) -> None:
        self._real = time.monotonic
        self._started_at = self._real()
        self._moved = 0.0
        self._wall = time_machine.travel(NOW, tick=False)
        self._frozen = self._wall.start()
        # Timers and sleeps continue: both have their own clock.
        assert _time.get_time is self._real
        real = self._real
        asyncio.BaseEventLoop.time = lambda self: real()  # type: ignore[method-assign] # noqa: ARG005
        time.monotonic = self.monotonic

    def monotonic(self) -> float:
        """The creeping monotonic clock."""
        return self._started_at + self._moved + (self._real() - self._started_at) * _CREEP

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self._moved += seconds
        self._frozen.shift(timedelta(seconds=seconds))


class Control:
    """The requests of a test; each answer has the number of bytes sent to the terminal so far.

    settle    wait for a number of inputs, for the size, and until nothing is left to paint
    look      settle, and return a full redraw for an empty terminal
    poll      poll every list and wait for the answers
    lines     wait until the open log has a number of lines
    pass      let a number of seconds pass
    toast     show a notification
    hush      remove all notifications
    """

    def __init__(self, app: "NodionApp", clock: FrozenClock) -> None:
        self._app = app
        self._clock = clock
        self.inputs = 0
        """Number of keys, pastes and mouse events so far."""
        self.written = 0
        """Bytes sent to the terminal so far."""

    async def serve(self, descriptor: int) -> None:
        """Answer requests until the socket is closed."""
        reader, writer = await asyncio.open_connection(sock=socket.socket(fileno=descriptor))
        while line := await reader.readline():
            request = json.loads(line)
            do: Callable[..., Awaitable[dict[str, Any] | None]]
            do = getattr(self, f"do_{request.pop('do')}")
            try:
                answer = await asyncio.wait_for(do(**request), _PATIENCE) or {}
            except TimeoutError:
                answer = {"late": f"{do.__name__}{request}: {self._state()}"}
            except Exception as error:  # noqa: BLE001 - reported to the test
                answer = {"late": f"{type(error).__name__}: {error}"}
            writer.write(json.dumps(answer | {"written": self.written}).encode() + b"\n")
            await writer.drain()

    async def do_settle(self, inputs: int, size: list[int]) -> None:
        """See the class."""
        # The conditions in this class have no events.
        while self.inputs < inputs or list(self._app.size) != size:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        still = 0
        while still < 3:
            # A message may lead to another one of another widget: longer chains the first time.
            await self._handled(1 if still else 3)
            still = 0 if self._unpainted() else still + 1

    async def do_look(self, inputs: int, size: list[int]) -> dict[str, Any]:
        """See the class."""
        self._tick()  # A poll in the background may have refreshed a row.
        await self.do_settle(inputs, size)
        written, state = self.written, self._state()
        return {
            "whole": _in_fork(lambda: full_redraw(self._app.screen)),
            "at": written,
            "state": state,
        }

    async def do_poll(self) -> None:
        """See the class."""
        from nodion_tui.monitor.runs.changes import RUNNER_LIST

        while (monitor := self._app.watcher.monitor) is None or not monitor.runs.runners:  # noqa: ASYNC110
            await asyncio.sleep(0.002)
        for _ in range(2):  # The first may bring new runners.
            runners = [runner.id for runner in monitor.runs.runners]
            monitor.poller.refresh((RUNNER_LIST, *runners))
            await monitor.ages.wait_until_fresh()
        self._tick()

    async def do_lines(self, run: str, count: int) -> None:
        """See the class; does not wait for a log that is not open, or not being read."""
        pane = self._app.dashboard.log_slot.pane
        session = None if pane is None else pane.session
        if session is None or session.key.run_id != run:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINES_SECONDS):
                while session.buffer.lines < count:  # noqa: ASYNC110
                    await asyncio.sleep(0.002)

    async def do_pass(self, seconds: float) -> None:
        """See the class."""
        self._clock.move(seconds)
        self._tick()

    def _tick(self) -> None:
        """Tick the screens after time has passed."""
        from nodion_tui.ui.chrome.ticking_screen import TickingScreen

        for screen in self._app.screen_stack:
            if isinstance(screen, TickingScreen):
                screen.tick()

    async def do_toast(self, text: str) -> None:
        """See the class."""
        self._app.notify(text, markup=False, timeout=3600)

    async def do_hush(self) -> None:
        """See the class."""
        self._app.clear_notifications()

    async def _handled(self, rounds: int) -> None:
        """Wait until all pending messages are handled, each round by all widgets."""
        for _ in range(rounds):
            for pump in (*self._app.screen.walk_children(Widget), self._app.screen, self._app):
                done = asyncio.Event()
                pump.call_later(done.set)
                # A dialog that is being removed does not answer.
                while not done.is_set() and pump.is_running and pump.is_attached:  # noqa: ASYNC110
                    await asyncio.sleep(0)
            await asyncio.sleep(0)

    def _unpainted(self) -> list[str]:
        """What is still to be painted, by reason."""
        app = self._app
        pane = app.dashboard.log_slot.pane
        thread = getattr(app._driver, "_writer_thread", None)
        waits = {
            "keys": app._typeahead.busy and (app._typeahead._waiting or app._typeahead._settling),
            "screen": is_unpainted(app),
            "log": pane is not None and pane._throttle.is_scheduled,
            "frames": not plain_textual() and app._backpressure._behind,
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


def _in_fork(make: Callable[[], str]) -> str:
    """Call a function in a forked process, so that this one is not changed by it."""
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
        output = pipe.read().decode()
    assert os.waitpid(child, 0)[1] == 0, "the screen could not be painted"
    return output


def full_redraw(screen: Screen[Any]) -> str:
    """The output of a full redraw, with every widget rendered again."""
    for layer in screen.app.screen_stack:
        for widget in (layer, *layer.walk_children(Widget)):
            widget.refresh()
    return painted_whole(screen.app)


def main() -> int:
    """Run the program."""
    request = json.loads(sys.argv[1])
    clock = FrozenClock()
    control: Any = None

    from nodion_tui.config import Profile, Secret
    from nodion_tui.ui.app import AppOptions, NodionApp
    from nodion_tui.ui.run import run
    from nodion_tui.ui.terminal.colors.question import TerminalQuestion

    class FrozenApp(NodionApp):
        async def on_event(self, event: events.Event) -> None:
            # What a widget leaves alone comes back here, and has been forwarded by then.
            is_input = type(event) in _INPUTS and not event.is_forwarded
            await super().on_event(event)
            control.inputs += is_input

        async def _connect_first(self) -> None:
            await super()._connect_first()
            self._serving = asyncio.create_task(control.serve(request["control"]))
            self._serving.add_done_callback(lambda _: self.exit())

    def make(question: TerminalQuestion) -> NodionApp:
        nonlocal control
        app = FrozenApp(
            Profile(name="still", api_url=request["url"], key=Secret("key")),
            AppOptions(
                theme=request.get("theme"),
                ascii_only=request.get("ascii", False),
                requests_per_minute=1_000_000,
                data_folder=Path(request["data"]),
                question=question,
                profiles=[
                    Profile(name=name, api_url=url, key=Secret("key"))
                    for name, url in request.get("profiles", {}).items()
                ],
            ),
        )

        class Counting(app.driver_class):  # type: ignore[name-defined,misc]  # known when it runs
            def write(self, data: str) -> None:
                # The line discipline puts a carriage return before each line feed.
                control.written += len(data.encode()) + data.count("\n")
                super().write(data)

        app.driver_class = Counting
        control = Control(app, clock)
        return app

    return run(make)


if __name__ == "__main__":
    sys.exit(main())
