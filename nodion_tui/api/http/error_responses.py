"""Maps the status and body of an error response to an `ApiError`."""

import math
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import msgspec

from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.api.http.server_clock import http_date
from nodion_tui.model.backoff import MAX_HINT
from nodion_tui.model.errors import (
    ApiError,
    BadRequest,
    KeyRejected,
    LogNotKept,
    ResourceNotFound,
    ScopeMissing,
    ServerError,
    TooManyRequests,
    UnexpectedResponse,
)
from nodion_tui.model.text.sanitize import sanitize

_ERRORS_BY_STATUS: Mapping[int, type[ApiError]] = {
    401: KeyRejected,
    403: ScopeMissing,
    404: ResourceNotFound,
    410: ResourceNotFound,
}
_MAX_LENGTH = 500
"""Longest server message or ETag that is kept, in characters."""
_MAX_TARGET = 200
"""Longest target of a redirect that is shown, in characters."""
_MAX_NESTING = 4
"""Levels of lists and maps in which messages are looked for."""
_ETAG = r'(W/)?"[!#-~]*"'
_GENERAL = frozenset({"base", "message"})
"""Keys in a map of messages that are not request fields."""
_SHORTEST_KEY = 8
"""Shorter keys, which no service gives out, are parts of ordinary words."""


def error_from_response(
    response: httpx.Response, body: bytes, endpoint: str, now: float
) -> ApiError:
    """The error for a response whose status is not a success.

    Args:
        response: status and headers.
        body: the part of the body that was read.
        endpoint: method and path template.
        now: the server's clock in seconds since the epoch, for a `Retry-After` that is a date.
    """
    status = response.status_code
    key = _sent_key(response)
    fields = _messages(body, key)
    detail = _join(fields) or status_line(status)
    if status == 410 and "/logs" in endpoint:
        return LogNotKept(detail, status=status, endpoint=endpoint)
    if status in _ERRORS_BY_STATUS:
        return _ERRORS_BY_STATUS[status](detail, status=status, endpoint=endpoint)
    if status in {400, 422}:
        field_messages = {name: texts for name, texts in fields.items() if name}
        return BadRequest(detail, field_messages, status=status, endpoint=endpoint)
    if status == 429 or status >= 500:
        kind = TooManyRequests if status == 429 else ServerError
        wait = parse_retry_after(response.headers.get("retry-after"), now)
        return kind(detail, status=status, endpoint=endpoint, retry_after=wait)
    if 300 <= status < 400 and status != HTTPStatus.NOT_MODIFIED:
        target = _redirect(_without(key, response.headers.get("location", "")))
        detail = f"{status_line(status)}: {target}"
    return UnexpectedResponse(detail, status=status, endpoint=endpoint)


def _sent_key(response: httpx.Response) -> str:
    """The API key that the request had: a service may repeat it in its message."""
    header: str = response.request.headers.get("authorization", "")
    return header.removeprefix("Bearer ").strip()


def _without(key: str, text: str) -> str:
    return text.replace(key, "(key)") if len(key) >= _SHORTEST_KEY else text


def _redirect(location: str) -> str:
    """Where a redirect leads, without user name and query, which may hold secrets."""
    try:
        parts = urlsplit(location.strip())
        host = parts.netloc.rpartition("@")[2]
    except ValueError:
        return "redirect not followed"
    target = sanitize(urlunsplit((parts.scheme, host, parts.path, "", "")))[:_MAX_TARGET]
    return f"redirect not followed: {target}" if target else "redirect not followed"


def response_etag(response: httpx.Response) -> str | None:
    """The response's ETag if it is valid and can be sent back (RFC 9110, section 8.8.3)."""
    tag = response.headers.get("etag", "").strip()
    return tag if 0 < len(tag) <= _MAX_LENGTH and re.fullmatch(_ETAG, tag) else None


def status_line(status: int) -> str:
    """`503 Service Unavailable`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Seconds requested by a `Retry-After` header, from 0 to 300; None if absent or invalid.

    It has seconds or an HTTP date; `now` is the server's clock, in seconds since the epoch.
    """
    if text is None:
        return None
    text = text.strip()
    if re.fullmatch(r"[0-9]+(\.[0-9]*)?", text):
        return min(float(text), MAX_HINT)
    date = http_date(text)
    if date is None or not math.isfinite(date):
        return None
    return min(max(date - now, 0.0), MAX_HINT)


def error_message(body: bytes | str, key: str) -> str:
    """The messages in `error`, `errors` and `message` of a JSON body as one line; empty if none.

    Args:
        body: of an error.
        key: API key, which no message keeps.
    """
    return _join(_messages(body, key))


def _messages(body: bytes | str, key: str) -> dict[str, tuple[str, ...]]:
    """Messages by field name, general ones under ""; empty if the body is not JSON.

    Args:
        body: of the response.
        key: API key, which no message keeps.
    """
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    if not isinstance(document, Mapping):
        return {}
    messages: dict[str, tuple[str, ...]] = {}
    for name in ("errors", "error", "message"):
        for field, text in _texts(document.get(name)):
            message = _without(key, text)[:_MAX_LENGTH]
            messages[field] = (*messages.get(field, ()), message)
    return messages


def _texts(value: Any, field: str = "", levels: int = _MAX_NESTING) -> Iterator[tuple[str, str]]:
    """Yields (field, text) of a message, a list of messages, or a map of these by field."""
    match value:
        case str() if value.strip():
            yield field, value.strip()
        case list() if levels:
            for item in value[:50]:
                if isinstance(item, str | Mapping):
                    yield from _texts(item, field, levels - 1)
        case dict() if levels:
            for name, inner in list(value.items())[:50]:
                if isinstance(inner, str | list):
                    yield from _texts(inner, "" if name in _GENERAL else name, levels - 1)


def _join(fields: Mapping[str, tuple[str, ...]]) -> str:
    parts = [
        f"{field}: {text}" if field else text for field, texts in fields.items() for text in texts
    ]
    return "; ".join(dict.fromkeys(parts))[:_MAX_LENGTH]
