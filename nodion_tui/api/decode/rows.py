"""Decodes JSON rows: the whole list at once if it is as documented, else row by row.

Decoding a list at once is fast. Only if that fails, each row is decoded separately: repaired if
possible (`repair_row`), else reported as a `BadRow`, without affecting other rows.
"""

import json
import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.api.decode.repair import repair_row, replace_surrogates, time_fields, times_in_range
from nodion_tui.model.listing import MAX_BAD_ROWS, BadRow, Listing

T = TypeVar("T", bound=msgspec.Struct)

_BOM = b"\xef\xbb\xbf"
DECODE_ERRORS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)
"""Exceptions of decoding an undocumented body."""


class InvalidResponseBody(Exception):
    """A body that differs from the documentation; the message contains the JSON path."""


class _NotAsDocumented(InvalidResponseBody):
    """A row that needs a repair."""

    def __init__(self, decode_error: Exception | None) -> None:
        super().__init__()
        self.decode_error = decode_error
        """Why it cannot be decoded; None: a time is out of range."""


class RowDecoder(Generic[T]):
    """Decodes one type of row from a response, single (`run`) or in a list (`runs`)."""

    def __init__(self, row: type[T], single_key: str, list_key: str) -> None:
        self._row = row
        self._single_key = single_key
        self._list_key = list_key
        self._times = tuple(map(attrgetter, time_fields(row)))
        self._row_decoder = msgspec.json.Decoder(row)
        self._single_decoder = msgspec.json.Decoder(_envelope(single_key, row))
        self._list_decoder = msgspec.json.Decoder(_envelope(list_key, list[row]))  # type: ignore[valid-type]  # mypy rejects a type in a variable
        self._rows_decoder = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # as above
        self._split_decoder = msgspec.json.Decoder(_envelope(list_key, list[msgspec.Raw]))

    def decode_row(self, raw: bytes | str) -> T:
        """Decodes one row without an envelope.

        Raises:
            InvalidResponseBody: the row differs from the documentation and cannot be repaired.
        """
        try:
            return self._decode_strictly(raw)
        except _NotAsDocumented as problem:
            return self._repair(_lenient(raw), problem.decode_error)

    def split_rows(self, body: bytes) -> list[msgspec.Raw]:
        """Splits a list response into the JSON of its rows; `decode_raw_rows` decodes them.

        Raises:
            InvalidResponseBody: the body differs from the documentation.
        """
        try:
            rows: list[msgspec.Raw] = getattr(self._split_decoder.decode(body), self._list_key)
        except DECODE_ERRORS as error:
            raise InvalidResponseBody(_message(error)) from None
        return rows

    def decode_rows(self, raws: Sequence[str]) -> list[T]:
        """Decodes rows without an envelope; six times as fast as `decode_row` for each.

        Raises:
            InvalidResponseBody: a row differs from the documentation; `decode_row` tells which,
                and may repair it.
        """
        return self._decode_together(f"[{','.join(raws)}]", len(raws))

    def decode_array(self, array: bytes, count: int) -> list[T]:
        """Like `decode_rows`, for the rows of one JSON array.

        Args:
            array: the rows, which may be anything.
            count: how many there shall be.

        Raises:
            InvalidResponseBody: as `decode_rows`.
        """
        return self._decode_together(array, count)

    def decode_raw_rows(self, rows: Sequence[msgspec.Raw]) -> list[T]:
        """Like `decode_rows`, for the result of `split_rows`."""
        return self._decode_together(b"[%b]" % b",".join(rows), len(rows))

    def decode_one(self, body: bytes) -> T:
        """Decodes a response with a single row.

        Raises:
            InvalidResponseBody: the row differs from the documentation and cannot be repaired.
        """
        try:
            value: T = getattr(self._single_decoder.decode(body), self._single_key)
        except DECODE_ERRORS as error:
            return self._repair(_get_key(_lenient(body), self._single_key), error)
        return (
            value
            if self._times_valid((value,))
            else self._repair(_get_key(_lenient(body), self._single_key), None)
        )

    def decode_list(self, body: bytes, *, raw: bool = False) -> Listing[T]:
        """Decodes a list response; a bad row does not affect the others.

        `raw` keeps the original JSON of each good row.

        Raises:
            InvalidResponseBody: the body contains no list.
        """
        if not raw:
            try:
                items: list[T] = getattr(self._list_decoder.decode(body), self._list_key)
            except DECODE_ERRORS:
                pass
            else:
                if self._times_valid(items):
                    return Listing(tuple(items))
        return self._decode_each(self._split_leniently(body), keep_raw=raw)

    def _split_leniently(self, body: bytes) -> list[bytes]:
        """The JSON of each row, re-encoded if the document is not valid."""
        try:
            rows = self.split_rows(body.removeprefix(_BOM))
        except InvalidResponseBody:
            values = _get_key(_lenient(body), self._list_key)
            if not isinstance(values, list):
                raise InvalidResponseBody(f"expected a list - at `$.{self._list_key}`") from None
            try:
                return [_encode(value) for value in values]
            except RecursionError as error:
                raise InvalidResponseBody(_message(error)) from None
        return [bytes(row) for row in rows]

    def _decode_each(self, rows: Iterable[bytes], *, keep_raw: bool) -> Listing[T]:
        items: list[T] = []
        bad: list[BadRow] = []
        raw: list[bytes] = []
        more_bad = 0
        for index, row in enumerate(rows):
            # Repairing a million rows would take minutes.
            decode = self.decode_row if len(bad) < MAX_BAD_ROWS else self._decode_strictly
            try:
                items.append(decode(row))
            except InvalidResponseBody as error:
                if len(bad) < MAX_BAD_ROWS:
                    bad.append(BadRow(index, str(error), _id_of(row)))
                else:
                    more_bad += 1
            else:
                if keep_raw:
                    raw.append(row)
        return Listing(tuple(items), tuple(bad), more_bad, tuple(raw))

    def _decode_strictly(self, raw: bytes | str) -> T:
        """Decodes a row that must be as documented.

        Raises:
            _NotAsDocumented: it is not; it may be possible to repair it.
        """
        try:
            value = self._row_decoder.decode(raw)
        except DECODE_ERRORS as error:
            raise _NotAsDocumented(error) from None
        if not self._times_valid((value,)):
            raise _NotAsDocumented(None)
        return value

    def _decode_together(self, document: bytes | str, count: int) -> list[T]:
        try:
            values: list[T] = self._rows_decoder.decode(document)
        except DECODE_ERRORS as error:
            raise InvalidResponseBody(_message(error)) from None
        if len(values) != count or not self._times_valid(values):
            raise InvalidResponseBody("some of the rows are not as documented")
        return values

    def _times_valid(self, rows: Sequence[T]) -> bool:
        return all(times_in_range([*map(get, rows)]) for get in self._times)

    def _repair(self, value: Any, decode_error: Exception | None) -> T:
        try:
            repaired = msgspec.convert(repair_row(value, self._row), self._row)
        except DECODE_ERRORS as error:
            raise InvalidResponseBody(_message(decode_error or error)) from None
        if not self._times_valid((repaired,)):
            raise InvalidResponseBody("a time is out of range")
        return repaired


def _envelope(key: str, content: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Answer", [(key, content)])


def _lenient(body: bytes | str) -> Any:
    """Parses JSON leniently: accepts a BOM, invalid UTF-8, NaN and lone surrogates."""
    text = body if isinstance(body, str) else body.removeprefix(_BOM).decode("utf-8", "replace")
    try:
        return replace_surrogates(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidResponseBody(_message(error)) from None


def _get_key(document: Any, key: str) -> Any:
    if not isinstance(document, dict) or key not in document:
        raise InvalidResponseBody(f"Object missing required field `{key}`")
    return document[key]


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _id_of(row: bytes) -> str | None:
    """The id of a bad row, if it can be read."""
    try:
        value = _lenient(row)
    except InvalidResponseBody:
        return None
    row_id = value.get("id") if isinstance(value, dict) else None
    is_id = isinstance(row_id, str | int) and not isinstance(row_id, bool)
    return str(row_id) if is_id else None


def _message(error: Exception) -> str:
    """The decoder's message and the JSON path, without any text of the body."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return re.sub(r"\s+", " ", str(error))[:200]
