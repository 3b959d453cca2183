"""What an answer that is not the expected one means: its status and body become an error."""

import math
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

import httpx
import msgspec

from nodion_tui.api.http.backoff import MAX_HINT
from nodion_tui.api.http.server_clock import http_date
from nodion_tui.model.errors import (
    ApiError,
    BadRequest,
    KeyRejected,
    NodionError,
    ResourceNotFound,
    ScopeMissing,
    ServerError,
    TooManyRequests,
    UnexpectedResponse,
)

_SIMPLE = MappingProxyType(
    {401: KeyRejected, 403: ScopeMissing, 404: ResourceNotFound, 410: ResourceNotFound}
)
_LONGEST = 500
"""Characters of a server's message, or of a tag, that are kept."""
_ETAG = re.compile(r'(W/)?"[!#-~]*"')
_NO_FIELD = frozenset({"base", "message"})
"""Names in a map of messages that are not fields of the request."""


def error_from_response(
    response: httpx.Response, body: bytes, endpoint: str, now: float
) -> ApiError:
    """The error that a status other than 200 stands for.

    Args:
        response: its head.
        body: as far as it was read.
        endpoint: method and path template.
        now: the server's clock in seconds since the epoch, for a `Retry-After` that is a date.
    """
    status = response.status_code
    fields = _messages(body)
    detail = _sentence(fields) or status_line(status)
    if status in _SIMPLE:
        return _SIMPLE[status](detail, status=status, endpoint=endpoint)
    if status in {400, 422}:
        named = {name: texts for name, texts in fields.items() if name}
        return BadRequest(detail, status=status, endpoint=endpoint, fields=named)
    if status == 429 or status >= 500:
        kind = TooManyRequests if status == 429 else ServerError
        wait = parse_retry_after(response.headers.get("retry-after"), now)
        return kind(detail, status=status, endpoint=endpoint, retry_after=wait)
    if 300 <= status < 400:
        detail = f"{status_line(status)}: it points elsewhere, and is not followed"
    return UnexpectedResponse(detail, status=status, endpoint=endpoint)


def response_etag(response: httpx.Response) -> str | None:
    """The answer's tag, where there is one that can be sent back (RFC 9110, section 8.8.3)."""
    tag = response.headers.get("etag", "").strip()
    return tag if len(tag) <= _LONGEST and _ETAG.fullmatch(tag) else None


def status_line(status: int) -> str:
    """`503 Service Unavailable`."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def parse_retry_after(text: str | None, now: float) -> float | None:
    """Seconds that a `Retry-After` asks for, from 0 to 300; None where it asks for nothing.

    Args:
        text: the header: seconds, or an HTTP date.
        now: the server's clock, seconds since the epoch.
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


def retry_hint(error: NodionError) -> float | None:
    """The wait that the service asked for with an error, in seconds."""
    if isinstance(error, TooManyRequests | ServerError):
        return error.retry_after
    return None


def error_message(body: bytes | str) -> str:
    """What `error`, `errors` and `message` of a JSON body say, as one sentence; else nothing."""
    return _sentence(_messages(body))


def _messages(body: bytes | str) -> dict[str, tuple[str, ...]]:
    """Messages by field, those of no field under ""; a body that is not JSON has none."""
    try:
        document = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
    if not isinstance(document, Mapping):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for key in ("errors", "error", "message"):
        for field, text in _texts(document.get(key)):
            found[field] = (*found.get(field, ()), text)
    return found


def _texts(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """The strings of a message, a list of messages, or a map of such by field."""
    match value:
        case str() if value.strip():
            yield field, value.strip()[:_LONGEST]
        case list():
            for item in value[:50]:
                if isinstance(item, str | Mapping):
                    yield from _texts(item, field)
        case dict():
            for name, inner in list(value.items())[:50]:
                if isinstance(inner, str | list):
                    yield from _texts(inner, "" if name in _NO_FIELD else name)


def _sentence(fields: Mapping[str, tuple[str, ...]]) -> str:
    parts = [
        f"{field}: {text}" if field else text for field, texts in fields.items() for text in texts
    ]
    return "; ".join(dict.fromkeys(parts))[:_LONGEST]
