"""A server for one run whose answers a test scripts, byte for byte.

By default it is correct: pages, run and stream as in the API reference. The log grows while it is
streamed: a page contains only lines that a stream has reached, so that pages never contain lines
that a broken stream has not started to send.

    async with HostileServer(lines=100) as server:
        server.plan("stream", cut_after(30), refuse(503), honest)   # honest from then on
"""

import asyncio
import json
import ssl
import struct
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from socket import SO_LINGER, SOL_SOCKET
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.connections import ConnectionServer

RUNNER_ID = "a1b2c3d4-e5f6-7890-abcd-ef1234567890"
RUN_ID = "e5f6a7b8-c9d0-1234-efab-345678901234"
SSE = "text/event-stream"
_REASONS = {200: "OK", 204: "No Content"}


def line(index: int, body: str | None = None) -> dict[str, Any]:
    """The log line with an index, as the service would send it."""
    return {
        "id": f"{index:08x}-0000-4000-8000-{index:012x}",
        "body": f"line {index}" if body is None else body,
        "log_level": "log_public",
        "created_at": f"2026-01-15T10:{index // 60 % 60:02}:{index % 60:02}.123+01:00",
    }


def event(kind: str, payload: Any) -> bytes:
    """One event as the service would send it."""
    return f"event: {kind}\ndata: {json.dumps(payload, separators=(',', ':'))}\n\n".encode()


@dataclass
class Exchange:
    """One request, and methods to answer it correctly or not."""

    server: "HostileServer"
    method: str
    path: str
    after_id: str | None
    headers: dict[str, str]
    body: bytes
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    chunked: bool = False
    keep: bool = True
    """Whether the connection can be reused for another request."""

    @property
    def after(self) -> int:
        """Index of the first line after `after_id`."""
        return 0 if self.after_id is None else self.server.index_of(self.after_id) + 1

    async def head(
        self, status: int = 200, media: str = SSE, *, chunked: bool = False, **headers: str
    ) -> None:
        """Send the head of an answer whose body ends with the connection or the last chunk."""
        self.chunked = chunked
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        await self._head(
            status,
            {
                "Content-Type": media,
                **({"Transfer-Encoding": "chunked"} if chunked else {"Connection": "close"}),
                **named,
            },
        )
        self.keep = False

    async def answer(
        self, status: int, payload: Any, media: str = "application/json", **headers: str
    ) -> None:
        """Send a complete answer: bytes unchanged, anything else as JSON."""
        body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        length = {} if status == 204 else {"Content-Length": str(len(body))}
        await self._head(status, {"Content-Type": media, **length, **named})
        await self.raw(body)

    async def send(self, data: bytes) -> None:
        """Send a part of the body."""
        if self.chunked:
            data = b"%x\r\n%b\r\n" % (len(data), data) if data else b""
        await self.raw(data)

    async def raw(self, data: bytes) -> None:
        """Send raw bytes."""
        self.writer.write(data)
        await self.writer.drain()

    async def lines(self, start: int, end: int | None = None) -> None:
        """Send `log` events of these lines, which then count as written."""
        end = self.server.total if end is None else min(end, self.server.total)
        for index in range(start, end):
            self.server.written = max(self.server.written, index + 1)
            await self.send(event("log", self.server.line(index)))

    async def state(self) -> None:
        """End the run and send the `state` event."""
        self.server.finish()
        await self.send(event("state", self.server.state()))

    async def finish(self) -> None:
        """End a chunked body."""
        await self.raw(b"0\r\n\r\n" if self.chunked else b"")

    async def silence(self) -> None:
        """Send nothing more, until the client disconnects."""
        self.keep = False
        await self.reader.read(1)

    def reset(self) -> None:
        """Break the connection with a RST."""
        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()
        self.keep = False

    async def _head(self, status: int, headers: dict[str, str]) -> None:
        lines = [f"HTTP/1.1 {status} {_REASONS.get(status, 'Whatever')}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        await self.raw(("\r\n".join(lines) + "\r\n\r\n").encode())


async def until(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until a condition is true, for a number of seconds at most."""
    async with asyncio.timeout(within):
        while not condition():  # noqa: ASYNC110  # the condition has no event
            await asyncio.sleep(0.002)


Script = Callable[[Exchange], Awaitable[None]]


class HostileServer(ConnectionServer):
    """Serves one run on a free port of loopback.

    Args:
        lines: number of lines of the log.
        page_size: maximum lines of a page of logs.
        bodies: texts of the lines; default: `line 0`, `line 1`, …
        exit_code: exit code of the run.
        tls: serve https.
    """

    def __init__(
        self,
        lines: int = 10,
        *,
        page_size: int = 1000,
        bodies: Sequence[str] | None = None,
        exit_code: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(tls)
        self.total = lines if bodies is None else len(bodies)
        self.page_size = page_size
        self.exit_code = exit_code
        self.written = 0
        """Number of lines that pages contain."""
        self.final = False
        """Whether the run has ended."""
        self.requests: list[Exchange] = []
        self._bodies = bodies
        self._plans: dict[str, deque[Script]] = {}
        self._always: dict[str, Script] = {}

    @property
    def url(self) -> str:
        """The `api_url` for a profile."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def open_connections(self) -> int:
        """Number of open connections."""
        return len(self._tasks)

    def plan(self, kind: str, *scripts: Script) -> None:
        """Script the next requests of a kind: stream, page, run, runs, trigger, stop, runners.

        After the last script the server is correct again.
        """
        self._plans.setdefault(kind, deque()).extend(scripts)

    @property
    def unmet(self) -> int:
        """Number of scripts that no request has used."""
        return sum(len(scripts) for scripts in self._plans.values())

    def always(self, kind: str, script: Script) -> None:
        """Script all requests of a kind after the planned ones."""
        self._always[kind] = script

    def finish(self) -> None:
        """End the run; the remaining lines are not written."""
        self.final = True

    def count(self, kind: str) -> int:
        """Number of requests of a kind so far."""
        return sum(kind_of(exchange) == kind for exchange in self.requests)

    def line(self, index: int) -> dict[str, Any]:
        """A line of this run."""
        return line(index, None if self._bodies is None else self._bodies[index])

    def index_of(self, identifier: str) -> int:
        """Index of a line id, which contains it."""
        return int(identifier.partition("-")[0], 16)

    def state(self) -> dict[str, Any]:
        """The payload of the `state` event."""
        run = self.run()
        return {key: run[key] for key in ("status", "exit_code", "started_at", "completed_at")}

    def run(self) -> dict[str, Any]:
        """The current state of the run."""
        ended = ("failed" if self.exit_code else "succeeded") if self.final else "running"
        return {
            "id": RUN_ID,
            "status": ended,
            "exit_code": self.exit_code if self.final else None,
            "command": None,
            "argv": ["python", "migrate.py"],
            "entrypoint": None,
            "started_at": "2026-01-15T10:00:00.000+01:00",
            "completed_at": "2026-01-15T10:05:00.000+01:00" if self.final else None,
            "created_at": "2026-01-15T09:59:55.000+01:00",
            "updated_at": "2026-01-15T10:05:00.000+01:00",
        }

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while (exchange := await self._read(reader, writer)) is not None:
                self.requests.append(exchange)
                await self._script(kind_of(exchange))(exchange)
                if not exchange.keep:
                    return
        except (ConnectionError, asyncio.IncompleteReadError):
            return
        except asyncio.CancelledError:
            writer.transport.abort()  # unread data would keep it open
            raise
        finally:
            writer.close()

    async def _read(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Exchange | None:
        head = await reader.readuntil(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {
            name.lower(): value.strip()
            for name, _, value in (text.partition(":") for text in rest if text)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        url = urlsplit(target)
        after = parse_qs(url.query).get("after_id")
        after_id = after[0] if after else None
        return Exchange(self, method, url.path, after_id, headers, body, reader, writer)

    def _script(self, kind: str) -> Script:
        plan = self._plans.get(kind)
        return plan.popleft() if plan else self._always.get(kind, _HONEST[kind])


def kind_of(exchange: Exchange) -> str:
    """The kind of endpoint of a request."""
    parts = exchange.path.removeprefix("/v1").strip("/").split("/")
    if parts[-1] == "stream":
        return "stream"
    if parts[-1] in {"logs", "stop"}:
        return {"logs": "page", "stop": "stop"}[parts[-1]]
    if parts[-1] == "runs":
        return "trigger" if exchange.method == "POST" else "runs"
    return "run" if len(parts) == 4 else "runners"


async def honest(exchange: Exchange) -> None:
    """A stream as documented: the lines after `after_id`, the state, the end."""
    await exchange.head()
    await exchange.lines(exchange.after)
    await exchange.state()


async def page(exchange: Exchange) -> None:
    """A page of logs as documented."""
    server = exchange.server
    start = exchange.after
    end = min(start + server.page_size, server.written)
    await exchange.answer(200, {"logs": [server.line(index) for index in range(start, end)]})


async def _run(exchange: Exchange) -> None:
    await exchange.answer(200, {"run": exchange.server.run()})


async def _runs(exchange: Exchange) -> None:
    await exchange.answer(200, {"runs": [exchange.server.run()]})


async def _runners(exchange: Exchange) -> None:
    await exchange.answer(200, {"runners": [{"id": RUNNER_ID, "name": "Database Backup"}]})


async def _stop(exchange: Exchange) -> None:
    exchange.server.finish()
    await _run(exchange)


_HONEST: dict[str, Script] = {
    "stream": honest,
    "page": page,
    "run": _run,
    "runs": _runs,
    "trigger": _run,
    "stop": _stop,
    "runners": _runners,
}
