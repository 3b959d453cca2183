"""Repairs rows that differ from the documentation, without guessing essential values.

An optional field of the wrong type gets its documented default, a numeric id becomes a string, and
times are parsed in the formats that services commonly use. `id`, `status` and `body` are never
invented.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

_EARLIEST = 1970
_LATEST = 9000
"""Years: outside this range arithmetic with time zones overflows, and no run exists."""
_LEAP_SECOND = r"(?<=:\d\d:)60"
_ZONE = r"\s*(?:UTC|GMT)$"
_SPACED_OFFSET = r"\s+(?=[+-]\d\d:?\d\d$)"


def repair_row(value: Any, row: type[msgspec.Struct]) -> Any:
    """Repairs the decoded JSON of a row so that it can be converted to its type, if possible."""
    if not isinstance(value, dict):
        return value
    repaired = {}
    for field in msgspec.structs.fields(row):
        if field.encode_name in value:
            repaired_value = _repair_field(value[field.encode_name], field)
            if repaired_value is not msgspec.UNSET:
                repaired[field.encode_name] = repaired_value
    return repaired


def _repair_field(value: Any, field: msgspec.structs.FieldInfo) -> Any:
    """The repaired value of a field; UNSET to use its default."""
    if field.encode_name.endswith("_at"):
        time = parse_time(value)
        return msgspec.UNSET if time is None else time
    if field.encode_name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if field.required:
        return value
    try:
        return msgspec.convert(value, field.type, strict=False)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError):
        return msgspec.UNSET


def parse_time(value: Any) -> datetime | None:
    """Parses a time leniently; the result is timezone-aware, or None if it is not a valid time.

    Text is ISO 8601 with a space or a T, with or without an offset (default: UTC), with a trailing
    `UTC`, with a leap second (read as the second before); a number is seconds since 1970.
    """
    if isinstance(value, bool):
        return None
    try:
        if isinstance(value, int | float):
            time = datetime.fromtimestamp(value, UTC)
        elif isinstance(value, str):
            time = datetime.fromisoformat(_normalize(value))
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=UTC)
    return time if times_in_range((time,)) else None


def _normalize(text: str) -> str:
    text = re.sub(_ZONE, "+00:00", text.strip())
    return re.sub(_SPACED_OFFSET, "", re.sub(_LEAP_SECOND, "59", text))


def time_fields(row: type[msgspec.Struct]) -> tuple[str, ...]:
    """Names of the time fields of a row type."""
    return tuple(field.name for field in msgspec.structs.fields(row) if field.name.endswith("_at"))


def times_in_range(times: Sequence[datetime | None]) -> bool:
    """Whether all times are timezone-aware and within the supported years; None is ignored."""
    present = [time for time in times if time is not None]
    if not present:
        return True
    try:
        first, last = min(present), max(present)
    except TypeError:  # A mix of aware and naive times.
        return False
    return first.tzinfo is not None and first.year >= _EARLIEST and last.year <= _LATEST


def replace_surrogates(value: Any) -> Any:
    """Replaces lone surrogates in decoded JSON, so that its text can be encoded again."""
    match value:
        case str():
            return value if value.isascii() else _to_scalars(value)
        case list():
            return [replace_surrogates(item) for item in value]
        case dict():
            return {_to_scalars(key): replace_surrogates(item) for key, item in value.items()}
    return value


def _to_scalars(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
