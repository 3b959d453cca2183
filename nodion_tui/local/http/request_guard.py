"""Checks every request before it reaches a route: host, rate limit, key, scope, size.

Responses contain no path of this machine and no key.
"""

import hmac
import ipaddress
import re
import time
from collections import deque
from collections.abc import Callable, Sequence

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from nodion_tui.config import Secret
from nodion_tui.local import payloads
from nodion_tui.local.engine_settings import EngineSettings


def error_response(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """Make an error response in the format of the API."""
    body = payloads.encode_json({"error": message})
    return Response(body, status, headers, media_type="application/json")


class RequestGuard:
    """ASGI middleware that refuses requests with 401, 403, 413 or 429."""

    def __init__(
        self,
        app: ASGIApp,
        settings: EngineSettings,
        key: Secret,
        read_key: Secret,
    ) -> None:
        self._app = app
        self._settings = settings
        self._key = key.reveal().encode()
        self._read_key = read_key.reveal().encode()
        self._hosts = _AllowedHosts(settings.host)
        self._rate = _RateLimit(settings.requests_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI: refuse the request, or pass it on."""
        if scope["type"] != "http":
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        await (refusal or self._app)(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> Response | None:
        if not self._hosts.allow(headers.getlist("host")):
            return error_response(403, "the Host header is not allowed")
        if retry_after := self._rate.seconds_to_wait():
            return error_response(429, "too many requests", {"Retry-After": str(retry_after)})
        return self._key_refusal(method, headers) or self._size_refusal(headers)

    def _key_refusal(self, method: str, headers: Headers) -> Response | None:
        scheme, _, token_text = headers.get("authorization", "").partition(" ")
        token = token_text.strip().encode(errors="replace") if scheme.lower() == "bearer" else b""
        if hmac.compare_digest(token, self._key):
            return None
        if hmac.compare_digest(token, self._read_key):
            if method in {"GET", "HEAD"}:
                return None
            return error_response(403, "the key lacks the scope")
        return error_response(
            401, "the key is missing, wrong or expired", {"WWW-Authenticate": "Bearer"}
        )

    def _size_refusal(self, headers: Headers) -> Response | None:
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > self._settings.max_body_bytes:
            return error_response(413, "the body is too large", {"Connection": "close"})
        return None


_HOST = re.compile(
    r"(?:\[(?P<address>[0-9A-Fa-f:.]+)\]|(?P<name>[A-Za-z0-9._-]+))(?::[0-9]{1,5})?", re.ASCII
)
"""`uri-host [":" port]` (RFC 9110, section 7.2), without the rare forms that nobody sends here."""


class _AllowedHosts:
    """Which Host headers are accepted; protects against DNS rebinding.

    A browser tricked by DNS rebinding sends the attacker's host name.
    """

    def __init__(self, listening_on: str) -> None:
        self._anywhere = not _is_loopback(listening_on)
        self._name = listening_on.lower()

    def allow(self, hosts: Sequence[str]) -> bool:
        """Whether the Host headers of a request are one, and it is allowed."""
        match = _HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if match is None:
            return False
        name = (match["address"] or match["name"]).lower()
        if _is_loopback(name):
            return True
        return self._anywhere and (name == self._name or _is_address(name))


class _RateLimit:
    """Limits the requests in a sliding window of one minute."""

    def __init__(self, limit: int | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._times: deque[float] = deque()

    def seconds_to_wait(self) -> int:
        """Count a request and return 0, or return the seconds until the next one is allowed."""
        if self._limit is None:
            return 0
        now = self._clock()
        while self._times and self._times[0] <= now - 60:
            self._times.popleft()
        if len(self._times) < self._limit:
            self._times.append(now)
            return 0
        return int(self._times[0] + 60 - now) + 1 if self._times else 60


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _is_loopback(name: str) -> bool:
    return name == "localhost" or (_is_address(name) and ipaddress.ip_address(name).is_loopback)
