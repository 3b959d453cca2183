"""Finds the level that a structured line's logger wrote, wherever it is in the object."""

import re
from collections.abc import Iterable, Mapping, Sequence

from nodion_tui.monitor.log.level import LogLevel, NumberScale, parse_level, parse_level_number
from nodion_tui.monitor.log.structured.members import Member, split_members

_NAMED = (
    *("level", "severity", "lvl", "levelname", "loglevel", "severitytext", "loglevelname"),
    *("logseverity", "syslogseverityname", "syslogseverity", "severitylabel"),
)
_SHORT = ("l", "s", "sev")
"""Keys of Serilog, zap and MongoDB: too short to count if the value is no level's name."""
_NUMBERED = {
    "level": NumberScale.GENERAL,
    "severity": NumberScale.GOOGLE,
    "lvl": NumberScale.GENERAL,
    "loglevel": NumberScale.GENERAL,
    "levelvalue": NumberScale.GENERAL,
    "levelno": NumberScale.PYTHON,
    "levelnumber": NumberScale.PYTHON,
    "severitynumber": NumberScale.OPEN_TELEMETRY,
    "PRIORITY": NumberScale.SYSLOG,
    "sysloglevel": NumberScale.SYSLOG,
    "syslogseverity": NumberScale.SYSLOG,
    "syslogseveritycode": NumberScale.SYSLOG,
}
_STATUS = "status"
"""Datadog's key; other programs write a result there, so it comes last, and stays a field."""
_OF_A_LEVEL = {"code": "syslogseveritycode", "no": "levelno"}
"""Keys of a number in an object that is a level (ECS, loguru) → the key of the same meaning."""
_PARENTS = frozenset(
    (
        *("log", "record", "level", "severity", "syslog", "event", "fields", "entry", "meta"),
        *("metadata", "attributes", "jsonpayload", "message"),
    )
)
"""Objects in which loggers nest the level: ECS, loguru, cargo, Google and others."""
_NESTING = 4
"""Objects searched inside each other, the line itself included."""

_SEPARATORS = re.compile(r"[\W_]+")
_LETTERS = {
    "F": LogLevel.FATAL,
    "E": LogLevel.ERROR,
    "W": LogLevel.WARN,
    "I": LogLevel.INFO,
    **{f"D{verbosity or ''}": LogLevel.DEBUG for verbosity in range(6)},
}
"""MongoDB's levels."""


def plain_key(key: str) -> str:
    """A key in lower case without separators: `@Log.Level` is `loglevel`.

    The journal's `PRIORITY` stays: a `priority` is a task's.
    """
    if key == "PRIORITY":
        return key
    return _SEPARATORS.sub("", key).lower()


def json_level(body: str) -> tuple[bool, LogLevel | None]:
    """Whether a line is a JSON object, and its level: its own, or else one in an object in it."""
    members = split_members(body)
    if members is None:
        return False, None
    own = level_member(members)
    return True, own[1] if own else _level_beside(members)


def level_member(members: Iterable[Member]) -> tuple[Member, LogLevel] | None:
    """The member of the line itself that names its level, names before numbers."""
    keyed: dict[str, Member] = {}
    for member in members:
        if isinstance(member.value, str) and member.value:
            keyed.setdefault(plain_key(member.key), member)
    for key in (*_NAMED, *_SHORT):
        if (named := keyed.get(key)) and (level := _named_level(key, str(named.value))):
            return named, level
    for key in _NUMBERED:
        if (numbered := keyed.get(key)) and (level := _numbered_level(key, str(numbered.value))):
            return numbered, level
    return None


def _level_beside(members: Sequence[Member]) -> LogLevel | None:
    """The level of a line that does not name its own: in an object inside it, or its status."""
    if level := _nested_level(members):
        return level
    for member in members:
        if plain_key(member.key) == _STATUS and isinstance(member.value, str):
            level = parse_level(member.value)
            return level if level and level >= LogLevel.WARN else None
    return None


def _nested_level(members: Iterable[Member]) -> LogLevel | None:
    """The level in an object inside the line, nearest first."""
    objects = [
        (plain_key(member.key), member.value)
        for member in members
        if isinstance(member.value, Mapping)
    ]
    for _ in range(_NESTING - 1):
        inner: list[tuple[str, Mapping[str, object]]] = []
        for parent, fields in objects:
            if parent not in _PARENTS or not isinstance(fields, Mapping):
                continue
            if level := _level_of_object(parent, fields):
                return level
            inner += [
                (plain_key(key), value)
                for key, value in fields.items()
                if isinstance(value, Mapping)
            ]
        objects = [*inner]
    return None


def _level_of_object(parent: str, fields: Mapping[str, object]) -> LogLevel | None:
    """The level in an object; `level.name` and `severity.code` are levels too."""
    texts = [(plain_key(key), value) for key, value in fields.items() if isinstance(value, str)]
    is_level = parent in _NAMED
    for key, text in texts:
        names = key in _NAMED or (is_level and key == "name")
        if names and (level := parse_level(text)):
            return level
    for key, text in texts:
        scale_key = _OF_A_LEVEL.get(key, key) if is_level else key
        if level := _numbered_level(scale_key, text):
            return level
    return None


def _named_level(key: str, text: str) -> LogLevel | None:
    return _LETTERS.get(text) if key == "s" and text in _LETTERS else parse_level(text)


def _numbered_level(key: str, text: str) -> LogLevel | None:
    scale = _NUMBERED.get(key)
    return parse_level_number(text, scale) if scale else None
