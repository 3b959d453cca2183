"""Accepts connections, as many as there are descriptors for, and keeps some for the engine itself.

asyncio's own server accepts as many as wait in its backlog at once, and logs a traceback for each
one that has no descriptor. Here a connection that has not sent a request yet gives way to a new
one, the oldest first, then an idle one; where all are being served, new ones wait.
"""

import asyncio
import errno
import logging
import socket
import time
from collections.abc import Callable

from nodion_tui.local.http.connection import BoundedConnection, NewConnection, Phase

_logger = logging.getLogger(__name__)

BACKLOG = 2048
"""Connections that wait in the kernel, where they need no descriptor. One that finds no room there
tries again after a second, and a burst of one client fills 64 places in two milliseconds."""
RESERVE = 256
"""Descriptors kept for the database, for pipes of jobs and for files; at most half of all."""
ACCEPTS_AT_ONCE = 64
"""Connections accepted in one turn of the event loop, so that others are served in between."""
RETRY_SECONDS = 0.25
"""Pause after accepting failed for want of descriptors or memory."""
REPORT_SECONDS = 60.0
"""Least time between two reports that connections are turned away."""
_SHORTAGE = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})


class Acceptor:
    """Accepts connections of a listening socket.

    Args:
        listener: listens already.
        new_connection: makes the protocol of a connection.
        limit: open connections at most.
        clock: monotonic clock, in seconds.
    """

    def __init__(
        self,
        listener: socket.socket,
        new_connection: NewConnection,
        limit: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._listener = listener
        self._new_connection = new_connection
        self._limit = limit
        self._clock = clock
        self._reported_at = float("-inf")
        self._connections: set[BoundedConnection] = set()
        self._silent: dict[BoundedConnection, None] = {}
        self._idle: dict[BoundedConnection, None] = {}
        self._tasks: set[asyncio.Task[object]] = set()
        self._accepting = False
        self._closed = False

    def start(self) -> None:
        """Accept from now on."""
        self._listener.settimeout(0)
        self._resume()

    def close(self) -> None:
        """Accept no further connections; open ones are kept."""
        self._closed = True
        self._pause()

    def phase_changed(self, connection: BoundedConnection, phase: Phase) -> None:
        """Connection: keep those that can give way, the oldest first."""
        self._connections.add(connection)
        self._silent.pop(connection, None)
        self._idle.pop(connection, None)
        if phase == "silent":
            self._silent[connection] = None
        elif phase == "idle":
            self._idle[connection] = None
            self._resume()

    def connection_closed(self, connection: BoundedConnection) -> None:
        """Connection: there is room for another one."""
        self._connections.discard(connection)
        self._silent.pop(connection, None)
        self._idle.pop(connection, None)
        self._resume()

    def _resume(self) -> None:
        if not self._accepting and not self._closed:
            self._accepting = True
            self._loop.add_reader(self._listener, self._accept)

    def _pause(self) -> None:
        if self._accepting:
            self._accepting = False
            self._loop.remove_reader(self._listener)

    def _accept(self) -> None:
        for _ in range(ACCEPTS_AT_ONCE):
            if len(self._connections) + len(self._tasks) >= self._limit and not self._make_room():
                self._report("new connections wait")
                self._pause()
                return
            try:
                accepted, _address = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                if error.errno not in _SHORTAGE:
                    raise
                self._report(f"accepting failed: {error.strerror}")
                self._pause()
                self._loop.call_later(RETRY_SECONDS, self._resume)
                return
            self._serve(accepted)

    def _serve(self, accepted: socket.socket) -> None:
        accepted.settimeout(0)
        # Without it small responses take 40 ms each.
        accepted.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        task: asyncio.Task[object] = self._loop.create_task(
            self._loop.connect_accepted_socket(lambda: self._new_connection(self), accepted)
        )
        self._tasks.add(task)
        task.add_done_callback(self._on_connected)

    def _on_connected(self, task: "asyncio.Task[object]") -> None:
        """It counts as a connection now, which can give way."""
        self._tasks.discard(task)
        self._resume()

    def _make_room(self) -> bool:
        """Close the oldest connection that serves no request; False if there is none."""
        connection = next(iter(self._silent or self._idle), None)
        if connection is None:
            return False
        self.connection_closed(connection)
        connection.abort()
        self._report("connections without a request are closed for new ones")
        return True

    def _report(self, what: str) -> None:
        now = self._clock()
        if now - self._reported_at >= REPORT_SECONDS:
            self._reported_at = now
            _logger.warning(
                "%d connections are open, the most that the limit of descriptors allows: %s",
                len(self._connections),
                what,
            )
