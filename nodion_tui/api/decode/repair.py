"""What can be made good in a row that is not as documented, without guessing at what matters.

An optional field of the wrong type gets its documented default, an id sent as a number becomes a
string, and times are read in the forms that services commonly use. `id`, `status` and `body` are
never invented.
"""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec

_EARLIEST = 1970
_LATEST = 9000
"""Years: beyond these, arithmetic with time zones overflows, and nothing ran then."""
_LEAP_SECOND = re.compile(r"(?<=:\d\d:)60")
_ZONE = re.compile(r"\s*(?:UTC|GMT)$")
_SPACED_OFFSET = re.compile(r"\s+(?=[+-]\d\d:?\d\d$)")


def repair_row(value: Any, row: type[msgspec.Struct]) -> Any:
    """The decoded JSON of a row, ready to be converted to its type as far as that can be had."""
    if not isinstance(value, dict):
        return value
    mended = {}
    for field in msgspec.structs.fields(row):
        if field.encode_name in value:
            found = _field(value[field.encode_name], field)
            if found is not msgspec.UNSET:
                mended[field.encode_name] = found
    return mended


def _field(value: Any, field: msgspec.structs.FieldInfo) -> Any:
    """A field's value made fit; UNSET to leave it to its default."""
    if field.encode_name.endswith("_at"):
        moment = parse_time(value)
        return msgspec.UNSET if moment is None else moment
    if field.encode_name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if field.required:
        return value
    try:
        return msgspec.convert(value, field.type, strict=False)
    except (msgspec.MsgspecError, ValueError, OverflowError):
        return msgspec.UNSET


def parse_time(value: Any) -> datetime | None:
    """An aware time from what a service may send for one; None where it cannot be told.

    Text is read as ISO 8601 with a space or a T, with or without an offset (UTC then), with `UTC`
    behind it, with a leap second (taken for the second before); a number as seconds since 1970.
    """
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            moment = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            moment = datetime.fromisoformat(_normal(value))
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return moment if times_in_range(moment) else None


def _normal(text: str) -> str:
    text = _ZONE.sub("+00:00", text.strip())
    return _SPACED_OFFSET.sub("", _LEAP_SECOND.sub("59", text))


def time_fields(row: type[msgspec.Struct]) -> tuple[str, ...]:
    """The names of a row's fields that hold a time."""
    return tuple(field.name for field in msgspec.structs.fields(row) if field.name.endswith("_at"))


def times_in_range(*moments: datetime | None) -> bool:
    """Whether times are aware, and arithmetic with time zones cannot overflow on them."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        return True
    try:
        first, last = min(known), max(known)
    except TypeError:  # Some are aware and some are not.
        return False
    return first.tzinfo is not None and first.year >= _EARLIEST and last.year <= _LATEST


def replace_surrogates(value: Any) -> Any:
    """Decoded JSON with every lone surrogate replaced, so that its text can be encoded again."""
    match value:
        case str():
            return value if value.isascii() else _scalar(value)
        case list():
            return [replace_surrogates(item) for item in value]
        case dict():
            return {_scalar(key): replace_surrogates(item) for key, item in value.items()}
    return value


def _scalar(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
