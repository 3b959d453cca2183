"""Writes one line per request to the event log: method, path, status, time; no header or body."""

import logging
import time
from typing import Self

from nodion_tui.model.loggable import loggable_id

_logger = logging.getLogger(__name__)


class LoggedRequest:
    """Context manager around a request, from its first byte to its last.

    Args:
        path: path and query, as sent.
        endpoint: method and path template.
    """

    __slots__ = ("_began", "_endpoint", "_path", "_status")

    def __init__(self, path: str, endpoint: str) -> None:
        self._path = path
        self._endpoint = endpoint
        self._status: int | None = None
        self._began = 0.0

    def __enter__(self) -> Self:
        self._began = time.monotonic()
        return self

    def head(self, status: int) -> None:
        """Record the status; a stream, which stays open, gets an extra line for its head."""
        self._status = status
        if self._endpoint.endswith("/stream"):
            self._write("response")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._write("request", kind)

    def _write(self, event: str, error: type[BaseException] | None = None) -> None:
        """Writes only the type of an error: its text may contain request data."""
        if not _logger.isEnabledFor(logging.DEBUG):
            return
        _logger.log(
            logging.DEBUG if error is None else logging.INFO,
            "%s method=%s path=%s status=%s ms=%.0f error=%s",
            event,
            self._endpoint.partition(" ")[0],
            _path(self._path, self._endpoint),
            self._status,
            (time.monotonic() - self._began) * 1000,
            error.__name__.lstrip("_") if error else None,
        )


def _path(sent: str, endpoint: str) -> str:
    """The path with well-formed ids only; other segments come from the endpoint's template."""
    path, _, query = sent.partition("?")
    template = endpoint.partition(" ")[2].split("/")
    parts = [
        loggable_id(part) if slot.startswith(":") else slot
        for slot, part in zip(template, path.split("/"), strict=False)
    ]
    name, equals, value = query.partition("=")
    return "/".join(parts) + (f"?{name}={loggable_id(value)}" if equals else "")
