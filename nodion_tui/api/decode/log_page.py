"""A page of log lines as it was received, to be decoded after the next one is requested."""

import re

import msgspec

from nodion_tui.api.decode.log_rows import decode_page
from nodion_tui.api.decode.rows import InvalidResponseBody
from nodion_tui.model.errors import UnexpectedResponse
from nodion_tui.model.listing import Listing
from nodion_tui.model.log_line import LogLine

_ID_KEY = b'"id":'
"""Not part of any JSON string, in which the quotation marks would be escaped."""
_ID = re.compile(rb'\s*"([!#-\[\]-~]{1,256})"')
_TAIL = 64 * 1024
"""Bytes at the end of a page in which its last id is searched for."""


class LogPage(msgspec.Struct, frozen=True):
    """One page of a run's log."""

    body: bytes
    endpoint: str
    """Method and path template, for the error."""
    keep_raw: bool = False
    """Whether the original JSON of each line is kept."""

    @property
    def probable_last_id(self) -> str | None:
        """The id of its last line, as far as that can be told at once; None if it cannot."""
        key = self.body.rfind(_ID_KEY, max(len(self.body) - _TAIL, 0))
        found = _ID.match(self.body, key + len(_ID_KEY)) if key >= 0 else None
        return found[1].decode("ascii") if found else None

    def decode(self) -> Listing[LogLine]:
        """Its lines.

        Raises:
            UnexpectedResponse: it contains no list of lines.
        """
        try:
            return decode_page(self.body, raw=self.keep_raw)
        except InvalidResponseBody as error:
            raise UnexpectedResponse(str(error), status=200, endpoint=self.endpoint) from None
