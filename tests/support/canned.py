"""A service with constant answers, for snapshots of screens that must not change.

It speaks enough HTTP/1.1 for our client on a real socket. Its answers are JSON as in the API
reference; its `Date` header is constant, and so is the clock that durations are based on.
"""

import asyncio
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, Self

from tests.support.connections import ConnectionServer

NOW = datetime(2026, 1, 15, 14, 5, 31, tzinfo=UTC)

Json = dict[str, Any]


@dataclass(frozen=True)
class Canned:
    """Data of the service."""

    runners: Sequence[Json] = ()
    runs: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    """By runner id, newest first."""
    logs: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    """By run id."""
    status: int = 200
    """If not 200: the status of every answer."""
    mute: bool = False
    """Accept connections and never answer."""


class CannedService(ConnectionServer):
    """`async with CannedService(canned) as service:` serves at `service.url`."""

    def __init__(self, canned: Canned) -> None:
        super().__init__()
        self._canned = canned

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        self.url = f"http://127.0.0.1:{self.port}/v1"
        return self

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                method, path, _ = head.decode().split(" ", 2)
                if method == "POST":
                    await reader.readexactly(_length(head))
                    await self._send(400, {"error": "not today"}, writer)
                else:
                    await self._answer(path.removeprefix("/v1"), writer)
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, target: str, writer: asyncio.StreamWriter) -> None:
        if self._canned.mute:
            await asyncio.Event().wait()
        path, _, query = target.partition("?")
        if path.endswith("/stream"):
            await self._stream(target, writer)
        await self._send(*self._body(path, query), writer)

    async def _send(self, status: int, body: Json, writer: asyncio.StreamWriter) -> None:
        payload = json.dumps(body).encode()
        writer.write(self._head(status, "application/json", f"Content-Length: {len(payload)}\r\n"))
        writer.write(payload)
        await writer.drain()

    async def _stream(self, target: str, writer: asyncio.StreamWriter) -> None:
        del target  # No stream has events.
        writer.write(self._head(200, "text/event-stream", "Connection: close\r\n") + b": ping\n\n")
        await writer.drain()
        await asyncio.Event().wait()

    def _body(self, path: str, query: str) -> tuple[int, Json]:
        if self._canned.status != 200:
            return self._canned.status, {"error": "not today"}
        match path.strip("/").split("/"):
            case ["runners"]:
                return 200, {"runners": self._canned.runners}
            case ["runners", runner, "runs"]:
                return 200, {"runs": self._canned.runs.get(runner, ())}
            case ["runners", runner, "runs", run]:
                matching = [item for item in self._canned.runs.get(runner, ()) if item["id"] == run]
                return (200, {"run": matching[0]}) if matching else (404, {"error": "no such run"})
            case ["runners", _, "runs", run, "logs"]:
                return 200, {"logs": self._page(run, query)}
        return 404, {"error": "nothing here"}

    def _page(self, run: str, query: str) -> Sequence[Json]:
        return [] if query else self._canned.logs.get(run, ())

    def _now(self) -> datetime:
        return NOW

    def _head(self, status: int, media: str, more: str) -> bytes:
        date = format_datetime(self._now(), usegmt=True)
        named = f"Date: {date}\r\nContent-Type: {media}\r\n{more}"
        return f"HTTP/1.1 {status} OK\r\n{named}\r\n".encode()


def _length(head: bytes) -> int:
    """Body length of a request, from its head."""
    match = re.search(rb"(?i)^content-length: (\d+)\r$", head, re.MULTILINE)
    return int(match[1]) if match else 0


def runner(number: int, name: str, **fields: Any) -> Json:
    """A runner as in the API reference."""
    return {
        "id": f"a{number:07x}-e5f6-7890-abcd-ef1234567890",
        "status": "available",
        "name": name,
        "image_name": "mycompany/backup-tool",
        "image_tag": "latest",
        "run_command": "python backup.py",
        "argv": [],
        "entrypoint": None,
        "timeout_seconds": 3600,
        "created_at": stamp(30 * 86_400),
        "updated_at": stamp(30 * 86_400),
        "region": {"id": "f", "status": "available", "name": "Frankfurt, DE", "slug": "fra"},
        "instance_type": {
            "id": "s",
            "name": "Standard S",
            "slug": "standard-s",
            "cpu": 1,
            "mem": 1024,
            "price_month": 5.0,
            "price_second": 0.0000019,
        },
        "container_registry": None,
    } | fields


def run(number: int, status: str, ago: float, took: float | None, **fields: Any) -> Json:
    """A run that was created `ago` seconds before NOW; `took` is its duration, None if active."""
    started = None if status == "pending" else stamp(ago - 5)
    ended = None if took is None else stamp(ago - 5 - took)
    codes = {"succeeded": 0, "failed": 1}
    return {
        "id": f"e{number:07x}-c9d0-1234-efab-345678901234",
        "status": status,
        "exit_code": codes.get(status),
        "command": None,
        "argv": [],
        "entrypoint": None,
        "started_at": started,
        "completed_at": ended,
        "created_at": stamp(ago),
        "updated_at": stamp(ago),
    } | fields


def log_line(number: int, body: str, ago: float) -> Json:
    """A log line that was written `ago` seconds before NOW."""
    return {
        "id": f"{number:08x}-5e6f-7890-abcd-1234567890ab",
        "body": body,
        "log_level": "log_public",
        "created_at": stamp(ago),
        "updated_at": stamp(ago),
    }


def stamp(ago: float) -> str:
    """The timestamp `ago` seconds before NOW, in the format of the API."""
    return (NOW - timedelta(seconds=ago)).isoformat(timespec="milliseconds")
