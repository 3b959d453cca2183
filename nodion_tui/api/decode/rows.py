"""JSON of the service to values: as a whole where it is as documented, else row by row.

A list is first decoded in one go, which is fast. Only if that fails, each row is taken on its own:
mended where what is wrong can be told (`mend`), else it becomes a `BadRow`, and the others stay.
"""

import json
import re
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

import msgspec

from nodion_tui.api.decode.repair import repair_row, replace_surrogates, time_fields, times_in_range
from nodion_tui.model.listing import BadRow, Listing

T = TypeVar("T", bound=msgspec.Struct)

_BOM = b"\xef\xbb\xbf"
_FAULTS = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError)
"""What decoding raises on a body that is not as documented."""


class InvalidResponseBody(Exception):
    """A body that is not what the API documents; the message has the JSON path."""


class RowDecoder(Generic[T]):
    """How one kind of row stands in an answer, alone (`run`) and in a list (`runs`)."""

    def __init__(self, row: type[T], one: str, many: str) -> None:
        self._row = row
        self._one = one
        self._many = many
        self._times = time_fields(row)
        self._single = msgspec.json.Decoder(row)
        self._typed = msgspec.json.Decoder(_envelope(one, row))
        self._list = msgspec.json.Decoder(_envelope(many, list[row]))  # type: ignore[valid-type]  # a type held in a variable is none to mypy
        self._bulk = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]  # as above
        self._rows = msgspec.json.Decoder(_envelope(many, list[msgspec.Raw]))

    def decode_row(self, raw: bytes | str) -> T:
        """One row from its JSON alone.

        Raises:
            BadBody: it is not as documented and cannot be mended.
        """
        try:
            value = self._single.decode(raw)
        except _FAULTS as error:
            return self._mended(_lenient(raw), error)
        return value if self._sound((value,)) else self._mended(_lenient(raw), None)

    def split_rows(self, body: bytes) -> list[msgspec.Raw]:
        """Each row's JSON as it stands in an answer that holds a list; `of_rows` decodes them.

        Raises:
            BadBody: it is not as documented.
        """
        try:
            found: list[msgspec.Raw] = getattr(self._rows.decode(body), self._many)
        except _FAULTS as error:
            raise InvalidResponseBody(_plain(error)) from None
        return found

    def decode_rows(self, raws: Sequence[str]) -> list[T]:
        """Many rows, each from its JSON alone; six times as fast as `row` for each.

        Raises:
            BadBody: one of them is not as documented; `row` tells which, and may mend it.
        """
        return self._together(f"[{','.join(raws)}]", len(raws))

    def decode_raw_rows(self, rows: Sequence[msgspec.Raw]) -> list[T]:
        """As `each`, of rows as they stand in an answer."""
        return self._together(b"[%b]" % b",".join(rows), len(rows))

    def decode_one(self, body: bytes) -> T:
        """The row of an answer that holds one.

        Raises:
            BadBody: it is not as documented and cannot be mended.
        """
        try:
            value: T = getattr(self._typed.decode(body), self._one)
        except _FAULTS as error:
            return self._mended(_member(_lenient(body), self._one), error)
        return (
            value
            if self._sound((value,))
            else self._mended(_member(_lenient(body), self._one), None)
        )

    def decode_list(self, body: bytes, *, raw: bool = False) -> Listing[T]:
        """The rows of an answer that holds a list; bad rows cost only themselves.

        Args:
            body: the answer.
            raw: keep each good row's JSON as it was sent.

        Raises:
            BadBody: there is no list in it.
        """
        if not raw:
            try:
                items: list[T] = getattr(self._list.decode(body), self._many)
            except _FAULTS:
                pass
            else:
                if self._sound(items):
                    return Listing(tuple(items))
        return self._one_by_one(self._split(body), keep=raw)

    def _split(self, body: bytes) -> list[bytes]:
        """Each row's JSON as it was sent, or as near to it as a broken document allows."""
        try:
            rows = self.split_rows(body.removeprefix(_BOM))
        except InvalidResponseBody:
            values = _member(_lenient(body), self._many)
            if not isinstance(values, list):
                raise InvalidResponseBody(f"expected a list - at `$.{self._many}`") from None
            return [_encode(value) for value in values]
        return [bytes(row) for row in rows]

    def _one_by_one(self, rows: Iterable[bytes], *, keep: bool) -> Listing[T]:
        items: list[T] = []
        bad: list[BadRow] = []
        raw: list[bytes] = []
        for index, row in enumerate(rows):
            try:
                items.append(self.decode_row(row))
            except InvalidResponseBody as problem:
                bad.append(BadRow(index, str(problem), _id_of(row)))
            else:
                raw.append(row)
        return Listing(tuple(items), tuple(bad), tuple(raw) if keep else ())

    def _together(self, document: bytes | str, count: int) -> list[T]:
        try:
            values: list[T] = self._bulk.decode(document)
        except _FAULTS as error:
            raise InvalidResponseBody(_plain(error)) from None
        if len(values) != count or not self._sound(values):
            raise InvalidResponseBody("some of the rows are not as documented")
        return values

    def _sound(self, rows: Sequence[T]) -> bool:
        return all(times_in_range(*map(attrgetter(name), rows)) for name in self._times)

    def _mended(self, value: Any, error: Exception | None) -> T:
        try:
            mended = msgspec.convert(repair_row(value, self._row), self._row)
        except _FAULTS as problem:
            raise InvalidResponseBody(_plain(problem if error is None else error)) from None
        if not self._sound((mended,)):
            raise InvalidResponseBody("a time is out of range")
        return mended


def _envelope(key: str, content: Any) -> type[msgspec.Struct]:
    return msgspec.defstruct("Answer", [(key, content)])


def _lenient(body: bytes | str) -> Any:
    """JSON as forgiving as the standard library takes it: BOM, bad UTF-8, NaN, lone surrogates."""
    text = body if isinstance(body, str) else body.removeprefix(_BOM).decode("utf-8", "replace")
    try:
        return replace_surrogates(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise InvalidResponseBody(_plain(error)) from None


def _member(document: Any, key: str) -> Any:
    if not isinstance(document, dict) or key not in document:
        raise InvalidResponseBody(f"Object missing required field `{key}`")
    return document[key]


def _encode(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _id_of(row: bytes) -> str | None:
    """The id of a row that is otherwise bad."""
    try:
        value = _lenient(row)
    except InvalidResponseBody:
        return None
    found = value.get("id") if isinstance(value, dict) else None
    return str(found) if isinstance(found, str | int) and not isinstance(found, bool) else None


def _plain(error: Exception) -> str:
    """What is wrong, without the body's own text: only our decoder's words and the JSON path."""
    if isinstance(error, RecursionError):
        return "nested too deeply"
    return re.sub(r"\s+", " ", str(error))[:200]
