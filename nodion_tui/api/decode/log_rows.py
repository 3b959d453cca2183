"""Decodes log lines into columns; lines that differ from the documentation one by one."""

from collections.abc import Sequence

import msgspec

from nodion_tui.api.decode.milli_times import milli_times
from nodion_tui.api.decode.rows import DECODE_ERRORS, RowDecoder
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import PUBLIC, LogLine, LogLines

LOG_DECODER = RowDecoder(LogLine, "log", "logs")
"""Decodes lines as objects, and repairs those that need it."""


class _SentLine(msgspec.Struct, frozen=True, gc=False):
    """A line whose time is left as it was sent."""

    id: str
    body: str
    created_at: str
    log_level: str = PUBLIC


class _SentPage(msgspec.Struct, frozen=True, gc=False):
    logs: list[_SentLine]


_ARRAY = msgspec.json.Decoder(list[_SentLine])
_PAGE = msgspec.json.Decoder(_SentPage)


def decode_lines(array: bytes, count: int) -> Sequence[LogLine]:
    """Decodes the lines of a JSON array.

    Args:
        array: the lines, which may be anything.
        count: how many there shall be.

    Raises:
        InvalidResponseBody: a row differs from the documentation; `LOG_DECODER.decode_row` tells
            which, and may repair it.
    """
    try:
        sent = _ARRAY.decode(array)
    except DECODE_ERRORS:
        sent = []
    lines = _columns(sent) if len(sent) == count else None
    return LOG_DECODER.decode_array(array, count) if lines is None else lines


def decode_page(body: bytes, *, raw: bool = False) -> Listing[LogLine]:
    """Decodes a page of lines; a bad line does not affect the others.

    `raw` keeps the original JSON of each good line.

    Raises:
        InvalidResponseBody: the body contains no list.
    """
    if not raw:
        try:
            lines = _columns(_PAGE.decode(body).logs)
        except DECODE_ERRORS:
            lines = None
        if lines is not None:
            return Listing(lines)
    return LOG_DECODER.decode_list(body, raw=raw)


def _columns(sent: Sequence[_SentLine]) -> LogLines | None:
    """The lines; None if their times have to be read one by one."""
    written = [line.created_at for line in sent]
    times = milli_times(written) if written else None
    if times is None:
        return None
    levels = [line.log_level for line in sent]
    return LogLines(
        [line.id for line in sent],
        [line.body for line in sent],
        () if levels.count(PUBLIC) == len(levels) else levels,
        written,
        times,
    )
