"""Faults of an engine: error responses, cut and stalled connections, delays."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from nodion_tui.local.engine_settings import EngineSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault to inject into the response to one request."""

    status: int | None = None
    """Respond with this status, `headers` and `body`; None: respond normally, but see below."""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b'{"error":"injected fault"}'
    cut_after: int | None = None
    """Close the connection after this many bytes of the normal response body; the request has
    taken effect by then."""
    stall_after: int | None = None
    """Send nothing more after this many bytes; the connection stays open."""
    delay: float = 0.0
    """Seconds before the response starts."""


class ConnectionCut(Exception):
    """Aborts a response half-way; the server closes the connection."""


def with_faults(
    settings: EngineSettings, choose_fault: Callable[[str, str], Fault | None], **changes: Any
) -> EngineSettings:
    """Settings of an engine that injects what `choose_fault(method, path)` chooses."""
    return replace(settings, middleware=lambda app: FaultInjector(app, choose_fault), **changes)


class FaultInjector:
    """ASGI middleware that chooses a fault for each request by its method and path."""

    def __init__(self, app: "ASGIApp", choose_fault: Callable[[str, str], Fault | None]) -> None:
        self._app = app
        self._choose_fault = choose_fault

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        fault = self._choose_fault(scope["method"], scope["path"])
        if fault is None:
            await self._app(scope, receive, send)
            return
        await asyncio.sleep(fault.delay)
        if fault.status is not None:
            response = Response(fault.body, fault.status, dict(fault.headers))
            await response(scope, receive, send)
            return
        await self._app(scope, receive, _FaultySend(fault, send))


class _FaultySend:
    """Forwards a response until its fault takes effect."""

    def __init__(self, fault: Fault, send: "Send") -> None:
        self._fault = fault
        self._send = send
        self._sent_bytes = 0

    async def __call__(self, message: "Message") -> None:
        if message["type"] == "http.response.body":
            message = await self._limit_body(message)
        await self._send(message)

    async def _limit_body(self, message: "Message") -> "Message":
        limits = (self._fault.cut_after, self._fault.stall_after)
        limit = min((limit for limit in limits if limit is not None), default=1 << 62)
        remaining = limit - self._sent_bytes
        body = message.get("body", b"")
        if len(body) <= remaining:
            self._sent_bytes += len(body)
            return message
        await self._send({**message, "body": body[:remaining], "more_body": True})
        if self._fault.cut_after is None:
            await asyncio.Event().wait()
        raise ConnectionCut
