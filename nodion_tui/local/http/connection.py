"""One HTTP connection of the engine: how long its head and its body may take.

uvicorn bounds neither: a client that connects and stays silent, or sends a byte a minute, is kept
for ever.
"""

import asyncio
from collections.abc import Callable
from typing import Any, Literal, Protocol

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
"""How long the head of a request may take, from the connection or from its first byte on."""
BODY_SECONDS = 30.0
"""How long the body of a request may take."""

Phase = Literal["silent", "head", "body", "serving", "idle"]


class ConnectionObserver(Protocol):
    """Is told what every connection does."""

    def phase_changed(self, connection: "BoundedConnection", phase: Phase) -> None:
        """The connection has another phase."""

    def connection_closed(self, connection: "BoundedConnection") -> None:
        """The connection is closed."""


class BoundedConnection(H11Protocol):
    """uvicorn's connection with time-outs, and with an answer for clients that close their side.

    Args:
        observer: is told the phases: `silent` before the first head, `head` and `body` while these
            arrive, `serving`, and `idle` between requests.
        arguments: those of uvicorn's protocol.
    """

    def __init__(self, observer: ConnectionObserver, **arguments: Any) -> None:
        super().__init__(**arguments)
        self._observer = observer
        self._phase: Phase = "silent"
        self._timer: asyncio.TimerHandle | None = None
        self._client_done = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """asyncio: waits for a head."""
        super().connection_made(transport)
        self._observer.phase_changed(self, "silent")
        self._start_timer(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        """asyncio: stops waiting."""
        self._stop_timer()
        self._observer.connection_closed(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """asyncio: passes data on."""
        super().data_received(data)
        self._update_phase()

    def eof_received(self) -> bool | None:  # type: ignore[override]  # asyncio keeps a connection open for a true result
        """asyncio: a client that has sent its request and closed its side still gets its answer.

        A log stream ends: its clients close only when they leave.
        """
        self._client_done = self._phase == "serving" and not self._streams
        return self._client_done

    def on_response_complete(self) -> None:
        """uvicorn: waits for the next request, unless the client sends none."""
        super().on_response_complete()
        if self._client_done:
            self.transport.close()
        else:
            self._update_phase()

    def abort(self) -> None:
        """Close at once."""
        self.transport.abort()

    @property
    def _streams(self) -> bool:
        return bool(self.scope) and str(self.scope["path"]).endswith("/logs/stream")

    def _update_phase(self) -> None:
        phase = self._current_phase()
        if phase == self._phase:
            return
        self._phase = phase
        self._observer.phase_changed(self, phase)
        self._stop_timer()
        if phase == "head":
            self._start_timer(HEAD_SECONDS)
        elif phase == "body":
            self._start_timer(BODY_SECONDS)

    def _current_phase(self) -> Phase:
        if self.conn.their_state is h11.SEND_BODY:
            return "body"
        if self.conn.their_state is not h11.IDLE:
            return "serving"
        has_partial_head, _ = self.conn.trailing_data
        if self._phase == "silent":
            return "silent"  # its first head is not complete, or it would not be idle for h11
        return "head" if has_partial_head else "idle"

    def _start_timer(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self.abort)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


NewConnection = Callable[[ConnectionObserver], BoundedConnection]
