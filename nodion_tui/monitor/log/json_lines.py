r"""A log line that is a JSON object, as people want to read it: time, level, message, the rest.

Numbers are shown as they were written: nothing is rounded, nothing is lost. Letters that were
written as `\u00eb` are shown as what they mean.
"""

import re
from datetime import UTC, datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from nodion_tui.monitor.log.level import LogLevel, parse_level

MAX_LENGTH = 262_144
"""Characters of a line that is taken for JSON at most."""
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
    """What a part of a structured line is."""

    TIME = "time"
    LEVEL = "level"
    MESSAGE = "message"
    KEY = "key"
    VALUE = "value"


class JsonToken(NamedTuple):
    """A piece of a structured line's one-line form."""

    role: JsonRole
    text: str
    """May hold control characters: clean it like any text of a log."""


class JsonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A JSON object that was one line of a log."""

    time: str = ""
    """As written; an epoch time as ISO 8601 in UTC. Empty where there is none, like the others."""
    level: str = ""
    """As written; its name where it is a number that pino or bunyan wrote."""
    severity: LogLevel | None = None
    """What `level` means."""
    message: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    """Everything else, in order. Values are JSON, except strings of one word, which stand bare."""

    def tokens(self) -> list[JsonToken]:
        """The one-line form piece by piece: `time level message key=value…`."""
        named = (
            JsonToken(JsonRole.TIME, self.time),
            JsonToken(JsonRole.LEVEL, self.level),
            JsonToken(JsonRole.MESSAGE, self.message),
        )
        parts = [part for part in named if part.text]
        for key, value in self.fields:
            parts += [JsonToken(JsonRole.KEY, key), JsonToken(JsonRole.VALUE, value)]
        return parts

    def one_line(self) -> str:
        """The line as `time level message key=value…`."""
        words = [word for word in (self.time, self.level, self.message) if word]
        return " ".join(words + [f"{key}={value}" for key, value in self.fields])


def parse_json_line(body: str) -> JsonLine | None:
    """The line's structure; None if it is no JSON object (or one that is too long)."""
    if not looks_like_json(body):
        return None
    try:
        fields = _DECODER.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return None
    time, level, message = (_take(fields, names) for names in (_TIME, _LEVEL, _MESSAGE))
    severity = parse_level(level)
    return JsonLine(
        time=_moment(time),
        level=severity.name.lower() if severity and level.isdecimal() else level,
        severity=severity,
        message=message,
        fields=tuple((key, _value(raw)) for key, raw in fields.items()),
    )


def looks_like_json(body: str) -> bool:
    """Whether a line may be a JSON object; cheap enough to ask for every line on screen."""
    return len(body) <= MAX_LENGTH and body.lstrip()[:1] == "{" and body.rstrip()[-1:] == "}"


def pretty(body: str) -> list[str]:
    """A JSON line over several lines, indented by two; itself alone if it is no JSON."""
    try:
        return _spelled(msgspec.json.format(body.strip(), indent=2)).split("\n")
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError):
        return [body]


def _take(fields: dict[str, msgspec.Raw], names: tuple[str, ...]) -> str:
    """Take out the first of these fields that has a text or a number."""
    for name in names:
        raw = fields.get(name)
        if raw is not None and bytes(raw)[:1] not in b"{[tfn":
            del fields[name]
            return _bare(raw)
    return ""


def _bare(raw: msgspec.Raw) -> str:
    text = bytes(raw).decode("utf-8", "surrogatepass")
    return msgspec.json.decode(raw, type=str) if text.startswith('"') else text


def _value(raw: msgspec.Raw) -> str:
    text = bytes(raw).decode("utf-8", "surrogatepass")
    if not text.startswith('"'):
        return _spelled(msgspec.json.format(text, indent=-1)) if text[0] in "{[" else text
    bare = msgspec.json.decode(raw, type=str)
    is_word = bare.isprintable() and not set(bare) & set(' "=')
    return bare if is_word and bare else _spelled(text)


def _spelled(text: str) -> str:
    """JSON with letters instead of escapes; what must or had better be escaped stays so."""
    return _ESCAPE.sub(lambda found: _letter(found.group()), text) if "\\u" in text else text


def _letter(escape: str) -> str:
    if escape[1] != "u":
        return escape
    try:
        letter = msgspec.json.decode(f'"{escape}"', type=str)
    except msgspec.DecodeError:  # half of a pair
        return escape
    return letter if letter.isprintable() and letter not in '"\\' else escape


def _moment(text: str) -> str:
    """An epoch time in seconds, milliseconds, … as ISO 8601; other text as it is."""
    try:
        number = float(text)
    except ValueError:
        return text
    for scale in (1, 1e3, 1e6, 1e9):
        if 1e9 <= number / scale < 1e10:
            moment = datetime.fromtimestamp(number / scale, UTC)
            return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return text
