"""The forms of a line: as it was sent, in short if it is structured, or all that it has."""

import re
from collections.abc import Iterator

from nodion_tui.monitor.log import json_lines as logjson
from nodion_tui.monitor.log.level import LogLevel, detect_level
from nodion_tui.ui.log.render.line_text import LineSegment, LineText, TextRole, states

_HEAD = 400
"""Columns in which a level is looked for."""

_MOST_ROWS = 1000
"""Rows of an expanded line at most."""

_KEY = re.compile(r'( *"(?:[^"\\]|\\.)*": )')

_ROLES = {
    logjson.JsonRole.TIME: TextRole.FAINT,
    logjson.JsonRole.LEVEL: TextRole.LEVEL,
    logjson.JsonRole.MESSAGE: TextRole.TEXT,
    logjson.JsonRole.KEY: TextRole.KEY,
    logjson.JsonRole.VALUE: TextRole.VALUE,
}


def usual(body: str, *, pretty: bool) -> tuple[LineText, TextRole]:
    """A line on one row, and the role of what brings no colour of its own."""
    structured = logjson.parse_json_line(body) if pretty else None
    if structured is not None:
        return LineText.of(_short(structured)), _role(structured.severity)
    line = LineText(body)
    return line, _role(detect_level(line.text(0, _HEAD)))


def has_more(body: str) -> bool:
    """Whether `whole` shows more of a line than one row does."""
    return logjson.parse_json_line(body) is not None or len(states(body, _MOST_ROWS)) > 1


def whole(body: str) -> list[LineText]:
    """Everything that a line has, over several rows; of what has very many a part, and a word."""
    if logjson.looks_like_json(body):
        texts = logjson.pretty(body)
        rows = [LineText.of(_field(text)) for text in texts[:_MOST_ROWS]]
        return rows + _left_out(len(texts) - len(rows), "rows; as it was sent (p) all is there")
    shown = states(body, _MOST_ROWS)
    earlier = body.rstrip("\r\n").count("\r") + 1 - _MOST_ROWS
    return _left_out(earlier, "states before these") + [
        LineText(state) for state in shown or [body]
    ]


def _left_out(count: int, what: str) -> list[LineText]:
    return (
        [LineText.of([LineSegment(f"… {count:,} {what}", role=TextRole.FAINT)])]
        if count > 0
        else []
    )


def _field(text: str) -> Iterator[LineSegment]:
    """A row of an expanded JSON line: key and value, or a bracket."""
    found = _KEY.match(text)
    if found is not None:
        yield LineSegment(found[1], role=TextRole.KEY)
        text = text[found.end() :]
    yield LineSegment(text, role=TextRole.VALUE if text.strip(" {}[],") else TextRole.FAINT)


def _short(line: logjson.JsonLine) -> Iterator[LineSegment]:
    before = ""
    for role, text in line.tokens():
        yield LineSegment(f"{before}{text}", role=_ROLES[role])
        before = "=" if role is logjson.JsonRole.KEY else " "


def _role(level: LogLevel | None) -> TextRole:
    if level is None or level < LogLevel.WARN:
        return TextRole.TEXT
    return TextRole.WARNING if level < LogLevel.ERROR else TextRole.ERROR
