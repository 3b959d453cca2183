"""Server-sent events out of bytes: httpx-sse decodes them, a guard before it sees to the rest.

What a flood is made of, lines in the very form of the API reference, is split in one go instead.

The guard gives httpx-sse nothing but whole blocks in UTF-8 with plain line ends, and keeps from it
what it takes otherwise than the standard (WHATWG HTML, 9.2.6) does: a byte order mark at the start,
malformed `retry:` fields, and blocks without data, which are no events. It also bounds memory.
"""

import re
from collections.abc import Sequence

import httpx
from httpx_sse import EventSource, ServerSentEvent

MEDIA_TYPE = "text/event-stream"
MAX_EVENT_BYTES = 64 * 1024 * 1024
"""Bytes of one event; a server that sends more without a blank line is cut off."""

_BOM = b"\xef\xbb\xbf"
_HEADERS = (("content-type", f"{MEDIA_TYPE}; charset=utf-8"),)
_LINE = "event: log\ndata: "
"""How the API reference writes an event that holds a line of the log."""
_END = "\n\n"
_COMMENT = re.compile(rb"(?m)^:[^\n]*\n")
_DATA = re.compile(rb"(?m)^data(?::|$)")
_ID = re.compile(rb"(?m)^id(?:: ?([^\0\n]*))?$")
_RETRY = re.compile(rb"(?m)^retry: ?([0-9]+)\n")
_RETRY_LINE = re.compile(rb"(?m)^retry(?::[^\n]*)?\n")


class EventTooLong(Exception):
    """More than `MAX_BLOCK` bytes came without an end of the event."""


class EventDecoder:
    """Bytes in whatever pieces they come → events, as soon as their blank line is there."""

    def __init__(self, *, max_event_bytes: int = MAX_EVENT_BYTES) -> None:
        self._max_block = max_event_bytes
        self._pending = bytearray()
        self._at_start = True
        self._after_cr = False
        self._id_line = b""
        self._retry: int | None = None

    @property
    def retry(self) -> int | None:
        """Milliseconds of the last valid `retry:` field."""
        return _last_retry(bytes(self._pending), self._retry)

    def feed(self, piece: bytes) -> Sequence[ServerSentEvent]:
        """Take in the next bytes; the events that they complete.

        Raises:
            BlockTooLong: an event grows beyond the bound.
        """
        unsearched = 0 if self._at_start else max(len(self._pending) - 1, 0)
        self._pending += self._normal(piece)
        if self._at_start and not self._skip_mark():
            return ()
        end = self._pending.rfind(b"\n\n", unsearched) + 2
        if end < 2:
            self._bound()
            return ()
        blocks = bytes(self._pending[:end])
        del self._pending[:end]
        return self._decode(blocks)

    def _normal(self, piece: bytes) -> bytes:
        """The piece with a line feed for every line end; one split over two pieces counts once."""
        if self._after_cr and piece:
            piece = piece.removeprefix(b"\n")
            self._after_cr = False
        if b"\r" in piece:
            self._after_cr = piece.endswith(b"\r")
            piece = piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        return piece

    def _skip_mark(self) -> bool:
        """Whether the start of the stream is known, its byte order mark taken off."""
        if len(self._pending) < len(_BOM) and _BOM.startswith(bytes(self._pending)):
            return False
        if self._pending.startswith(_BOM):
            del self._pending[: len(_BOM)]
        self._at_start = False
        return True

    def _bound(self) -> None:
        if len(self._pending) > self._max_block:
            self._pending = bytearray(_COMMENT.sub(b"", self._pending))
            if len(self._pending) > self._max_block:
                raise EventTooLong(f"one event is longer than {self._max_block:,} bytes")

    def _decode(self, blocks: bytes) -> Sequence[ServerSentEvent]:
        if b"retry" in blocks:
            self._retry = _last_retry(blocks, self._retry)
            blocks = _RETRY_LINE.sub(b"", blocks)
        if not self._id_line and (lines := _lines(blocks)):
            return lines
        events = self._by_httpx_sse(blocks)
        if not all(event.data for event in events):
            events = self._with_data(blocks)
        self._keep_id(blocks)
        return events

    def _with_data(self, blocks: bytes) -> list[ServerSentEvent]:
        """The events of blocks some of which hold no data and are none, block by block."""
        kept: list[ServerSentEvent] = []
        for block in blocks.split(b"\n\n"):
            if _DATA.search(block):
                kept += self._by_httpx_sse(block.lstrip(b"\n") + b"\n\n")
            self._keep_id(block)
        return kept

    def _by_httpx_sse(self, blocks: bytes) -> list[ServerSentEvent]:
        response = httpx.Response(200, headers=_HEADERS, content=self._id_line + blocks)
        return list(EventSource(response).iter_sse())

    def _keep_id(self, blocks: bytes) -> None:
        """Remember the last `id:`, which holds for the events after it until another one comes."""
        if b"\nid" in blocks or blocks.startswith(b"id"):
            for found in _ID.finditer(blocks):
                self._id_line = b"id: " + (found[1] or b"") + b"\n"


def _lines(blocks: bytes) -> list[ServerSentEvent]:
    """The events of blocks that are lines of the log and nothing else; of others none."""
    text = blocks.decode("utf-8", "replace")
    if not text.startswith(_LINE):
        return []
    data = text.removeprefix(_LINE).removesuffix(_END).split(_END + _LINE)
    breaks = (_LINE + _END).count("\n")
    if text.count("\n") != breaks * len(data):
        return []
    return [ServerSentEvent("log", each) for each in data]


def _last_retry(blocks: bytes, before: int | None) -> int | None:
    found = _RETRY.findall(blocks)
    return min(int(found[-1][:18]), 10**12) if found else before
