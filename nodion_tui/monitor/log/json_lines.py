r"""Parses log lines that are JSON objects into time, level, message and fields.

Numbers are shown as they were written: nothing is rounded, nothing is lost. Escaped letters such as
`\u00eb` are shown unescaped.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from nodion_tui.monitor.log.level import LogLevel, parse_level

MAX_LENGTH = 262_144
"""Maximum characters of a line that is parsed as JSON."""
_TIME = ("time", "timestamp", "ts", "@timestamp", "t", "datetime", "date", "asctime", "eventTime")
_LEVEL = (
    *("level", "severity", "lvl", "levelname", "log.level", "loglevel", "log_level", "@level"),
    *("severity_text", "severityText"),
)
_MESSAGE = ("message", "msg", "@message", "event", "text", "body", "log")
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)"
)
_DECODER = msgspec.json.Decoder(dict[str, msgspec.Raw])


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
    """As written; its name if it is a number of pino or bunyan."""
    severity: LogLevel | None = None
    """The parsed `level`."""
    message: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """The remaining fields, in order. Values are JSON; strings of one word are unquoted."""

    def tokens(self) -> list[JsonToken]:
        """The tokens of the one-line form: `time level message key=value…`."""
        standard = (
            JsonToken(JsonRole.TIME, self.time),
            JsonToken(JsonRole.LEVEL, self.level),
            JsonToken(JsonRole.MESSAGE, self.message),
        )
        tokens = [token for token in standard if token.text]
        for key, value in self.fields:
            tokens += [JsonToken(JsonRole.KEY, key), JsonToken(JsonRole.VALUE, value)]
        return tokens


def parse_json_line(body: str) -> JsonLine | None:
    """Parse a line; None if it is not a JSON object, or too long."""
    if not looks_like_json(body):
        return None
    try:
        fields = _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    time, level, message = (_pop_first(fields, names) for names in (_TIME, _LEVEL, _MESSAGE))
    severity = parse_level(level)
    return JsonLine(
        time=_format_epoch(time),
        level=severity.name.lower() if severity and level.isdecimal() else level,
        severity=severity,
        message=message,
        fields=tuple((key, _format_value(raw)) for key, raw in fields.items()),
    )


def looks_like_json(body: str) -> bool:
    """Whether a line may be a JSON object; cheap enough for every line on the screen."""
    return len(body) <= MAX_LENGTH and body.lstrip()[:1] == "{" and body.rstrip()[-1:] == "}"


def pretty(body: str) -> list[str]:
    """A JSON line over several lines, indented by two; unchanged if it is not JSON."""
    try:
        return _unescape(msgspec.json.format(body.strip(), indent=2)).split("\n")
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return [body]


def _pop_first(fields: dict[str, msgspec.Raw], names: tuple[str, ...]) -> str:
    """Remove and return the first of these fields that has a text or a number."""
    for name in names:
        raw = fields.get(name)
        if raw is not None and bytes(raw)[:1] not in b"{[tfn":
            del fields[name]
            return _unquoted(raw)
    return ""


def _unquoted(raw: msgspec.Raw) -> str:
    text = bytes(raw).decode("utf-8", "surrogatepass")
    return msgspec.json.decode(raw, type=str) if text.startswith('"') else text


def _format_value(raw: msgspec.Raw) -> str:
    text = bytes(raw).decode("utf-8", "surrogatepass")
    if not text.startswith('"'):
        return _unescape(msgspec.json.format(text, indent=-1)) if text[0] in "{[" else text
    text_value = msgspec.json.decode(raw, type=str)
    is_single_word = text_value.isprintable() and not set(text_value) & set(' "=')
    return text_value if is_single_word and text_value else _unescape(text)


def _unescape(text: str) -> str:
    """JSON with letters instead of escapes; required and hidden escapes stay."""
    return _ESCAPE.sub(lambda match: _unescape_one(match.group()), text) if "\\u" in text else text


def _unescape_one(escape: str) -> str:
    if escape[1] != "u":
        return escape
    try:
        letter = msgspec.json.decode(f'"{escape}"', type=str)
    except msgspec.DecodeError:  # half of a pair
        return escape
    return letter if letter.isprintable() and letter not in '"\\' else escape


def _format_epoch(text: str) -> str:
    """An epoch time in seconds, milliseconds, … as ISO 8601; other text unchanged."""
    try:
        number = float(text)
    except ValueError:
        return text
    for scale in (1, 1e3, 1e6, 1e9):
        if 1e9 <= number / scale < 1e10:
            time = datetime.fromtimestamp(number / scale, UTC)
            return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text
