"""Reads response bodies, unpacking them in pieces, so that a small response cannot fill the memory.

httpx unpacks whatever coding a server names, several on top of each other, and each chunk as a
whole: 260 bytes can become 2 GB. Here only what was asked for is unpacked, a MiB at a time, and the
reader's bound holds for the unpacked bytes.
"""

import zlib
from collections.abc import AsyncGenerator, Iterator

from nodion_tui.api.http.lean_httpx import httpx
from nodion_tui.model.errors import ConnectionLost, UnexpectedResponse
from nodion_tui.model.text.sanitize import sanitize

ACCEPTED_CODING = "gzip"
"""The only coding that requests accept, besides none."""
IDENTITY = "identity"
EVENT_STREAM = "text/event-stream"
"""Media type of a stream."""
PIECE_BYTES = 1 << 20
"""Unpacked bytes that are made at a time."""
_GZIP_WINDOW = 31
"""Window size argument of zlib for the gzip format."""
_MAX_NAME = 60


async def read_pieces(response: httpx.Response, endpoint: str) -> AsyncGenerator[bytes, None]:
    """The body, unpacked if it is gzip, in pieces of at most `PIECE_BYTES` or as received.

    Raises:
        UnexpectedResponse: a coding that was not asked for, or more than one.
        ConnectionLost: the packed data is invalid or incomplete.
    """
    if content_coding(response, endpoint) == IDENTITY:
        async for chunk in response.aiter_raw():
            yield chunk
        return
    unpacker = _Unpacker()
    async for chunk in response.aiter_raw():
        for piece in unpacker.feed(chunk):
            yield piece
    unpacker.finish()


def content_coding(response: httpx.Response, endpoint: str, *, packed: bool = True) -> str:
    """The coding of a body: `identity` or `gzip`.

    Args:
        response: its headers.
        endpoint: method and path template, for the error.
        packed: whether gzip was asked for.

    Raises:
        UnexpectedResponse: any other coding, or more than one.
    """
    text = ", ".join(response.headers.get_list("content-encoding"))
    codings = [name for part in text.split(",") if (name := part.strip().lower())]
    match codings:
        case [] | ["identity"]:
            return IDENTITY
        case ["gzip" | "x-gzip"] if packed:
            return ACCEPTED_CODING
    shown = sanitize(text)[:_MAX_NAME]
    raise UnexpectedResponse(
        f"Content-Encoding {shown} was not asked for",
        status=response.status_code,
        endpoint=endpoint,
    )


class _Unpacker:
    """Unpacks gzip data, which may have several members (RFC 1952, section 2.2)."""

    def __init__(self) -> None:
        self._member = zlib.decompressobj(_GZIP_WINDOW)
        self._any = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yields what the data unpacks to.

        Raises:
            ConnectionLost: it is not valid gzip.
        """
        self._any = self._any or bool(data)
        while data:
            if self._member.eof:
                self._member = zlib.decompressobj(_GZIP_WINDOW)
            try:
                piece = self._member.decompress(data, PIECE_BYTES)
            except zlib.error:
                raise ConnectionLost("invalid compression in the response") from None
            data = self._member.unconsumed_tail or self._member.unused_data
            if piece:
                yield piece

    def finish(self) -> None:
        """Checks that the data is complete.

        Raises:
            ConnectionLost: it is not.
        """
        if self._any and not self._member.eof:
            raise ConnectionLost("the compressed response is incomplete")
