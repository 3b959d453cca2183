"""Forms of a line: as sent, abbreviated if structured, or expanded over several rows."""

import re
from collections.abc import Iterator

from nodion_tui.monitor.log.level import LogLevel
from nodion_tui.monitor.log.levels.judge import detect_level
from nodion_tui.monitor.log.line.pen import Pen
from nodion_tui.monitor.log.line.reader import read_line, shown_text
from nodion_tui.monitor.log.line.states import line_states
from nodion_tui.monitor.log.structured import json_lines as logjson
from nodion_tui.monitor.log.structured.formatted import pretty as pretty_rows
from nodion_tui.monitor.log.structured.members import (
    MAX_LENGTH,
    looks_like_json,
    split_members,
    split_prefix,
)
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole

_LEVEL_CHARACTERS = 16_384
"""Characters of a line that are searched for its level; of a structured one, all of it."""

_LEVEL_WIDTH = len("warning")
"""Columns of a level, so that messages are aligned; the few longer ones exceed it."""

_CLOCK = re.compile(r"\d:\d\d")
"""A time in what stands before a structured line, whose own time is left out then."""

_MAX_ROWS = 1000
"""Maximum number of rows of an expanded line."""

_KEY = re.compile(r'( *"(?:[^"\\]|\\.)*": )')

_ROLES = {
    logjson.JsonRole.TIME: TextRole.FAINT,
    logjson.JsonRole.LEVEL: TextRole.LEVEL,
    logjson.JsonRole.MESSAGE: TextRole.TEXT,
    logjson.JsonRole.KEY: TextRole.KEY,
    logjson.JsonRole.VALUE: TextRole.VALUE,
}


def one_row_form(
    body: str, pen: Pen, *, pretty: bool, timed: bool = False
) -> tuple[LineText, TextRole]:
    """A line on one row, and the role of its uncoloured text.

    Args:
        body: as sent.
        pen: in force at its beginning.
        pretty: whether a structured line is abbreviated.
        timed: whether the time stands before the line anyway, and is left out of such a one.
    """
    prefix, text = _structured_text(body)
    line = LineText(body, pen)
    is_long = looks_like_json(text) and len(text) > _LEVEL_CHARACTERS
    role = _role(detect_level(line.head(MAX_LENGTH + 1 if is_long else _LEVEL_CHARACTERS)))
    structured = logjson.parse_json_line(text) if pretty else None
    if structured is not None:
        before = (LineSegment(prefix, role=TextRole.FAINT),) if prefix else ()
        is_timed = timed or _CLOCK.search(prefix) is not None
        line = LineText.from_segments((*before, *_short(structured, timed=is_timed)))
    return line, role


def is_expandable(body: str) -> bool:
    """Whether `expanded_form` shows more of a line than one row does."""
    is_structured = split_members(_structured_text(body)[1]) is not None
    return is_structured or read_line(body).overwritten


def may_be_structured(body: str) -> bool:
    """Whether a line may be shown otherwise than as sent; cheap enough for each on the screen."""
    return looks_like_json(_structured_text(body)[1])


def _structured_text(body: str) -> tuple[str, str]:
    """What stands before the JSON of a line, and where it is looked for.

    A line too long for that is returned as it is.
    """
    return split_prefix(shown_text(body)) if len(body) <= MAX_LENGTH else ("", body)


def expanded_form(body: str) -> list[LineText]:
    """A line expanded over several rows, truncated with a note if there are too many."""
    prefix, text = _structured_text(body)
    if looks_like_json(text):
        texts = pretty_rows(text)
        if prefix:
            texts[0] = f"{prefix}{texts[0]}"
        rows = [LineText.from_segments(_field(text)) for text in texts[:_MAX_ROWS]]
        return rows + _truncation_note(len(texts) - len(rows), "more rows; p shows the raw line")
    states = line_states(body) or [body]
    rows = [row for state in states[-_MAX_ROWS:] for row in _state_rows(state)]
    return _truncation_note(len(states) - _MAX_ROWS, "earlier states") + rows


def _state_rows(state: str) -> list[LineText]:
    """The rows of a state: what it shows, below what was overwritten within it."""
    line = LineText(state)
    return [LineText.verbatim(state), line] if line.overwritten else [line]


def _truncation_note(count: int, subject: str) -> list[LineText]:
    return (
        [LineText.from_segments([LineSegment(f"… {count:,} {subject}", role=TextRole.FAINT)])]
        if count > 0
        else []
    )


def _field(text: str) -> Iterator[LineSegment]:
    """A row of an expanded JSON line: key and value, or a bracket."""
    key_match = _KEY.match(text)
    if key_match is not None:
        yield LineSegment(key_match[1], role=TextRole.KEY)
        text = text[key_match.end() :]
    yield LineSegment(text, role=TextRole.VALUE if text.strip(" {}[],") else TextRole.FAINT)


def _short(line: logjson.JsonLine, *, timed: bool) -> Iterator[LineSegment]:
    before, tokens = "", [*line.tokens()]
    for role, text in tokens:
        if timed and role is logjson.JsonRole.TIME and len(tokens) > 1:
            continue
        columns = _LEVEL_WIDTH if role is logjson.JsonRole.LEVEL else 0
        yield LineSegment(f"{before}{text:<{columns}}", role=_ROLES[role])
        before = "=" if role is logjson.JsonRole.KEY else " "


def _role(level: LogLevel | None) -> TextRole:
    if level is None or level < LogLevel.WARN:
        return TextRole.TEXT
    return TextRole.WARNING if level < LogLevel.ERROR else TextRole.ERROR
