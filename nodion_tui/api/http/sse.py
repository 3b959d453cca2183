"""Server-sent event decoder: httpx-sse behind a filter that makes it follow the standard.

Blocks in exactly the form of the API reference, of which a flood of lines consists, take a fast
path: they are split at once and make one JSON array.

The filter passes only whole UTF-8 blocks with LF line ends to httpx-sse, and removes what httpx-sse
treats differently from the standard (WHATWG HTML, 9.2.6): a byte order mark at the start, malformed
`retry:` fields, and blocks without data, which are not events. It also bounds memory.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

from nodion_tui.api.http.body import EVENT_STREAM
from nodion_tui.api.http.lean_httpx import httpx

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

MAX_EVENT_BYTES = 64 * 1024 * 1024
"""Largest event in bytes; a server that sends more without a blank line is disconnected."""

_BOM = b"\xef\xbb\xbf"
_HEADERS = (("content-type", f"{EVENT_STREAM}; charset=utf-8"),)
_LINE = b"event: log\ndata: "
"""Start of a log line event, as in the API reference."""
_END = b"\n\n"
_SEPARATOR = _END + _LINE
_COMMENT = rb"(?m)^:[^\n]*\n"
_COMMENTS_ONLY = rb"(?::[^\n]*\n|\n)*"
_DATA = rb"(?m)^data(?::|$)"
_ID = rb"(?m)^id(?:: ?([^\0\n]*))?$"
_RETRY = rb"(?m)^retry: ?([0-9]+)\n"
_RETRY_LINE = rb"(?m)^retry(?::[^\n]*)?\n"


class EventTooLong(Exception):
    """An event is longer than `MAX_EVENT_BYTES`."""


class LogEvents(msgspec.Struct, frozen=True):
    """Adjacent `log` events without any other field than their data, in one piece."""

    blocks: bytes
    """The events as they were sent."""
    array: bytes
    """The data of all events as one JSON array, if each of them is JSON."""
    count: int

    def data(self) -> list[str]:
        """The data of each event."""
        return _data_of(self.blocks).decode("utf-8", "replace").split(_SEPARATOR.decode())


EventBatch = Sequence["ServerSentEvent"] | LogEvents


class EventDecoder:
    """Decodes chunks of any size into events, each as soon as its blank line has arrived."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_event_bytes = max_event_bytes
        self._pending = bytearray()
        self._at_start = True
        self._after_cr = False
        self._id_line = b""
        self._retry: int | None = None

    @property
    def retry(self) -> int | None:
        """Milliseconds of the last valid `retry:` field."""
        return _last_retry(bytes(self._pending), self._retry)

    def feed(self, chunk: bytes) -> EventBatch:
        """Add the next chunk; returns the events that it completes.

        Raises:
            EventTooLong: an event exceeds the limit.
        """
        unsearched = 0 if self._at_start else max(len(self._pending) - 1, 0)
        self._pending += self._normalize(chunk)
        if self._at_start and not self._skip_bom():
            return ()
        end = self._pending.rfind(b"\n\n", unsearched) + 2
        if end < 2:
            self._limit_pending()
            return ()
        with memoryview(self._pending) as pending:
            blocks = bytes(pending[:end])
        del self._pending[:end]
        return self._decode(blocks)

    def _normalize(self, chunk: bytes) -> bytes:
        """The chunk with LF line ends; a CRLF split over two chunks counts once."""
        if self._after_cr and chunk:
            chunk = chunk.removeprefix(b"\n")
            self._after_cr = False
        if b"\r" in chunk:
            self._after_cr = chunk.endswith(b"\r")
            chunk = chunk.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return chunk

    def _skip_bom(self) -> bool:
        """Whether the start of the stream is known, its byte order mark taken off."""
        if len(self._pending) < len(_BOM) and _BOM.startswith(bytes(self._pending)):
            return False
        if self._pending.startswith(_BOM):
            del self._pending[: len(_BOM)]
        self._at_start = False
        return True

    def _limit_pending(self) -> None:
        if len(self._pending) > self._max_event_bytes:
            self._pending = bytearray(re.sub(_COMMENT, b"", self._pending))
            if len(self._pending) > self._max_event_bytes:
                raise EventTooLong(f"one event is longer than {self._max_event_bytes:,} bytes")

    def _decode(self, blocks: bytes) -> EventBatch:
        if not self._id_line and (lines := _log_events(blocks)) is not None:
            return lines
        if b"retry" in blocks:
            self._retry = _last_retry(blocks, self._retry)
            blocks = re.sub(_RETRY_LINE, b"", blocks)
        if re.fullmatch(_COMMENTS_ONLY, blocks):
            return ()  # A ping, of which each quiet stream gets four a minute.
        events = self._with_httpx_sse(blocks)
        if not all(event.data for event in events):
            events = self._only_with_data(blocks)
        self._keep_id(blocks)
        return events

    def _only_with_data(self, blocks: bytes) -> "list[ServerSentEvent]":
        """The events of blocks of which some have no data and are not events, block by block."""
        events: list[ServerSentEvent] = []
        for block in blocks.split(b"\n\n"):
            if re.search(_DATA, block):
                events += self._with_httpx_sse(block.lstrip(b"\n") + b"\n\n")
            self._keep_id(block)
        return events

    def _with_httpx_sse(self, blocks: bytes) -> "list[ServerSentEvent]":
        # On demand: lines of the usual form take the fast path, and most commands read no stream.
        from httpx_sse import EventSource  # noqa: PLC0415

        response = httpx.Response(200, headers=_HEADERS, content=self._id_line + blocks)
        return list(EventSource(response).iter_sse())

    def _keep_id(self, blocks: bytes) -> None:
        """Stores the last `id:`, which applies to all events up to the next `id:`."""
        if b"\nid" in blocks or blocks.startswith(b"id"):
            for match in re.finditer(_ID, blocks):
                self._id_line = b"id: " + (match[1] or b"") + b"\n"


def _log_events(blocks: bytes) -> LogEvents | None:
    """Fast path for blocks that are all plain `log` events; None for others."""
    if not blocks.startswith(_LINE):
        return None
    # A quarter faster than to replace the separators, which are then searched twice.
    rows = _data_of(blocks).split(_SEPARATOR)
    joined = b",".join(rows)
    return None if b"\n" in joined else LogEvents(blocks, b"[%b]" % joined, len(rows))


def _data_of(blocks: bytes) -> bytes:
    """The data of plain `log` events, separated by what stands between two events."""
    return blocks[len(_LINE) : -len(_END)]


def _last_retry(blocks: bytes, previous: int | None) -> int | None:
    values = re.findall(_RETRY, blocks)
    return min(int(values[-1][:18]), 10**12) if values else previous
