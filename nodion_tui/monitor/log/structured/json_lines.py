r"""Parses log lines that are JSON objects into time, level, message and fields.

Numbers are shown as they were written: nothing is rounded, nothing is lost, of equal keys both
values are shown. Escaped letters such as `\u00eb` are shown unescaped.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from nodion_tui.monitor.log.structured.formatted import compact, unescape
from nodion_tui.monitor.log.structured.level_field import level_member, plain_key
from nodion_tui.monitor.log.structured.members import Member, split_members

_TIME = (
    *("time", "timestamp", "ts", "t", "datetime", "date", "asctime", "eventtime"),
    "timeunixnano",
)
_LEVEL = ("level", "severity", "lvl", "levelname", "loglevel", "severitytext")
_MESSAGE = (
    *("message", "msg", "renderedmessage", "m", "mt", "messagetemplate", "shortmessage"),
    *("event", "text", "body", "log"),
)
_NUMBER = re.compile(r"[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE]\+?[0-9]{1,2})?")


class JsonRole(StrEnum):
    """Role of a token of a structured line."""

    TIME = "time"
    LEVEL = "level"
    MESSAGE = "message"
    KEY = "key"
    VALUE = "value"


class JsonToken(NamedTuple):
    """A token of a structured line's one-line form."""

    role: JsonRole
    text: str
    """May contain control characters: sanitize it like any log text."""


class JsonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object that was one line of a log."""

    time: str = ""
    """As written; an epoch time as ISO 8601 in UTC. Empty if there is none, like the others."""
    level: str = ""
    """As written; its name if it is a number."""
    message: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """The remaining fields, in order. Values are JSON; strings of one word are unquoted."""

    def tokens(self) -> list[JsonToken]:
        """The tokens of the one-line form: `time level message key=value…`, `{}` if empty."""
        standard = (
            JsonToken(JsonRole.TIME, self.time),
            JsonToken(JsonRole.LEVEL, self.level),
            JsonToken(JsonRole.MESSAGE, self.message),
        )
        tokens = [token for token in standard if token.text]
        for key, value in self.fields:
            tokens += [JsonToken(JsonRole.KEY, key), JsonToken(JsonRole.VALUE, value)]
        return tokens or [JsonToken(JsonRole.VALUE, "{}")]


def parse_json_line(body: str) -> JsonLine | None:
    """Parse a line; None if it is not a JSON object, or too long."""
    members = split_members(body)
    if members is None:
        return None
    remaining = [*members]
    level = _pop_level(remaining)
    time, message = (_pop_first(remaining, names) for names in (_TIME, _MESSAGE))
    return JsonLine(
        time=_format_epoch(time),
        level=level,
        message=message,
        fields=tuple((member.key, _format_value(member)) for member in remaining),
    )


def _pop_level(members: list[Member]) -> str:
    """Remove the member that names the level; its text, or its name if it is a number."""
    own = level_member(members)
    if own is None:
        return _pop_first(members, _LEVEL)
    member, level = own
    members.remove(member)
    text = str(member.value)
    return level.name.lower() if text.isdecimal() else text


def _pop_first(members: list[Member], names: tuple[str, ...]) -> str:
    """Remove the first of these fields that has a number or a text to see; its text."""
    by_key: dict[str, Member] = {}
    for member in members:
        if isinstance(member.value, str) and member.value.strip():
            by_key.setdefault(plain_key(member.key), member)
    for name in names:
        if (named := by_key.get(name)) is not None:
            members.remove(named)
            return str(named.value)
    return ""


def _format_value(member: Member) -> str:
    if not isinstance(member.value, str) or member.is_number:
        return compact(member.raw)
    text = member.value
    is_single_word = text.isprintable() and not set(text) & set(' "=')
    return text if is_single_word and text else unescape(member.raw)


def _format_epoch(text: str) -> str:
    """An epoch time in seconds, milliseconds, … as ISO 8601; other text unchanged."""
    if not _NUMBER.fullmatch(text):
        return text
    number = float(text)
    for scale in (1, 1e3, 1e6, 1e9):
        if 1e9 <= number / scale < 1e10:
            time = datetime.fromtimestamp(number / scale, UTC)
            return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text
