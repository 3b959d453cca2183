"""Judges the level of a log line: for its colour, for jumps to errors and for filters."""

import re

from nodion_tui.monitor.log.level import LogLevel, parse_level, parse_level_number
from nodion_tui.monitor.log.levels.failures import (
    begins_with_failure,
    begins_with_warning,
    contains_failure,
)
from nodion_tui.monitor.log.levels.letters import level_of_letter
from nodion_tui.monitor.log.levels.own_level import find_own_level
from nodion_tui.monitor.log.line_start import content_start
from nodion_tui.monitor.log.structured.level_field import json_level
from nodion_tui.monitor.log.structured.members import MAX_LENGTH

_EXAMINED_CHARACTERS = 400
"""Characters examined: a level stands near the beginning of a line."""

_JSON_START = re.compile(r"\{\s*[\"}]")
_BROKEN_JSON = re.compile(
    r'"(?:level|lvl|severity|log_?level|levelname|log\.level|@level|@l|severity_?text)"\s*:\s*'
    r'(?:"([A-Za-z]+)"|(\d{1,5})\b)',
    re.IGNORECASE | re.ASCII,
)


def detect_level(text: str) -> LogLevel | None:
    """The level of a line.

    Args:
        text: the line without color escapes (`segment_text.body_text`).

    Returns:
        None if no level is recognized, or a structured line has none.
    """
    text = text[: MAX_LENGTH + 1].lstrip("\ufeff")
    head = text[:_EXAMINED_CHARACTERS]
    content = content_start(head)
    if _JSON_START.match(head, content):
        return _structured_level(text[content:])
    return _plain_level(head, content)


def _structured_level(text: str) -> LogLevel | None:
    is_json, level = json_level(text)
    if is_json:
        return level
    if match := _BROKEN_JSON.search(text):
        return parse_level(match[1]) if match[1] else parse_level_number(match[2])
    return None


def _plain_level(head: str, content: int) -> LogLevel | None:
    """What stands first counts: a logger's level, or the beginning of a failure."""
    if (level := level_of_letter(head, content)) is not None:
        return level
    lower = head.lower()
    own = find_own_level(head, content)
    if own is None or own.start > content or own.level > LogLevel.INFO:
        if begins_with_failure(head, lower, content):
            return LogLevel.ERROR
        if begins_with_warning(head, lower, content):
            return LogLevel.WARN
    if own is not None:
        return own.level
    return LogLevel.ERROR if contains_failure(head, lower) else None
